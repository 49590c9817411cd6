package io.quiver.flight.service;

import io.quiver.flight.FlightRights;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.List;
import org.apache.arrow.flight.FlightDescriptor;
import reactor.core.publisher.Mono;

/**
 * Finds the collection that a descriptor, ticket or action names: by name, or by its id. One that the caller may not
 * use is one that does not exist.
 */
final class CollectionFinder {
    private final Catalog catalog;
    private final FlightRights rights;
    private final String operation;

    /** @param operation for which the collection is wanted */
    CollectionFinder(Catalog catalog, FlightRights rights, String operation) {
        this.catalog = catalog;
        this.rights = rights;
        this.operation = operation;
    }

    /** Path {@code [tenant, database, collection]}, the first two of which may be left out. */
    Mono<Collection> find(List<String> path) {
        return switch (path.size()) {
            case 1 -> find(Tenant.DEFAULT, Database.DEFAULT, path.get(0));
            case 2 -> find(Tenant.DEFAULT, path.get(0), path.get(1));
            case 3 -> find(path.get(0), path.get(1), path.get(2));
            default ->
                Mono.error(QuiverException.invalid(
                        "a path must be [tenant, database, collection], not %s".formatted(path)));
        };
    }

    /** Fields {@code collection}, {@code tenant} and {@code database}. */
    Mono<Collection> find(Command command) {
        String name = command.text("collection");
        if (name == null) {
            return Mono.error(QuiverException.invalid("'collection' must name a collection"));
        }
        return find(command.text("tenant", Tenant.DEFAULT), command.text("database", Database.DEFAULT), name);
    }

    Mono<Collection> find(FlightDescriptor descriptor) {
        return descriptor.isCommand()
                ? find(Command.read(descriptor.getCommand(), "tenant", "database", "collection"))
                : find(descriptor.getPath());
    }

    /** The collection as it is now. */
    Mono<Collection> find(Collection known) {
        return catalog.collection(known.id());
    }

    private Mono<Collection> find(String tenant, String database, String nameOrId) {
        rights.require(operation, tenant, database);
        Mono<Collection> byName = catalog.collection(tenant, database, nameOrId)
                .filter(this::isReached)
                .switchIfEmpty(Mono.error(
                        () -> QuiverException.notFound("Collection [%s] does not exist".formatted(nameOrId))));
        if (!isId(nameOrId)) {
            return byName;
        }
        return catalog.collection(CollectionId.parse(nameOrId))
                .filter(found ->
                        found.tenant().equals(tenant) && found.database().equals(database))
                .filter(this::isReached)
                .onErrorResume(
                        QuiverException.class,
                        refusal -> refusal.code() == ErrorCode.NOT_FOUND ? Mono.empty() : Mono.error(refusal))
                .switchIfEmpty(byName);
    }

    private boolean isReached(Collection collection) {
        return rights.reaches(operation, collection);
    }

    private static boolean isId(String text) {
        try {
            CollectionId.parse(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
