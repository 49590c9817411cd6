package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.watch.Neighbour;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.executor.watch.WatchEvent;
import io.quiver.executor.watch.Watches;
import io.quiver.log.record.LogOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Somebody who watches, and keeps the answer up to date by what it is told; loses its connection and comes again. */
final class ModelWatcher {
    private final Watches watches;
    private final StandingQuery query;
    private final boolean isChecked;
    private final List<WatchEvent> events = new ArrayList<>();
    private final Map<String, Float> nearest = new TreeMap<>();
    private @Nullable LogOffset known;
    private @Nullable Throwable failure;
    private @Nullable Disposable connection;
    private @Nullable Connection current;
    private boolean hasBegun;

    private static final class Connection {}

    /** @param isChecked whether it remembers all events, and not only the last one */
    ModelWatcher(Watches watches, StandingQuery query, boolean isChecked) {
        this.watches = watches;
        this.query = query;
        this.isChecked = isChecked;
    }

    StandingQuery query() {
        return query;
    }

    synchronized void connect() {
        if (connection == null) {
            StandingQuery resumed =
                    new StandingQuery(query.collection(), query.embedding(), query.k(), query.filter(), known);
            Connection fresh = new Connection();
            hasBegun = false;
            current = fresh;
            connection = watches.watch(resumed).subscribe(event -> take(fresh, event), this::fail);
        }
    }

    synchronized void disconnect() {
        current = null;
        if (connection != null) {
            connection.dispose();
            connection = null;
        }
    }

    private synchronized void fail(Throwable why) {
        failure = why;
    }

    /** What comes over a connection that was lost has not come. */
    private synchronized void take(Connection from, WatchEvent event) {
        if (from != current) {
            return;
        }
        try {
            take(event);
        } catch (AssertionError wrong) {
            failure = wrong;
        }
    }

    private void take(WatchEvent event) {
        if (!isChecked) {
            events.clear();
        }
        events.add(event);
        hasBegun = true;
        switch (event) {
            case WatchEvent.Current(var offset, var answer) -> begin(offset, answer);
            case WatchEvent.Reset(var offset, var answer) -> begin(offset, answer);
            case WatchEvent.Resumed(var offset) -> assertEquals(known, offset);
            case WatchEvent.Changed changed -> change(changed);
        }
    }

    private void begin(LogOffset offset, List<Neighbour> answer) {
        known = offset;
        nearest.clear();
        answer.forEach(neighbour -> nearest.put(neighbour.id(), neighbour.distance()));
    }

    private void change(WatchEvent.Changed changed) {
        assertTrue(known != null && changed.offset().isAfter(known), () -> changed + " after " + known);
        known = changed.offset();
        changed.left().forEach(left -> assertTrue(nearest.remove(left.id()) != null, () -> changed + " of " + nearest));
        changed.entered()
                .forEach(entered -> assertNotEquals(
                        nearest.put(entered.id(), entered.distance()), entered.distance(), changed::toString));
        assertTrue(nearest.size() <= query.k(), () -> changed + " makes " + nearest);
    }

    /** All events so far. */
    synchronized List<WatchEvent> events() {
        requireNoFailure();
        return List.copyOf(events);
    }

    private void requireNoFailure() {
        if (failure != null) {
            throw new AssertionError(query.toString(), failure);
        }
    }

    /** The answer as far as it is known. */
    synchronized Map<String, Float> nearest() {
        requireNoFailure();
        return Map.copyOf(nearest);
    }

    /** Whether the answer that a connection begins with has come; true where there is no connection. */
    synchronized boolean hasBegun() {
        requireNoFailure();
        return connection == null || hasBegun;
    }

    synchronized boolean isConnected() {
        return connection != null;
    }
}
