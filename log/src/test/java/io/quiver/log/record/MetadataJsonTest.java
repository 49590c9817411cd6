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

    @Test
    void sparseVectorsComeBackWithTheirTypeAndTokens() throws IOException {
        String full = "{\"sp\":{\"#type\":\"sparse_vector\",\"indices\":[0,7,4294967295],\"values\":[0.5,-1.0,2.5E-20],"
                + "\"tokens\":[\"a\",\"\",\"向\"]}}";
        assertEquals(full, written(read(full)));
        String untyped = "{\"sp\":{\"values\":[1],\"tokens\":null,\"indices\":[3]},\"n\":1}";
        assertEquals(
                "{\"sp\":{\"#type\":\"sparse_vector\",\"indices\":[3],\"values\":[1.0]},\"n\":1}",
                written(read(untyped)));
        assertEquals(read(untyped).fields(), patch(untyped).set());
        String empty = "{\"sp\":{\"#type\":\"sparse_vector\",\"indices\":[],\"values\":[]}}";
        assertEquals(empty, written(read(empty)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'#type':'dense','indices':[1],'values':[1]}|expected the #type 'sparse_vector', found dense",
                "{'#type':'sparse_vector'}|expected a value or an array of values, found an object",
                "{'indices':[1],'values':[1],'more':1}|expected a value or an array of values, found an object",
                "{'indices':[-1],'values':[1]}|expected an index of 32 bits, found -1",
                "{'indices':[4294967296],'values':[1]}|expected an index of 32 bits, found 4294967296",
                "{'indices':[1.5],'values':[1]}|expected an index of 32 bits, found 1.5",
                "{'indices':1,'values':[1]}|expected an array of indices, found 1",
                "{'indices':[1],'values':['x']}|expected a number, found x",
                "{'indices':[1],'values':[1],'tokens':[1]}|expected a token, found 1",
            })
    void refusesWhatHasNotTheShapeOfASparseVector(String json, String message) {
        assertRefused(json, ErrorCode.UNPROCESSABLE, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'indices':[1],'values':[]}|a sparse vector has as many values as indices",
                "{'indices':[1,1],'values':[1,2]}|the indices of a sparse vector ascend strictly",
                "{'indices':[2,1],'values':[1,2]}|the indices of a sparse vector ascend strictly",
                "{'indices':[1],'values':[1e39]}|the values of a sparse vector are finite",
                "{'indices':[1],'values':[1],'tokens':[]}|a sparse vector has as many tokens as indices",
            })
    void refusesWhatIsNoSparseVector(String json, String message) {
        assertRefused(json, ErrorCode.INVALID_ARGUMENT, message);
    }

    @Test
    void refusesASparseVectorThatIsTooLongBeforeItsEnd() {
        assertRefused(
                "{'indices':[" + "1,".repeat(SparseVector.TERMS_MAX + 1),
                ErrorCode.INVALID_ARGUMENT,
                "a sparse vector has at most 65536 terms");
    }

    private static void assertRefused(String sparse, ErrorCode code, String message) {
        String json = "{\"sp\":" + sparse.replace('\'', '"') + "}";
        QuiverException refusal = assertThrows(QuiverException.class, () -> read(json));
        assertEquals("sp: " + message, refusal.getMessage());
        assertEquals(code, refusal.code());
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
