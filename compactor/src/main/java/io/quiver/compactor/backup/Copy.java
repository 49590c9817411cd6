package io.quiver.compactor.backup;

import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/** Copies and compares bytes through one buffer. Belongs to one thread. */
final class Copy {
    private static final int BUFFER_BYTES = 1 << 20;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final LongConsumer progress;

    /** @param progress told of each read how many bytes it gave */
    Copy(LongConsumer progress) {
        this.progress = progress;
    }

    /** Copies all bytes to the begin of an empty file, not yet durable; returns what they are. */
    Content copy(ByteSource source, StorageFile target) throws IOException {
        CRC32C crc = new CRC32C();
        long at = 0;
        while (fill(source, at)) {
            int count = buffer.remaining();
            crc.update(buffer.duplicate());
            target.write(buffer, at);
            at += count;
            progress.accept(count);
        }
        return new Content(at, (int) crc.getValue());
    }

    /** Reads all bytes; returns what they are. */
    Content read(ByteSource source) throws IOException {
        CRC32C crc = new CRC32C();
        long at = 0;
        while (fill(source, at)) {
            at += buffer.remaining();
            crc.update(buffer);
        }
        return new Content(at, (int) crc.getValue());
    }

    private boolean fill(ByteSource source, long at) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining() && source.read(buffer, at + buffer.position()) > 0) {
            // until the buffer is full or the bytes end
        }
        return buffer.flip().hasRemaining();
    }
}
