package io.quiver.flight.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.ExplanationJson;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.QueryLimits;
import io.quiver.flight.CallTimeout;
import io.quiver.flight.FlightRights;
import io.quiver.flight.StreamGate;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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
            new ActionType(
                    "list_collections",
                    "{tenant?, database?, limit?, offset?} -> {collections: [{id, name, dimension}]}"),
            new ActionType("compact", "{collection, tenant?, database?} -> {} when everything is in segments"),
            new ActionType(
                    "stats",
                    "{collection, tenant?, database?}"
                            + " -> {id, name, dimension, count, offset, compacted_count, compacted_offset}"),
            new ActionType(
                    "explain",
                    "{collection, tenant?, database?, vector, k?, where?, where_document?, ef?, target_recall?, ...}"
                            + " -> how it is searched, segment by segment"),
            new ActionType(
                    "snapshot",
                    "{kind?: incremental or full} -> {id, kind, offset, collections, size_bytes}, of the whole server"),
            new ActionType("count", "{collection, tenant?, database?, where?, where_document?} -> {count, offset}"));

    private static final int LIST_MAX = 1_000;

    private final Catalog catalog;
    private final FlightRights rights;
    private final QueryExecutor executor;
    private final Maintenance maintenance;
    private final QueryLimits limits;
    private final Duration timeout;

    Actions(
            Catalog catalog,
            FlightRights rights,
            QueryExecutor executor,
            Maintenance maintenance,
            QueryLimits limits,
            Duration timeout) {
        this.catalog = catalog;
        this.rights = rights;
        this.executor = rights.narrowed(executor);
        this.maintenance = maintenance;
        this.limits = limits;
        this.timeout = timeout;
    }

    byte[] run(Action action, StreamGate gate) {
        return Command.write(
                switch (action.getType()) {
                    case "create_collection" -> create(action.getBody(), gate);
                    case "drop_collection" -> drop(action.getBody(), gate);
                    case "list_collections" -> list(action.getBody(), gate);
                    case "compact" -> compact(action.getBody(), gate);
                    case "snapshot" -> snapshot(action.getBody(), gate);
                    case "stats" -> stats(action.getBody(), gate);
                    case "explain" -> explain(action.getBody(), gate);
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
        requireIn("create_collection", command);
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
        Collection dropped =
                gate.await(collections("drop_collection").find(Command.read(body, "collection", "tenant", "database")));
        gate.await(catalog.deleteCollection(dropped.tenant(), dropped.database(), dropped.name())
                .thenReturn(true));
        return object();
    }

    private ObjectNode count(byte[] body, StreamGate gate) {
        Command command = Command.read(
                body, "collection", "tenant", "database", "where", "where_document", "consistency", "min_offset");
        Hits hits = count(
                gate.await(collections("count").find(command)),
                command.filter(limits),
                Search.consistency(command),
                gate);
        return object().put("count", hits.total()).put("offset", hits.offset().value());
    }

    private ObjectNode list(byte[] body, StreamGate gate) {
        Command command = Command.read(body, "tenant", "database", "limit", "offset");
        requireIn("list_collections", command);
        List<Collection> found = gate.await(catalog.collections(
                command.text("tenant", Tenant.DEFAULT),
                command.text("database", Database.DEFAULT),
                (int) command.number("limit", LIST_MAX, 1, LIST_MAX),
                (int) command.number("offset", 0, 0, Integer.MAX_VALUE)));
        ObjectNode answer = object();
        ArrayNode listed = answer.putArray("collections");
        found.forEach(collection -> describe(listed.addObject(), collection));
        return answer;
    }

    private ObjectNode compact(byte[] body, StreamGate gate) {
        Collection collection =
                gate.await(collections("compact").find(Command.read(body, "collection", "tenant", "database")));
        gate.await(maintenance.compact(collection.id()).thenReturn(true));
        return object();
    }

    private ObjectNode snapshot(byte[] body, StreamGate gate) {
        rights.require("snapshot", Tenant.DEFAULT, Database.DEFAULT);
        Maintenance.Snapshot taken = gate.await(maintenance.snapshot(isFull(Command.read(body, "kind"))));
        return object().put("id", taken.id())
                .put("kind", taken.isFull() ? "full" : "incremental")
                .put("offset", taken.offset().value())
                .put("collections", taken.collections())
                .put("size_bytes", taken.sizeBytes());
    }

    private static boolean isFull(Command command) {
        String kind = command.text("kind", "incremental");
        return switch (kind) {
            case "incremental" -> false;
            case "full" -> true;
            default -> throw QuiverException.invalid("'kind' must be incremental or full, not '%s'".formatted(kind));
        };
    }

    private ObjectNode stats(byte[] body, StreamGate gate) {
        Collection collection =
                gate.await(collections("stats").find(Command.read(body, "collection", "tenant", "database")));
        Hits all = count(collection, Filter.ALL, Consistency.STRONG, gate);
        Hits compacted = count(collection, Filter.ALL, new Consistency.IndexOnly(), gate);
        return describe(object(), collection)
                .put("count", all.total())
                .put("offset", all.offset().value())
                .put("compacted_count", compacted.total())
                .put("compacted_offset", compacted.offset().value());
    }

    private ObjectNode explain(byte[] body, StreamGate gate) {
        Command command = Command.readAny(body);
        command.allow(Stream.concat(Stream.of(Search.FIELDS), Stream.of(BulkSearch.VECTOR))
                .toArray(String[]::new));
        Search search = Search.of(gate.await(collections("explain").find(command)), command, limits, timeout);
        Query query = search.query(command.vector(BulkSearch.VECTOR), Deadline.after(search.timeout()))
                .explained();
        Hits hits = gate.await(executor.execute(List.of(query))).getFirst();
        try (TokenBuffer json = new TokenBuffer(Command.JSON, false)) {
            json.writeStartObject();
            ExplanationJson.write(json, hits);
            json.writeEndObject();
            return Command.JSON.readTree(json.asParser());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Hits count(Collection collection, Filter filter, Consistency consistency, StreamGate gate) {
        Query count =
                new Query.Count(collection.id(), filter, consistency, Deadline.after(CallTimeout.current(timeout)));
        Hits hits = gate.await(executor.execute(List.of(count))).getFirst();
        if (hits.partial()) {
            throw new QuiverException(ErrorCode.DEADLINE_EXCEEDED, "counting took longer than " + timeout);
        }
        return hits;
    }

    private static ObjectNode describe(ObjectNode out, Collection collection) {
        return out.put("id", collection.id().toString())
                .put("name", collection.name())
                .put("dimension", collection.dimension());
    }

    private CollectionFinder collections(String action) {
        return new CollectionFinder(catalog, rights, action);
    }

    private void requireIn(String action, Command command) {
        rights.require(action, command.text("tenant", Tenant.DEFAULT), command.text("database", Database.DEFAULT));
    }

    private static @Nullable Metadata metadata(@Nullable JsonNode object) {
        return object == null ? null : MetadataText.read(object.toString());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
