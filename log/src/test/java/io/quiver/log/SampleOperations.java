package io.quiver.log;

import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operations for tests: simple ones, and random ones of every kind and shape. */
final class SampleOperations {
    private SampleOperations() {}

    static Operation add(String id, float... embedding) {
        return new Operation.Add(new VectorRecord(id, Embedding.of(embedding), null, null, Metadata.EMPTY));
    }

    static Operation add(String id, Metadata metadata) {
        return new Operation.Add(new VectorRecord(id, Embedding.of(1, 2, 3), null, null, metadata));
    }

    /** A batch that is told from others by its number. */
    static List<Operation> batch(int number) {
        return List.of(add("id-" + number, number, 1), new Operation.Delete("gone-" + number));
    }

    /** A batch whose document is {@code length} characters long. */
    static List<Operation> batch(int number, int length) {
        VectorRecord record =
                new VectorRecord("id-" + number, Embedding.of(number), "x".repeat(length), null, Metadata.EMPTY);
        return List.of(new Operation.Add(record));
    }

    /** What this draws from a given seed may never change: the log of {@link GoldenLogTest} holds it. */
    static List<Operation> random(Random random) {
        List<Operation> operations = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            operations.add(operation(random));
        }
        return operations;
    }

    private static Operation operation(Random random) {
        String id = text(random);
        Embedding embedding = embedding(random);
        return switch (random.nextInt(4)) {
            case 0 ->
                new Operation.Add(
                        new VectorRecord(id, embedding, maybeText(random), maybeText(random), metadata(random)));
            case 1 -> new Operation.Upsert(patch(random, id, embedding));
            case 2 -> new Operation.Update(patch(random, id, random.nextBoolean() ? embedding : null));
            default -> new Operation.Delete(id);
        };
    }

    private static RecordPatch patch(Random random, String id, @Nullable Embedding embedding) {
        Set<String> removed = random.nextBoolean() ? Set.of("r" + random.nextInt(), "q") : Set.of();
        MetadataPatch metadata = new MetadataPatch(metadata(random).fields(), removed);
        return new RecordPatch(id, embedding, maybeText(random), maybeText(random), metadata);
    }

    private static Embedding embedding(Random random) {
        float[] values = new float[2 + random.nextInt(8)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(10) == 0 ? -0.0f : random.nextFloat() * 1e30f - 5e29f;
        }
        return Embedding.slice(values, 1, values.length - 1);
    }

    private static Metadata metadata(Random random) {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            fields.put("k" + random.nextInt(100), value(random));
        }
        return new Metadata(fields);
    }

    private static MetadataValue value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> new MetadataValue.Bool(random.nextBoolean());
            case 1 -> new MetadataValue.Int(random.nextLong());
            case 2 -> new MetadataValue.Real(random.nextGaussian());
            case 3 -> new MetadataValue.Text(text(random));
            case 4 -> new MetadataValue.Array(List.of());
            default ->
                new MetadataValue.Array(
                        List.of(new MetadataValue.Text(text(random)), new MetadataValue.Text(text(random))));
        };
    }

    private static @Nullable String maybeText(Random random) {
        return random.nextBoolean() ? text(random) : null;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    List.of((int) 'a', (int) 'Z', 0xe9, 0x5411, 0x1f3f9, 0).get(random.nextInt(6)));
        }
        return text.toString();
    }
}
