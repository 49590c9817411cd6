package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.FilterJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FilterRoundTripTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aFilterComesBackAsItWasWritten() throws IOException {
        long seed = System.nanoTime();
        System.out.println("FilterRoundTripTest seed " + seed);
        RandomFilters random = new RandomFilters(seed);
        for (int i = 0; i < 10_000; i++) {
            Filter filter = random.filter(4);
            assertEquals(filter, FilterJson.read(JSON.readTree(written(filter))), () -> "seed " + seed);
        }
    }

    private static byte[] written(Filter filter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.getFactory().createGenerator(bytes)) {
            FilterJson.write(json, filter);
        }
        return bytes.toByteArray();
    }
}
