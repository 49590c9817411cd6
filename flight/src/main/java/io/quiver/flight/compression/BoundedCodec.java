package io.quiver.flight.compression;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.AbstractCompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;

/** One kind of compression, for the buffers of one batch. Belongs to the thread that loads it. */
abstract class BoundedCodec extends AbstractCompressionCodec {
    private final long bytesMax;
    private long bytes;

    BoundedCodec(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Fills {@code target} to its end; throws where {@code source} does not have exactly that much. */
    abstract void decompress(ByteBuffer source, ByteBuffer target) throws IOException;

    abstract byte[] compress(byte[] source) throws IOException;

    @Override
    protected ArrowBuf doDecompress(BufferAllocator allocator, ArrowBuf compressed) {
        long size = readUncompressedLength(compressed);
        if (size < 0 || size > bytesMax - bytes) {
            BoundedCompression.fault("a batch must not exceed %d bytes when it is decompressed".formatted(bytesMax));
            return allocator.getEmpty();
        }
        bytes += size;
        return filled(allocator, compressed, Math.toIntExact(size));
    }

    private ArrowBuf filled(BufferAllocator allocator, ArrowBuf compressed, int size) {
        int header = (int) CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH;
        ArrowBuf target = allocator.buffer(size);
        try {
            decompress(
                    compressed.nioBuffer(header, Math.toIntExact(compressed.writerIndex()) - header),
                    target.nioBuffer(0, size));
            target.writerIndex(size);
            return target;
        } catch (IOException | RuntimeException damaged) {
            BoundedCompression.fault("a compressed buffer is damaged: " + damaged.getMessage());
            target.setZero(0, size);
            return target.writerIndex(size);
        }
    }

    @Override
    protected ArrowBuf doCompress(BufferAllocator allocator, ArrowBuf plain) {
        byte[] source = new byte[Math.toIntExact(plain.writerIndex())];
        plain.getBytes(0, source);
        try {
            byte[] packed = compress(source);
            ArrowBuf target = allocator.buffer(CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH + packed.length);
            writeUncompressedLength(target, source.length);
            target.setBytes(CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH, packed);
            return target.writerIndex(CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH + packed.length);
        } catch (IOException e) {
            throw new IllegalStateException("a buffer cannot be compressed", e);
        }
    }
}
