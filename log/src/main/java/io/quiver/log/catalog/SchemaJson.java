package io.quiver.log.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;

/**
 * Schemas as JSON, in the form of Chroma's API, its older names of fields included. Pure functions, safe on every
 * thread.
 *
 * <p>A wrong shape is refused as {@code UNPROCESSABLE}, an index where there can be none as {@code INVALID_ARGUMENT},
 * encryption as {@code UNIMPLEMENTED}.
 */
public final class SchemaJson {
    private SchemaJson() {}

    /** Reads {@code schema} of a request as it was given: checked, but not completed. */
    public static Schema read(JsonNode schema) {
        JsonFields fields = JsonFields.of("schema", schema);
        refuseEncryption(schema);
        Schema read = SchemaReader.read(fields);
        SchemaRules.check(read);
        return read;
    }

    /** Writes a schema as it is. */
    public static void write(JsonGenerator out, Schema schema) throws IOException {
        SchemaWriter.write(out, schema);
    }

    /** What the catalog stored: it was checked by the rules of its day. */
    static Schema readStored(String json) {
        return SchemaReader.read(JsonFields.of("schema", StoredJson.read(json)));
    }

    static String writeStored(Schema schema) {
        return StoredJson.write(out -> write(out, schema));
    }

    private static void refuseEncryption(JsonNode schema) {
        if (schema.hasNonNull("cmek")) {
            throw new QuiverException(
                    ErrorCode.UNIMPLEMENTED, "Customer-managed encryption keys (cmek) are not supported");
        }
    }
}
