package io.quiver.executor.watch;

import reactor.core.publisher.Flux;

/** Where standing queries are asked. Safe on every thread and never blocking. */
public interface Watches {
    /**
     * First {@link WatchEvent.Current}, or {@link WatchEvent.Resumed} where the query says what is known already and
     * the changes since are at hand, or {@link WatchEvent.Reset} where they are not; then each change once, in the
     * order of the log, until cancelled. Honours demand: who lags behind by more than {@link Watcher#EVENTS_MAX} events
     * gets a {@code Reset} when it goes on. Fails as a query would, and with {@code NOT_FOUND} when the collection is
     * dropped.
     */
    Flux<WatchEvent> watch(StandingQuery query);
}
