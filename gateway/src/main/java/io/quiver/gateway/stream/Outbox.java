package io.quiver.gateway.stream;

import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has to send: answers, each of which needs a credit of the caller's, and everything else, which
 * goes before them. Nothing is handed to the socket while its own queue is full.
 *
 * <p>Belongs to the connection's event loop.
 */
final class Outbox {
    /** What the socket may hold: enough to keep it busy until the next turn of the event loop. */
    private static final int SOCKET_BYTES = 64 * 1024;

    /** What is sent in one turn of the event loop, at least one message. */
    private static final long TURN_BYTES = 64 * 1024;

    private final Context eventLoop;
    private final ServerWebSocket socket;
    private final Runnable onRoom;
    private final Queue<Waiting> replies = new ArrayDeque<>();
    private final Queue<Waiting> answers = new ArrayDeque<>();
    private int credit;
    private long bytes;
    private long unsentBytes;
    private boolean isSending;
    private long movedNanos = System.nanoTime();

    /** @param whenSent runs when it has been handed to the socket */
    private record Waiting(Outgoing message, Runnable whenSent) {}

    /** @param onRoom runs when something has left */
    Outbox(Context eventLoop, ServerWebSocket socket, int credit, Runnable onRoom) {
        this.eventLoop = eventLoop;
        this.socket = socket;
        this.credit = credit;
        this.onRoom = onRoom;
        socket.setWriteQueueMaxSize(SOCKET_BYTES);
        socket.drainHandler(_ -> drain());
    }

    /** Bytes that wait here, about. */
    long bytes() {
        return bytes;
    }

    void grant(int more) {
        credit = (int) Math.min(StreamSettings.CREDIT_MAX, (long) credit + more);
        drain();
    }

    /** For small messages. */
    void reply(String text) {
        add(replies, new Waiting(new Outgoing.Text(text), () -> {}));
    }

    void answer(Outgoing message, Runnable whenSent) {
        add(answers, new Waiting(message, whenSent));
    }

    private void add(Queue<Waiting> queue, Waiting waiting) {
        queue.add(waiting);
        bytes += waiting.message.length();
        drain();
    }

    private void drain() {
        if (isSending) {
            return;
        }
        isSending = true;
        long before = bytes;
        Waiting next = next();
        while (next != null) {
            send(next);
            next = before - bytes < TURN_BYTES ? next() : later();
        }
        isSending = false;
        if (bytes < before) {
            onRoom.run();
        }
    }

    /** Others have their turn of the event loop before more is sent. */
    private @Nullable Waiting later() {
        eventLoop.runOnContext(_ -> drain());
        return null;
    }

    private @Nullable Waiting next() {
        if (socket.isClosed() || socket.writeQueueFull()) {
            return null;
        }
        if (!replies.isEmpty()) {
            return replies.poll();
        }
        if (credit == 0 || answers.isEmpty()) {
            return null;
        }
        credit--;
        return answers.poll();
    }

    private void send(Waiting waiting) {
        int length = waiting.message.length();
        bytes -= length;
        if (unsentBytes == 0) {
            movedNanos = System.nanoTime();
        }
        unsentBytes += length;
        waiting.message.sendTo(socket).onComplete(_ -> sent(length));
        waiting.whenSent.run();
    }

    private void sent(int length) {
        unsentBytes -= length;
        movedNanos = System.nanoTime();
    }

    /** How long the socket has not taken anything of what it has; 0 while it has nothing. */
    long stuckNanos() {
        return unsentBytes == 0 ? 0 : System.nanoTime() - movedNanos;
    }
}
