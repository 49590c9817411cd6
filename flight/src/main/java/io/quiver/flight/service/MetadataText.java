package io.quiver.flight.service;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataJson;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Metadata as a JSON object in one text. */
final class MetadataText {
    private MetadataText() {}

    static String write(Metadata metadata) {
        return write(json -> MetadataJson.write(json, metadata));
    }

    /** A field that is removed is null. */
    static String write(MetadataPatch patch) {
        return write(json -> MetadataJson.write(json, patch));
    }

    private interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    private static String write(Writer writer) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Command.JSON.createGenerator(text)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static Metadata read(String json) {
        return read(json, MetadataJson::readMetadata);
    }

    /** A field that is null is to be removed. */
    static MetadataPatch readPatch(String json) {
        return read(json, MetadataJson::readPatch);
    }

    private interface Reader<T> {
        T read(JsonParser parser) throws IOException;
    }

    private static <T> T read(String json, Reader<T> reader) {
        try (JsonParser parser = Command.JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw QuiverException.invalid("metadata must be a JSON object");
            }
            T metadata = reader.read(parser);
            if (parser.nextToken() != null) {
                throw QuiverException.invalid("metadata must be one JSON object");
            }
            return metadata;
        } catch (JsonProcessingException e) {
            throw QuiverException.invalid("metadata are not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
