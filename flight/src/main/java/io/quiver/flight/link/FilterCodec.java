package io.quiver.flight.link;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.FilterJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Filters as bytes: the JSON of {@link FilterJson}, or nothing for the filter that most queries have, none. */
final class FilterCodec {
    private static final int KNOWN_MAX = 256;
    private static final int KNOWN_BYTES_MAX = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The newest filters by their bytes: a flood of queries shares few filters. */
    private final BoundedMap<ByteBuffer, Filter> known = new BoundedMap<>(KNOWN_MAX);

    static byte[] encode(Filter filter) {
        if (filter instanceof Filter.All) {
            return new byte[0];
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            FilterJson.write(json, filter);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads the bytes from {@code from} to the end. */
    Filter decode(byte[] bytes, int from) {
        int length = bytes.length - from;
        if (length == 0) {
            return Filter.ALL;
        }
        if (length > KNOWN_BYTES_MAX) {
            return parse(bytes, from);
        }
        Filter old = known.get(ByteBuffer.wrap(bytes, from, length));
        if (old != null) {
            return old;
        }
        Filter parsed = parse(bytes, from);
        known.put(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, bytes.length)), parsed);
        return parsed;
    }

    private static Filter parse(byte[] bytes, int from) {
        try {
            return FilterJson.read(JSON.readTree(bytes, from, bytes.length - from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
