package io.quiver.gateway.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/** One message to the caller. */
sealed interface Outgoing {
    /** Bytes of it, about: characters of a text, which is ASCII but for what the caller's own records hold. */
    int length();

    /** Completes when the socket has it. */
    Future<Void> sendTo(ServerWebSocket socket);

    /** In a text frame. */
    record Text(String text) implements Outgoing {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public Future<Void> sendTo(ServerWebSocket socket) {
            return socket.writeTextMessage(text);
        }
    }

    /** In a binary frame. */
    record Binary(Buffer bytes) implements Outgoing {
        @Override
        public int length() {
            return bytes.length();
        }

        @Override
        public Future<Void> sendTo(ServerWebSocket socket) {
            return socket.writeBinaryMessage(bytes);
        }
    }
}
