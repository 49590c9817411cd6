package io.quiver.log.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** An open file on the disk. Owns its channel. */
final class DiskFile implements StorageFile {
    /**
     * How much goes through the channel at once: the JDK copies bytes on the heap into a direct buffer of that size and
     * keeps it for the thread.
     */
    private static final int CHUNK_BYTES = 1 << 20;

    private final Path path;
    private final FileChannel channel;

    DiskFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += writeChunk(bytes, at);
        }
    }

    private int writeChunk(ByteBuffer bytes, long at) throws IOException {
        int limit = bytes.limit();
        try {
            return channel.write(bytes.limit(chunkLimit(bytes)), at);
        } catch (IOException e) {
            throw DiskStorage.recognised(e, path);
        } finally {
            bytes.limit(limit);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int limit = target.limit();
        try {
            return channel.read(target.limit(chunkLimit(target)), position);
        } finally {
            target.limit(limit);
        }
    }

    private static int chunkLimit(ByteBuffer bytes) {
        return bytes.position() + Math.min(bytes.remaining(), CHUNK_BYTES);
    }

    @Override
    public void force() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw DiskStorage.recognised(e, path);
        }
    }

    @Override
    public long sizeBytes() throws IOException {
        return channel.size();
    }

    @Override
    public void resize(long sizeBytes) throws IOException {
        if (sizeBytes < channel.size()) {
            channel.truncate(sizeBytes);
        }
        ByteBuffer zeros = ByteBuffer.allocate(CHUNK_BYTES);
        for (long at = channel.size(); at < sizeBytes; at = channel.size()) {
            write(zeros.clear().limit((int) Math.min(CHUNK_BYTES, sizeBytes - at)), at);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
