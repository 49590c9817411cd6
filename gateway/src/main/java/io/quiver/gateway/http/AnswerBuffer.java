package io.quiver.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.io.OutputStream;

/** Gathers what a JSON generator writes, to be handed on piece by piece. Belongs to one event loop. */
final class AnswerBuffer extends OutputStream {
    private static final int INITIAL_BYTES = 512;

    private Buffer gathered = Buffer.buffer(INITIAL_BYTES);

    @Override
    public void write(int value) {
        gathered.appendByte((byte) value);
    }

    @Override
    public void write(byte[] source, int from, int length) {
        gathered.appendBytes(source, from, length);
    }

    int sizeBytes() {
        return gathered.length();
    }

    /** Gives away what has been gathered and begins anew. */
    Buffer take() {
        Buffer taken = gathered;
        gathered = Buffer.buffer(INITIAL_BYTES);
        return taken;
    }
}
