package io.quiver.gateway.http;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Refusals of one event loop that are told a little later. Whoever floods the server beside others, and comes again as
 * soon as it has been refused, costs more by its refusals than by its work; while it waits for an answer it does not
 * come on that connection. The wait is one that any caller of a full server may have, and nothing but the request's
 * head is held meanwhile.
 *
 * <p>Belongs to its event loop. Bounded: where too many are kept back, the next is told at once.
 */
final class KeptBack {
    /** Together with the time up to the refusal, it is told within 50 ms. */
    static final Duration TIME = Duration.ofMillis(40);

    static final int COUNT_MAX = 4_096;

    private static final Duration EVERY = Duration.ofMillis(5);

    private final ArrayDeque<Told> waiting = new ArrayDeque<>();
    private boolean isWalking;

    private record Told(long sinceNanos, Runnable tell) {}

    private KeptBack() {}

    /** Those of the event loop that this runs on. */
    static KeptBack of(Context eventLoop) {
        KeptBack known = eventLoop.get(KeptBack.class);
        if (known == null) {
            known = new KeptBack();
            eventLoop.put(KeptBack.class, known);
        }
        return known;
    }

    void tellLater(Context eventLoop, Runnable tell) {
        if (waiting.size() >= COUNT_MAX) {
            tell.run();
            return;
        }
        waiting.addLast(new Told(System.nanoTime(), tell));
        if (!isWalking) {
            isWalking = true;
            walkLater(eventLoop);
        }
    }

    private void walkLater(Context eventLoop) {
        eventLoop.owner().setTimer(EVERY.toMillis(), _ -> walk(eventLoop));
    }

    private void walk(Context eventLoop) {
        long before = System.nanoTime() - TIME.toNanos();
        while (!waiting.isEmpty() && waiting.getFirst().sinceNanos - before <= 0) {
            waiting.removeFirst().tell.run();
        }
        isWalking = !waiting.isEmpty();
        if (isWalking) {
            walkLater(eventLoop);
        }
    }
}
