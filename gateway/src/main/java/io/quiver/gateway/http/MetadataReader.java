package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataJson;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads metadata objects of a body, and says where in it a refused one is. */
final class MetadataReader {
    private MetadataReader() {}

    /** Reads a collection's metadata; {@code null} and no metadata are the same. */
    static @Nullable Metadata read(JsonValue value) {
        return value.orNull(object -> object.read(in -> read(object, in, object.path(), MetadataJson::readMetadata)));
    }

    /** Reads a list with the metadata of new records. */
    static List<Metadata> readEach(JsonValue value) {
        return value.elements(
                (in, at) -> isNull(in) ? Metadata.EMPTY : read(value, in, at, MetadataJson::readMetadata));
    }

    /** Reads a list of what is to change: a field that is {@code null} is removed. */
    static List<MetadataPatch> readPatches(JsonValue value) {
        return value.elements(
                (in, at) -> isNull(in) ? MetadataPatch.NONE : read(value, in, at, MetadataJson::readPatch));
    }

    private static boolean isNull(JsonParser in) {
        return in.currentToken() == JsonToken.VALUE_NULL;
    }

    private static <T> T read(JsonValue value, JsonParser in, String at, JsonValue.Reading<T> reading)
            throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw value.wrongType(in, at, "a map");
        }
        try {
            return reading.read(in);
        } catch (QuiverException refusal) {
            throw refusal.code() == ErrorCode.UNPROCESSABLE
                    ? value.shape(in, at, refusal.getMessage())
                    : QuiverException.invalid("Validation error: %s: %s".formatted(at, refusal.getMessage()));
        }
    }
}
