package io.quiver.log;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.CollectionConfiguration;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.Schema;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordRulesTest {
    private static final Collection THREE_DIMENSIONS = collection(3);
    private static final Operation GOOD = SampleOperations.add("good", 1, 2, 3);

    private final RecordRules rules = new RecordRules(RecordLimits.DEFAULT);

    @Test
    void takesWhatIsRight() {
        var patch = new RecordPatch(
                "\ud83c\udff9", Embedding.of(0, -0f, 3e38f), "", "", new MetadataPatch(Map.of(), Set.of("k")));
        List<Operation> operations = List.of(
                GOOD,
                new Operation.Upsert(patch),
                new Operation.Update(new RecordPatch("x", null, null, null, MetadataPatch.NONE)),
                new Operation.Delete("x"));
        assertDoesNotThrow(() -> rules.check(THREE_DIMENSIONS, operations));
        assertDoesNotThrow(() -> rules.check(collection(null), operations));
    }

    @Test
    void everyIdHasACharacter() {
        refused("Empty ID, ID must have at least one character", SampleOperations.add("", 1, 2, 3));
        refused("Empty ID, ID must have at least one character", new Operation.Delete(""));
    }

    @Test
    void embeddingsHaveTheDimensionOfTheCollection() {
        refused("Collection expecting embedding with dimension of 3, got 2", SampleOperations.add("a", 1, 2));
    }

    @Test
    void embeddingsOfAWriteHaveOneDimension() {
        refused(
                "Inconsistent dimensions in provided embeddings",
                SampleOperations.add("a", 1, 2),
                new Operation.Delete("b"),
                SampleOperations.add("c", 1, 2, 3));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void embeddingsAreFinite(float value) {
        refused(
                "Invalid embedding at index 1: all values must be finite numbers",
                GOOD,
                SampleOperations.add("a", 1, value, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#document", "$k"})
    void metadataKeysAreNotReserved(String key) {
        Metadata metadata = new Metadata(Map.of(key, new MetadataValue.Int(1)));
        refused("Invalid metadata at index 1", GOOD, SampleOperations.add("a", metadata));
        var removing = new RecordPatch("a", null, null, null, new MetadataPatch(Map.of(), Set.of(key)));
        refused("Invalid metadata at index 0", new Operation.Update(removing));
    }

    @Test
    void keysWithAPrefixOfChromasOwnAreLeftToTheDoors() {
        Metadata metadata = new Metadata(Map.of("chroma:document", new Text("x")));
        assertDoesNotThrow(() -> rules.check(THREE_DIMENSIONS, List.of(SampleOperations.add("a", metadata))));
    }

    @Test
    void everyPartHasItsLimit() {
        refused(
                "Invalid ID at index 0: 1025 bytes are more than the limit of 1024",
                new Operation.Delete("x".repeat(1_025)));
        refused(
                "Invalid document at index 0: 1048578 bytes are more than the limit of 1048576",
                record("\u5411".repeat(349_526), null));
        refused("Invalid uri at index 0: 8193 bytes are more than the limit of 8192", record(null, "x".repeat(8_193)));
        refused(
                "Invalid metadata at index 0: 1025 keys are more than the limit of 1024",
                SampleOperations.add("a", keys(1_025)));
        refused(
                "Invalid metadata at index 0: 65537 bytes are more than the limit of 65536",
                SampleOperations.add("a", new Metadata(Map.of("k", new Text("x".repeat(65_536))))));
    }

    @Test
    void dimensionAndBatchHaveTheirLimits() {
        Operation wide = SampleOperations.add("a", new float[16_385]);
        assertEquals("a dimension of 16385 is more than the limit of 16384", refusal(collection(null), List.of(wide)));
        assertEquals(
                "a write of 100001 records is more than the limit of 100000",
                refusal(THREE_DIMENSIONS, Collections.nCopies(100_001, GOOD)));
    }

    @Test
    void textThatCannotBeEncodedIsRefused() {
        for (String broken : List.of("\ud83c", "\udff9", "a\ud83c.", "\udff9\ud83c")) {
            refused("Invalid ID at index 0: not well-formed Unicode", new Operation.Delete(broken));
            refused("Invalid document at index 0: not well-formed Unicode", record(broken, null));
            refused(
                    "Invalid metadata at index 0: not well-formed Unicode",
                    SampleOperations.add(
                            "a", new Metadata(Map.of("k", new MetadataValue.Array(List.of(new Text(broken)))))));
        }
    }

    @Test
    void theSizeOfTextIsThatOfItsEncoding() {
        long seed = System.nanoTime();
        System.out.println("RecordRulesTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            char[] characters = new char[random.nextInt(5)];
            for (int i = 0; i < characters.length; i++) {
                characters[i] = (char) (random.nextBoolean() ? 0xd700 + random.nextInt(0xa00) : random.nextInt(0x1000));
            }
            String text = new String(characters);
            boolean isWhole = StandardCharsets.UTF_8.newEncoder().canEncode(text);
            long expected = isWhole ? text.getBytes(StandardCharsets.UTF_8).length : Utf8.ILL_FORMED;
            assertEquals(expected, Utf8.sizeBytes(text), "seed " + seed);
        }
    }

    private void refused(String message, Operation... operations) {
        assertEquals(message, refusal(THREE_DIMENSIONS, List.of(operations)));
    }

    private @Nullable String refusal(Collection collection, List<Operation> operations) {
        QuiverException refusal = assertThrows(QuiverException.class, () -> rules.check(collection, operations));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        return refusal.getMessage();
    }

    private static Operation record(@Nullable String document, @Nullable String uri) {
        return new Operation.Add(new VectorRecord("a", Embedding.of(1, 2, 3), document, uri, Metadata.EMPTY));
    }

    private static Metadata keys(int count) {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        IntStream.range(0, count).forEach(i -> fields.put("k" + i, new MetadataValue.Bool(true)));
        return new Metadata(fields);
    }

    private static Collection collection(@Nullable Integer dimension) {
        return new Collection(
                CollectionId.random(),
                "c",
                Tenant.DEFAULT,
                Database.DEFAULT,
                CollectionConfiguration.DEFAULT,
                Schema.DEFAULT,
                null,
                dimension,
                0);
    }

    @Test
    void limitsTheSparseVectorsOfARecordApartFromItsOtherMetadata() {
        assertDoesNotThrow(() ->
                rules.check(THREE_DIMENSIONS, List.of(SampleOperations.add("a", sparse(65_536, null, "one", "two")))));
        refused(
                "Invalid metadata at index 0: 1572864 bytes of sparse vectors are more than the limit of 1048576",
                SampleOperations.add("a", sparse(65_536, null, "one", "two", "three")));
        refused(
                "Invalid metadata at index 0: 1048580 bytes of sparse vectors are more than the limit of 1048576",
                SampleOperations.add("a", sparse(2, "x".repeat((1 << 19) - 6), "one")));
        refused(
                "Invalid metadata at index 0: not well-formed Unicode",
                SampleOperations.add("a", sparse(1, "\ud800", "one")));
    }

    private static Metadata sparse(int termCount, @Nullable String token, String... keys) {
        var vector = SparseVector.of(
                IntStream.range(0, termCount).toArray(),
                new float[termCount],
                token == null ? null : Collections.nCopies(termCount, token));
        return new Metadata(
                Stream.of(keys).collect(Collectors.toMap(key -> key, _ -> new MetadataValue.Sparse(vector))));
    }
}
