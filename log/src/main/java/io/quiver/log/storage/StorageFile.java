package io.quiver.log.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Storage}; closed by whoever opened it. */
public interface StorageFile extends AutoCloseable {
    /** Writes all remaining bytes at {@code position}, growing the file where needed. */
    void write(ByteBuffer bytes, long position) throws IOException;

    /** Reads up to {@code target.remaining()} bytes from {@code position}; returns how many, -1 at the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Makes the content durable; after a failure nothing written since the last success may be trusted. */
    void force() throws IOException;

    long sizeBytes() throws IOException;

    /** Cuts or extends (with zeros, allocated on the disk where it can) the file to {@code sizeBytes}. */
    void resize(long sizeBytes) throws IOException;

    @Override
    void close() throws IOException;
}
