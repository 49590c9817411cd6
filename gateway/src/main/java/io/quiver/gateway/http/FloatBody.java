package io.quiver.gateway.http;

import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Embeddings as the floats of a body, one behind the other. They share one array. */
final class FloatBody {
    private FloatBody() {}

    /** {@code dimension}: of each; {@code null} where the body is one embedding. */
    static List<Embedding> read(RequestBody body, @Nullable Integer dimension) {
        if (body.length() == 0 || body.length() % Float.BYTES != 0) {
            throw QuiverException.invalid(
                    "Expecting a body of floats of %d bytes, got %d bytes".formatted(Float.BYTES, body.length()));
        }
        float[] floats = floats(body);
        int each = dimension == null ? floats.length : dimension;
        if (floats.length % each != 0) {
            throw QuiverException.invalid("Collection expecting embedding with dimension of %d, got %d floats"
                    .formatted(each, floats.length));
        }
        return IntStream.range(0, floats.length / each)
                .mapToObj(i -> Embedding.slice(floats, i * each, each))
                .toList();
    }

    private static float[] floats(RequestBody body) {
        float[] floats = new float[body.length() / Float.BYTES];
        ByteBuffer.wrap(body.bytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(floats);
        for (int i = 0; i < floats.length; i++) {
            if (!Float.isFinite(floats[i])) {
                throw QuiverException.invalid("Validation error: Embedding values must be finite, got %s at float %d"
                        .formatted(floats[i], i));
            }
        }
        return floats;
    }
}
