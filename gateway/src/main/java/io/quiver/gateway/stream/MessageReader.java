package io.quiver.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Joins the frames of one connection to messages, none larger than it may be. Belongs to the connection's event loop. */
final class MessageReader {
    private final int bytesMax;
    private final Consumer<byte[]> onText;
    private final Consumer<Closing> onRefusal;
    private @Nullable Buffer begun;

    MessageReader(int bytesMax, Consumer<byte[]> onText, Consumer<Closing> onRefusal) {
        this.bytesMax = bytesMax;
        this.onText = onText;
        this.onRefusal = onRefusal;
    }

    void read(WebSocketFrame frame) {
        if (frame.isBinary()) {
            onRefusal.accept(Closing.BINARY);
        } else if (frame.isText() || frame.isContinuation()) {
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
            onText.accept(message.getBytes());
        }
    }

    private Buffer gathered() {
        return begun == null ? Buffer.buffer() : begun;
    }
}
