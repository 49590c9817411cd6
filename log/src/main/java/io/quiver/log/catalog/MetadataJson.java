package io.quiver.log.catalog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A collection's metadata as the catalog stores it: a JSON object, in which 1 and 1.0 stay different. */
final class MetadataJson {
    private MetadataJson() {}

    static String write(Metadata metadata) {
        return StoredJson.write(out -> io.quiver.log.record.MetadataJson.write(out, metadata));
    }

    /** Throws {@link IllegalArgumentException} for what {@link #write} did not write. */
    static Metadata read(String json) {
        JsonNode object = StoredJson.read(json);
        if (!object.isObject()) {
            throw new IllegalArgumentException("metadata is not a JSON object");
        }
        try (JsonParser parser = object.traverse()) {
            parser.nextToken();
            return io.quiver.log.record.MetadataJson.readMetadata(parser);
        } catch (QuiverException e) {
            throw new IllegalArgumentException("not metadata: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("a tree in memory could not be read", e);
        }
    }
}
