package io.quiver.gateway.http;

import io.quiver.gateway.auth.Access;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.QuiverException;
import reactor.core.publisher.Mono;

/** Finds the collection that a path names by its id. One of another tenant or database is one that does not exist. */
final class CollectionFinder {
    private final Catalog catalog;

    CollectionFinder(Catalog catalog) {
        this.catalog = catalog;
    }

    /** By the path's parameters: tenant, database, id. */
    Mono<Collection> byId(Exchange exchange) {
        return byId(exchange, exchange.tenant());
    }

    /** Of a tenant that the path names in its own way. */
    Mono<Collection> byId(Exchange exchange, String tenant) {
        return byId(exchange, tenant, exchange.access());
    }

    /** For a caller who has said only later who they are. */
    Mono<Collection> byId(Exchange exchange, Access access) {
        return byId(exchange, exchange.tenant(), access);
    }

    private Mono<Collection> byId(Exchange exchange, String tenant, Access access) {
        CollectionId id = id(exchange.parameter(2));
        return catalog.collection(id).map(collection -> {
            if (!collection.tenant().equals(tenant)
                    || !collection.database().equals(exchange.parameter(1))
                    || !access.reaches(collection)) {
                throw QuiverException.notFound("Collection [%s] does not exist.".formatted(id));
            }
            return collection;
        });
    }

    private static CollectionId id(String text) {
        try {
            return CollectionId.parse(text);
        } catch (IllegalArgumentException e) {
            throw QuiverException.invalid("Collection ID is not a valid UUIDv4");
        }
    }
}
