package io.quiver.flight.compression;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What Arrow finds as its codecs, by the service loader. Arrow asks for a codec for each batch, which may decompress
 * {@link #BATCH_BYTES_MAX} altogether.
 *
 * <p>Where a batch breaks the rule the codec gives an empty buffer, where its data are damaged zeros in their place,
 * and says so through {@link #takeFault}: Arrow's loader does not free the buffers before one that fails, and a column
 * that is shorter than the batch says it makes longer, and may lose what it made.
 */
public final class BoundedCompression implements CompressionCodec.Factory {
    /** As much as a message that is not compressed may have. */
    public static final long BATCH_BYTES_MAX = 64 << 20;

    private static final ThreadLocal<@Nullable String> FAULT = new ThreadLocal<>();

    @Override
    public CompressionCodec createCodec(CodecType type) {
        return switch (type) {
            case NO_COMPRESSION -> NoCompressionCodec.INSTANCE;
            case LZ4_FRAME -> new Lz4Codec(BATCH_BYTES_MAX);
            case ZSTD -> new ZstdCodec(BATCH_BYTES_MAX);
        };
    }

    @Override
    public CompressionCodec createCodec(CodecType type, int level) {
        return createCodec(type);
    }

    /** Whether a batch that names this codec in its header can be decompressed. */
    public static boolean isKnown(byte codec) {
        return codec == CompressionType.LZ4_FRAME || codec == CompressionType.ZSTD;
    }

    /**
     * What a compressed buffer has behind its size, as far as it is read; to be closed.
     *
     * @param codec as a batch names it in its header
     */
    public static InputStream decompressing(byte codec, byte[] packed) throws IOException {
        InputStream in = new ByteArrayInputStream(packed);
        return switch (codec) {
            case CompressionType.LZ4_FRAME -> new FramedLZ4CompressorInputStream(in);
            case CompressionType.ZSTD -> new ZstdInputStreamNoFinalizer(in);
            default -> throw new IOException("there is no codec " + codec);
        };
    }

    /**
     * What was wrong with a batch that was loaded on this thread since this was asked last, {@code null} for nothing.
     */
    public static @Nullable String takeFault() {
        String fault = FAULT.get();
        FAULT.remove();
        return fault;
    }

    static void fault(String what) {
        FAULT.set(what);
    }
}
