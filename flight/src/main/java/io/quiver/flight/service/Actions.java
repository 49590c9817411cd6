package io.quiver.flight.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.flight.StreamGate;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.jspecify.annotations.Nullable;

/** What {@code DoAction} does; bodies and results are JSON objects. */
final class Actions {
    static final List<ActionType> TYPES = List.of(
            new ActionType(
                    "create_collection",
                    "{name, tenant?, database?, configuration?, schema?, metadata?, get_or_create?} -> {id, name}"),
            new ActionType("drop_collection", "{collection, tenant?, database?} -> {}"),
            new ActionType("count", "{collection, tenant?, database?, where?, where_document?} -> {count, offset}"));

    private final Catalog catalog;
    private final CollectionFinder collections;
    private final QueryExecutor executor;
    private final Duration timeout;

    Actions(Catalog catalog, CollectionFinder collections, QueryExecutor executor, Duration timeout) {
        this.catalog = catalog;
        this.collections = collections;
        this.executor = executor;
        this.timeout = timeout;
    }

    byte[] run(Action action, StreamGate gate) {
        return Command.write(
                switch (action.getType()) {
                    case "create_collection" -> create(action.getBody(), gate);
                    case "drop_collection" -> drop(action.getBody(), gate);
                    case "count" -> count(action.getBody(), gate);
                    default ->
                        throw new QuiverException(
                                ErrorCode.UNIMPLEMENTED,
                                "unknown action '%s'; there are %s"
                                        .formatted(
                                                action.getType(),
                                                TYPES.stream()
                                                        .map(ActionType::getType)
                                                        .toList()));
                });
    }

    private ObjectNode create(byte[] body, StreamGate gate) {
        Command command = Command.read(
                body, "name", "tenant", "database", "configuration", "schema", "metadata", "get_or_create");
        NewCollection wanted = NewCollection.read(
                command.text("tenant", Tenant.DEFAULT),
                command.text("database", Database.DEFAULT),
                command.text("name", ""),
                command.node("configuration"),
                command.node("schema"),
                metadata(command.node("metadata")));
        Collection created = gate.await(catalog.createCollection(wanted, command.flag("get_or_create")));
        return object().put("id", created.id().toString()).put("name", created.name());
    }

    private ObjectNode drop(byte[] body, StreamGate gate) {
        Collection dropped = gate.await(collections.find(Command.read(body, "collection", "tenant", "database")));
        gate.await(catalog.deleteCollection(dropped.tenant(), dropped.database(), dropped.name())
                .thenReturn(true));
        return object();
    }

    private ObjectNode count(byte[] body, StreamGate gate) {
        Command command = Command.read(body, "collection", "tenant", "database", "where", "where_document");
        Query count = new Query.Count(
                gate.await(collections.find(command)).id(),
                command.filter(),
                Consistency.STRONG,
                Deadline.after(timeout));
        Hits hits = gate.await(executor.execute(List.of(count))).getFirst();
        if (hits.partial()) {
            throw new QuiverException(ErrorCode.DEADLINE_EXCEEDED, "counting took longer than " + timeout);
        }
        return object().put("count", hits.total()).put("offset", hits.offset().value());
    }

    private static @Nullable Metadata metadata(@Nullable JsonNode object) {
        return object == null ? null : MetadataText.read(object.toString());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
