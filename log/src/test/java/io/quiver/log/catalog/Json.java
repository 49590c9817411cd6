package io.quiver.log.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON in tests, with single quotes where they read better. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static JsonNode written(CollectionConfiguration configuration) {
        return json(StoredJson.write(out -> ConfigurationJson.write(out, configuration)));
    }

    static JsonNode written(Schema schema) {
        return json(StoredJson.write(out -> SchemaJson.write(out, schema)));
    }
}
