package io.quiver.flight.service;

import io.quiver.log.catalog.Collection;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import java.util.List;
import reactor.core.publisher.Mono;

/** The way of a write: completes with its offset when it is durable and visible, refuses what the collection cannot hold. */
@FunctionalInterface
public interface BatchWriter {
    Mono<LogOffset> write(Collection collection, List<Operation> operations);
}
