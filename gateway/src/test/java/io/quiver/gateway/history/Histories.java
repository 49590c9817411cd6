package io.quiver.gateway.history;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What all clients were told of each group. Safe on every thread. */
final class Histories {
    private final Map<Integer, Collection<Event>> events = new ConcurrentHashMap<>();
    private final AtomicInteger versions = new AtomicInteger();

    /** A version that nobody has written. */
    int nextVersion() {
        return versions.incrementAndGet();
    }

    void note(int group, Event event) {
        events.computeIfAbsent(group, _ -> new ConcurrentLinkedQueue<>()).add(event);
    }

    Set<Integer> groups() {
        return events.keySet();
    }

    List<Event> of(int group) {
        return List.copyOf(events.get(group));
    }

    long size() {
        return events.values().stream().mapToLong(Collection::size).sum();
    }

    /** Writes that were answered with an error, or not at all. */
    long doubtful() {
        return events.values().stream()
                .flatMap(Collection::stream)
                .filter(event -> !event.isCertain())
                .count();
    }
}
