package io.quiver.flight.link;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Counts the messages that were sent and not yet answered in full. A message that takes long gives its place back, so
 * that one slow query does not hold up the link. Safe on every thread.
 */
final class MessagesUnderWay {
    /** A message older than this no longer counts. */
    static final Duration SLOW = Duration.ofMillis(100);

    private final int max;
    private final Deque<Message> young = new ArrayDeque<>();

    MessagesUnderWay(int max) {
        this.max = max;
    }

    synchronized boolean mayStart() {
        long slow = System.nanoTime() - SLOW.toNanos();
        while (!young.isEmpty() && young.getFirst().sentNanos - slow < 0) {
            young.removeFirst();
        }
        return young.size() < max;
    }

    /** A message about to be sent; it counts from its first request on. */
    Message start() {
        return new Message();
    }

    private synchronized void change(Message message, int difference) {
        if (message.unanswered == 0) {
            young.addLast(message);
        }
        message.unanswered += difference;
        if (message.unanswered == 0) {
            young.remove(message);
        }
    }

    /** One message; counts the requests in it that have no answer. */
    final class Message {
        private final long sentNanos = System.nanoTime();
        private int unanswered;

        void add() {
            change(this, 1);
        }

        void answered() {
            change(this, -1);
        }
    }
}
