package io.quiver.executor.query;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.executor.filter.FilterMatcher;
import io.quiver.log.Corpus;
import io.quiver.log.record.JsonLimits;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Conditions as callers send them, and filters as they travel: refused, or understood, compiled, and read back the
 * same.
 */
class FilterFuzzTest {
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonLimits.factory());

    public static void fuzzerTestOneInput(byte[] input) {
        JsonNode json;
        try {
            json = MAPPER.readTree(input);
        } catch (IOException notJson) {
            return;
        }
        require(json, where -> FilterJson.readWhere(where, QueryLimits.HIGHEST));
        require(json, where -> FilterJson.readWhereDocument(where, QueryLimits.HIGHEST));
        require(json, FilterJson::read);
    }

    private static void require(JsonNode json, Function<JsonNode, Filter> reading) {
        Filter filter;
        try {
            filter = reading.apply(json);
            FilterMatcher.compile(filter);
        } catch (QuiverException refused) {
            return;
        }
        assertEquals(filter, FilterJson.read(written(filter)));
        FilterShape.of(filter);
    }

    private static JsonNode written(Filter filter) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = MAPPER.createGenerator(text)) {
            FilterJson.write(out, filter);
            out.flush();
            return MAPPER.readTree(text.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(FilterFuzzTest.class, FilterFuzzTest::fuzzerTestOneInput);
    }
}
