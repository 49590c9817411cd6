package io.quiver.gateway.http;

import static io.quiver.gateway.http.Bodies.assertBroken;
import static io.quiver.gateway.http.Bodies.assertRefused;
import static io.quiver.gateway.http.Bodies.assertWrongShape;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.gateway.http.RecordsRequest.Kind;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsRequestTest {
    @Test
    void readsColumnsAsRecords() {
        List<Operation> operations = read(Kind.ADD, """
                {"ids":["a","b"],"embeddings":[[1,0.5],[-2e0,3]],"documents":["hello",null],
                 "metadatas":[{"k":1,"r":1.0,"s":"x","b":true,"t":["p","q"],"e":[]},null],"uris":[null,"u"],"other":{}}""");
        assertEquals(
                List.of(
                        new Operation.Add(new VectorRecord(
                                "a",
                                Embedding.of(1f, 0.5f),
                                "hello",
                                null,
                                new Metadata(Map.of(
                                        "k", new Int(1),
                                        "r", new Real(1),
                                        "s", new Text("x"),
                                        "b", new Bool(true),
                                        "t", new Array(List.of(new Text("p"), new Text("q"))),
                                        "e", new Array(List.of()))))),
                        new Operation.Add(new VectorRecord("b", Embedding.of(-2f, 3f), null, "u", Metadata.EMPTY))),
                operations);
    }

    @Test
    void takesAbsentColumnsAndNullForNothingSaid() {
        assertEquals(
                read(Kind.UPSERT, "{\"ids\":[\"a\"],\"embeddings\":[[1]]}"),
                read(
                        Kind.UPSERT,
                        "{\"ids\":[\"a\"],\"embeddings\":[[1]],\"documents\":null,\"uris\":null,\"metadatas\":null}"));
    }

    @Test
    void readsBase64OfLittleEndianFloats() {
        ByteBuffer floats = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        floats.putFloat(1.5f).putFloat(-0f).putFloat(2.8E-45f);
        String base64 = Base64.getEncoder().encodeToString(floats.array());
        for (String text : List.of(base64, base64.replace("/", "\\/"), base64.replace("A", "\\u0041"))) {
            assertEquals(
                    List.of(new Operation.Upsert(
                            new RecordPatch("a", Embedding.of(1.5f, -0f, 2.8E-45f), null, null, MetadataPatch.NONE))),
                    read(Kind.UPSERT, "{\"ids\":[\"a\"],\"embeddings\":[\"" + text + "\"]}"));
        }
    }

    @Test
    void removesFieldsThatAnUpdateSetsToNull() {
        assertEquals(
                List.of(new Operation.Update(new RecordPatch(
                        "a", null, null, null, new MetadataPatch(Map.of("n", new Int(7)), Set.of("k"))))),
                read(Kind.UPDATE, "{\"ids\":[\"a\"],\"metadatas\":[{\"k\":null,\"n\":7}]}"));
    }

    @Test
    void letsAnUpdateLeaveEmbeddingsAsTheyAre() {
        for (String embeddings : List.of("null", "[null]")) {
            Operation operation = read(Kind.UPDATE, "{\"ids\":[\"a\"],\"embeddings\":" + embeddings + "}")
                    .getFirst();
            assertEquals(
                    null,
                    assertInstanceOf(Operation.Update.class, operation).patch().embedding());
        }
    }

    @Test
    void keepsIntegersOf64Bits() {
        String json = "{\"ids\":[\"a\"],\"embeddings\":[[1]],\"metadatas\":[{\"i\":9223372036854775807,"
                + "\"l\":-9223372036854775808}]}";
        Operation.Add add =
                assertInstanceOf(Operation.Add.class, read(Kind.ADD, json).getFirst());
        assertEquals(
                Map.of("i", new Int(Long.MAX_VALUE), "l", new Int(Long.MIN_VALUE)),
                add.record().metadata().fields());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ADD|{}|missing field `ids` at line 1 column 2",
                "ADD|{\"ids\":[]}|missing field `embeddings` at line 1 column 10",
                "ADD|{\"ids\":null}|ids: invalid type: null, expected a sequence at line 1 column 11",
                "ADD|{\"ids\":[1]}|ids[0]: invalid type: integer `1`, expected a string at line 1 column 9",
                "ADD|{\"embeddings\":null}|embeddings: invalid type: null, expected a sequence at line 1 column 15",
                "UPSERT|{\"embeddings\":[null]}|embeddings[0]: invalid type: null, expected an embedding at line 1 column 16",
                "ADD|{\"embeddings\":[[1],\"\"]}|embeddings[1]: invalid type: string \"\", expected embeddings of one form at line 1 column 20",
                "ADD|{\"embeddings\":[[\"1\"]]}|embeddings[0]: invalid type: string \"1\", expected f32 at line 1 column 17",
                "ADD|{\"embeddings\":[[null]]}|embeddings[0]: invalid type: null, expected f32 at line 1 column 17",
                "ADD|{\"embeddings\":[[[1]]]}|embeddings[0]: invalid type: sequence, expected f32 at line 1 column 17",
                "ADD|{\"embeddings\":[1]}|embeddings[0]: invalid type: integer `1`, expected an embedding at line 1 column 16",
                "ADD|{\"documents\":[1]}|documents[0]: invalid type: integer `1`, expected a string at line 1 column 15",
                "ADD|{\"metadatas\":{}}|metadatas: invalid type: map, expected a sequence at line 1 column 14",
                "ADD|{\"metadatas\":[\"x\"]}|metadatas[0]: invalid type: string \"x\", expected a map at line 1 column 17"
            })
    void saysWhichShapeIsWrong(Kind kind, String json, String problem) {
        assertWrongShape(problem, () -> read(kind, json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null|expected a value, found null",
                "{}|expected a value or an array of values, found an object",
                "[[1]]|expected a single value, found an array in an array",
                "[1,2.5]|expected an array of values of one kind, found several kinds"
            })
    void refusesMetadataThatIsNoValue(String value, String problem) {
        QuiverException refusal = assertThrows(
                QuiverException.class,
                () -> read(Kind.ADD, "{\"ids\":[\"a\"],\"embeddings\":[[1]],\"metadatas\":[{\"k\":" + value + "}]}"));
        assertEquals(ErrorCode.UNPROCESSABLE, refusal.code());
        assertEquals(
                "Failed to deserialize the JSON body into the target type: metadatas[0]: k: " + problem,
                refusal.getMessage().replaceAll(" at line 1 column \\d+$", ""));
    }

    @Test
    void tellsASparseVectorFromOtherObjects() {
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: metadatas[1]: sp: a sparse vector has as many values as indices",
                () -> read(Kind.ADD, "{\"metadatas\":[null,{\"sp\":{\"indices\":[1],\"values\":[]}}]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[[NaN]]|invalid",
                "[[1,]]|trailing comma at line 1 column 19",
                "[[1]|EOF while parsing a list at line 1 column 18",
                "[[1 2]]|expected `,` or `]` at line 1 column 19",
                "[[1e999]]|number out of range at line 1 column 21",
                "[[01]]|invalid number at line 1 column 17",
                "[[1],]|invalid"
            })
    void refusesEmbeddingsThatAreNotJson(String embeddings, String problem) {
        String json =
                "{\"embeddings\":" + embeddings + (embeddings.endsWith("]]") || embeddings.endsWith(",]") ? "}" : "");
        if (problem.equals("invalid")) {
            var refusal = assertThrows(QuiverException.class, () -> read(Kind.ADD, json));
            assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        } else {
            assertBroken(problem, () -> read(Kind.ADD, json));
        }
    }

    @Test
    void refusesEmbeddingsWithoutMeaning() {
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: embeddings[0]: Embedding must have at least one dimension",
                () -> read(Kind.ADD, "{\"embeddings\":[[]]}"));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: embeddings[0]: Embedding values must be finite, got NaN",
                () -> read(Kind.ADD, "{\"embeddings\":[\"AADAfw==\"]}"));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "Invalid base64 embedding at embeddings[0]: 3 bytes are not whole floats",
                () -> read(Kind.ADD, "{\"embeddings\":[\"AAAA\"]}"));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "Invalid base64 embedding at embeddings[0]",
                () -> read(Kind.ADD, "{\"embeddings\":[\"not base64!\"]}"));
    }

    @Test
    void refusesColumnsOfDifferentLengths() {
        for (String column :
                List.of("embeddings\":[[1],[2]]", "documents\":[]", "uris\":[null,null]", "metadatas\":[]")) {
            assertRefused(
                    ErrorCode.INVALID_ARGUMENT,
                    "Inconsistent number of IDs, embeddings, documents, URIs and metadatas",
                    () -> read(Kind.UPDATE, "{\"ids\":[\"a\"],\"" + column + "}"));
        }
    }

    private static List<Operation> read(Kind kind, String json) {
        return RecordsRequest.read(Bodies.of(json), kind);
    }
}
