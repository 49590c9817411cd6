package io.quiver.flight.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.flight.FlightRights;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.Tenant;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.vector.types.pojo.Schema;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Collections as Flight knows them: a schema, a number of records, a ticket for all of them. */
final class Listing {
    private static final long UNKNOWN = -1;
    private static final int PAGE = 1_000;

    private final Catalog catalog;
    private final QueryExecutor executor;
    private final FlightRights rights;
    private final Duration timeout;

    Listing(Catalog catalog, QueryExecutor executor, FlightRights rights, Duration timeout) {
        this.catalog = catalog;
        this.executor = rights.narrowed(executor);
        this.rights = rights;
        this.timeout = timeout;
    }

    /** Every collection, or those of the database that {@code criteria} names, as far as the caller may see them. */
    Flux<FlightInfo> all(byte[] criteria, Location location) {
        Mono<List<Collection>> listed = criteria.length == 0 ? catalog.allCollections() : named(criteria);
        return listed.flatMapIterable(collections -> collections)
                .filter(collection -> rights.reaches(QuiverProducer.LIST, collection))
                .concatMap(collection -> info(collection, path(collection), location), 1);
    }

    /** One collection; the number of records is unknown where it cannot be had. */
    Mono<FlightInfo> info(Collection collection, FlightDescriptor descriptor, Location location) {
        Query count = new Query.Count(collection.id(), Filter.ALL, Consistency.STRONG, Deadline.after(timeout));
        return executor.execute(List.of(count))
                .map(List::getFirst)
                .map(hits -> hits.partial() ? UNKNOWN : hits.total())
                .onErrorReturn(UNKNOWN)
                .map(records -> info(collection, descriptor, location, records));
    }

    private Mono<List<Collection>> named(byte[] criteria) {
        Command command = Command.read(criteria, "tenant", "database");
        String tenant = command.text("tenant", Tenant.DEFAULT);
        String database = command.text("database", Database.DEFAULT);
        rights.require(QuiverProducer.LIST, tenant, database);
        return Flux.range(0, Integer.MAX_VALUE / PAGE)
                .concatMap(page -> catalog.collections(tenant, database, PAGE, page * PAGE), 1)
                .takeUntil(page -> page.size() < PAGE)
                .flatMapIterable(page -> page)
                .collectList();
    }

    private static FlightInfo info(
            Collection collection, FlightDescriptor descriptor, Location location, long records) {
        return FlightInfo.builder(
                        schema(collection), descriptor, List.of(new FlightEndpoint(ticket(collection), location)))
                .setRecords(records)
                .setOrdered(true)
                .build();
    }

    private static Schema schema(Collection collection) {
        return BatchStream.schema(new RecordColumns(Projection.EVERYTHING, collection.dimension()).columns());
    }

    private static Ticket ticket(Collection collection) {
        return new Ticket(Command.write(JsonNodeFactory.instance
                .objectNode()
                .put("tenant", collection.tenant())
                .put("database", collection.database())
                .put("collection", collection.id().toString())));
    }

    private static FlightDescriptor path(Collection collection) {
        return FlightDescriptor.path(collection.tenant(), collection.database(), collection.name());
    }
}
