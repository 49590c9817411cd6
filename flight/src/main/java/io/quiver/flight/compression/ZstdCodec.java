package io.quiver.flight.compression;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;

/** Zstandard frames. */
final class ZstdCodec extends BoundedCodec {
    ZstdCodec(long bytesMax) {
        super(bytesMax);
    }

    @Override
    void decompress(ByteBuffer source, ByteBuffer target) throws IOException {
        long size = Zstd.decompressDirectByteBuffer(target, 0, target.capacity(), source, 0, source.capacity());
        if (Zstd.isError(size) || size != target.capacity()) {
            throw new IOException(
                    Zstd.isError(size)
                            ? Zstd.getErrorName(size)
                            : "%d bytes instead of %d".formatted(size, target.capacity()));
        }
    }

    @Override
    byte[] compress(byte[] source) {
        return Zstd.compress(source);
    }

    @Override
    public CodecType getCodecType() {
        return CodecType.ZSTD;
    }
}
