package io.quiver.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins the frames of one connection to messages, none larger than it may be. Belongs to the connection's event loop.
 */
final class MessageReader {
    private final int bytesMax;
    private final Consumer<Incoming> onMessage;
    private final Consumer<Closing> onRefusal;
    private @Nullable Buffer begun;
    private boolean isBinary;

    /** A whole message; nobody changes its bytes any more. */
    record Incoming(byte[] bytes, boolean isBinary) {}

    MessageReader(int bytesMax, Consumer<Incoming> onMessage, Consumer<Closing> onRefusal) {
        this.bytesMax = bytesMax;
        this.onMessage = onMessage;
        this.onRefusal = onRefusal;
    }

    void read(WebSocketFrame frame) {
        if (frame.isBinary() || frame.isText()) {
            isBinary = frame.isBinary();
            add(frame);
        } else if (frame.isContinuation()) {
            add(frame);
        }
    }

    private void add(WebSocketFrame frame) {
        boolean isWhole = begun == null && frame.isFinal();
        Buffer message = isWhole ? frame.binaryData() : gathered().appendBuffer(frame.binaryData());
        begun = frame.isFinal() ? null : message;
        if (message.length() > bytesMax) {
            onRefusal.accept(Closing.TOO_LARGE);
        } else if (frame.isFinal()) {
            onMessage.accept(new Incoming(message.getBytes(), isBinary));
        }
    }

    private Buffer gathered() {
        return begun == null ? Buffer.buffer() : begun;
    }
}
