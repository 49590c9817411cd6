package io.quiver.executor.filter;

import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Appends to a file, which it owns. Belongs to one thread. */
final class StorageOutputStream extends OutputStream {
    private final StorageFile file;
    private long position;

    StorageOutputStream(StorageFile file) {
        this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        file.write(ByteBuffer.wrap(bytes, from, length), position);
        position += length;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
