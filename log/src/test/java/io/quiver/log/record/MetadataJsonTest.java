package io.quiver.log.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataJsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":1,\"b\":1.0,\"c\":-0.5,\"d\":true,\"e\":\"\"}",
                "{\"max\":9223372036854775807,\"min\":-9223372036854775808,\"odd\":9007199254740993}",
                "{\"tiny\":4.9E-324,\"huge\":1.7976931348623157E308}",
                "{\"ints\":[1,2],\"reals\":[1.0,2.5],\"texts\":[\"x\",\"\u5411\u91cf\"],\"truths\":[true,false],\"none\":[]}"
            })
    void comesBackAsItWentIn(String json) throws IOException {
        assertEquals(json, written(read(json)));
    }

    @Test
    void keepsIntegersAndDoublesApart() throws IOException {
        Metadata metadata = read("{\"i\":1,\"r\":1.0,\"e\":1e0}");
        assertEquals(new MetadataValue.Int(1), metadata.get("i"));
        assertEquals(new MetadataValue.Real(1), metadata.get("r"));
        assertEquals(new MetadataValue.Real(1), metadata.get("e"));
    }

    @Test
    void theLastOfTwoEqualKeysCounts() throws IOException {
        assertEquals("{\"a\":2}", written(read("{\"a\":1,\"a\":2}")));
        assertEquals(new MetadataPatch(Map.of(), Set.of("a")), patch("{\"a\":1,\"a\":null}"));
        assertEquals(MetadataPatch.setting(read("{\"a\":1}")), patch("{\"a\":null,\"a\":1}"));
    }

    @Test
    void aNullInAPatchRemovesItsKey() throws IOException {
        MetadataPatch patch = patch("{\"a\":null,\"b\":7}");
        assertEquals(Set.of("a"), patch.removed());
        assertEquals(read("{\"b\":7}").fields(), patch.set());
        assertSame(MetadataPatch.NONE, patch("{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"k\":null}|k: expected a value, found null",
                "{\"k\":{\"a\":[1,{}]}}|k: expected a value or an array of values, found an object",
                "{\"k\":[1,2.5]}|k: expected an array of values of one kind, found several kinds",
                "{\"k\":[\"a\",1]}|k: expected an array of values of one kind, found several kinds",
                "{\"k\":[null]}|k: expected a value, found null",
                "{\"k\":[[1]]}|k: expected a single value, found an array in an array",
                "{\"k\":[{}]}|k: expected a single value, found an object in an array",
                "{\"k\":9223372036854775808}|k: expected an integer of 64 bits, found 9223372036854775808",
                "{\"k\":1e999}|k: expected a double, found 1e999",
            })
    void refusesWhatIsNoValue(String json, String message) {
        QuiverException refusal = assertThrows(QuiverException.class, () -> read(json));
        assertEquals(message, refusal.getMessage());
        assertEquals(ErrorCode.UNPROCESSABLE, refusal.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sp\":{\"#type\":\"sparse_vector\",\"indices\":[1],\"values\":[0.5]}}",
                "{\"sp\":{\"indices\":[1,2],\"values\":[0.5,1]}}",
                "{\"sp\":{\"#type\":\"sparse_vector\"}}"
            })
    void saysThatSparseVectorsAreNotSupportedYet(String json) {
        for (QuiverException refusal : List.of(
                assertThrows(QuiverException.class, () -> read(json)),
                assertThrows(QuiverException.class, () -> patch(json)))) {
            assertEquals("Sparse vector is not supported yet: sp", refusal.getMessage());
            assertEquals(ErrorCode.UNIMPLEMENTED, refusal.code());
        }
    }

    @Test
    void leavesTheParserAtTheEndOfTheObject() throws IOException {
        try (JsonParser parser = JsonLimits.factory().createParser("[{\"a\":[1,2]},7]")) {
            parser.nextToken();
            parser.nextToken();
            MetadataJson.readMetadata(parser);
            assertEquals(JsonToken.END_OBJECT, parser.currentToken());
            assertEquals(7, parser.nextIntValue(0));
        }
    }

    @Test
    void depthAndLengthOfNumbersAreLimited() {
        assertThrows(StreamConstraintsException.class, () -> read("{\"k\":" + "{\"k\":".repeat(64) + "1"));
        assertThrows(StreamConstraintsException.class, () -> read("{\"k\":" + "1".repeat(101) + "}"));
    }

    private static Metadata read(String json) throws IOException {
        try (JsonParser parser = JsonLimits.factory().createParser(json)) {
            parser.nextToken();
            return MetadataJson.readMetadata(parser);
        }
    }

    private static MetadataPatch patch(String json) throws IOException {
        try (JsonParser parser = JsonLimits.factory().createParser(json)) {
            parser.nextToken();
            return MetadataJson.readPatch(parser);
        }
    }

    private static String written(Metadata metadata) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = JsonLimits.factory().createGenerator(out)) {
            MetadataJson.write(generator, metadata);
        }
        return out.toString();
    }
}
