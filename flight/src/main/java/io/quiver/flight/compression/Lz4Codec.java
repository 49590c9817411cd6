package io.quiver.flight.compression;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;

/** LZ4 frames; reading stops where the target is full. */
final class Lz4Codec extends BoundedCodec {
    private static final int CHUNK_BYTES = 64 << 10;

    Lz4Codec(long bytesMax) {
        super(bytesMax);
    }

    @Override
    void decompress(ByteBuffer source, ByteBuffer target) throws IOException {
        byte[] packed = new byte[source.remaining()];
        source.get(packed);
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream plain = new FramedLZ4CompressorInputStream(new ByteArrayInputStream(packed))) {
            int read = plain.read(chunk);
            while (read >= 0 && read <= target.remaining()) {
                target.put(chunk, 0, read);
                read = plain.read(chunk);
            }
            if (read >= 0 || target.hasRemaining()) {
                throw new IOException("not the %d bytes that were announced".formatted(target.capacity()));
            }
        }
    }

    @Override
    byte[] compress(byte[] source) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream plain = new FramedLZ4CompressorOutputStream(packed)) {
            plain.write(source);
        }
        return packed.toByteArray();
    }

    @Override
    public CodecType getCodecType() {
        return CodecType.LZ4_FRAME;
    }
}
