package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.flight.codec.EmbeddingColumn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.Test;

/** Embeddings of other types, and metadata as a map. */
class LoadedTypesTest extends FlightServerTest {
    @Test
    void halvesAndBytesBecomeFloats() throws Exception {
        try (Upload upload =
                upload(ARROWS, Upload.ID, embedding(new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)))) {
            upload.ids(0, 1);
            Float2Vector halves = (Float2Vector) values(upload);
            for (int i = 0; i < DIMENSION; i++) {
                halves.setSafe(i, Float.floatToFloat16(-0.5f * i));
            }
            upload.sendRows(1);
            upload.finish();
        }
        try (Upload upload = upload(ARROWS, Upload.ID, embedding(new ArrowType.Int(8, true)))) {
            upload.ids(1, 1);
            for (int i = 0; i < DIMENSION; i++) {
                ((TinyIntVector) values(upload)).setSafe(i, -128 + i);
            }
            upload.sendRows(1);
            upload.finish();
        }
        scan("{\"collection\":\"arrows\"}", batch -> {
            EmbeddingColumn embeddings = EmbeddingColumn.read(batch.getVector("embedding"), 2);
            assertArrayEquals(
                    new float[] {-0f, -0.5f, -1f, -1.5f}, embeddings.at(0).toArray());
            assertArrayEquals(
                    new float[] {-128, -127, -126, -125}, embeddings.at(1).toArray());
        });
    }

    @Test
    void otherNumbersAreRefused() {
        Field doubles = embedding(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
        assertRefused(
                "column 'embedding' must be a list of float32, float16 or int8, not a list of FloatingPoint(DOUBLE)",
                Upload.ID,
                doubles);
        assertRefused(
                "column 'at' must be bool, int64, float64 or utf8, not Timestamp(MICROSECOND, UTC)",
                Upload.ID,
                Upload.embedding(DIMENSION),
                field("at", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")));
    }

    @Test
    void metadataMayBeAMap() throws Exception {
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(DIMENSION), map())) {
            upload.fill(0, 3);
            entries(upload, List.of("a", "b"), List.of("c"));
            upload.sendRows(3);
            upload.fill(0, 1);
            BigIntVector values = entries(upload, List.of("b", "a"));
            values.setNull(0);
            upload.sendRows(1);
            upload.finish();
        }
        scan("{\"collection\":\"arrows\",\"include\":[\"metadatas\"]}", batch -> {
            assertEquals("{\"a\":1}", text(batch, "metadata", 0));
            assertEquals("{\"c\":2}", text(batch, "metadata", 1));
            assertEquals(true, batch.getVector("metadata").isNull(2));
        });
    }

    @Test
    void aMapThatPointsOutsideIsRefused() {
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(DIMENSION), map())) {
            upload.fill(0, 1);
            entries(upload, List.of("a"));
            upload.column("metadata").setValueCount(1);
            upload.column("metadata").getOffsetBuffer().setInt(Integer.BYTES, 1_000_000);
            upload.send();
            assertThrows(FlightRuntimeException.class, upload::finish);
        }
        assertEquals(0, info().getRecords());
    }

    /** Writes one map for each list of keys; values count from 0 on. */
    @SafeVarargs
    private static BigIntVector entries(Upload upload, List<String>... maps) {
        MapVector column = (MapVector) upload.column("metadata");
        StructVector entries = (StructVector) column.getDataVector();
        VarCharVector keys = (VarCharVector) entries.getChild("key");
        BigIntVector values = (BigIntVector) entries.getChild("value");
        int entry = 0;
        for (int row = 0; row < maps.length; row++) {
            column.startNewValue(row);
            for (String key : maps[row]) {
                entries.setIndexDefined(entry);
                keys.setSafe(entry, key.getBytes(StandardCharsets.UTF_8));
                values.setSafe(entry, entry);
                entry++;
            }
            column.endValue(row, maps[row].size());
        }
        entries.setValueCount(entry);
        return values;
    }

    private static Field map() {
        Field key = new Field("key", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null);
        Field value = field("value", new ArrowType.Int(64, true));
        Field entries = new Field("entries", FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(key, value));
        return new Field("metadata", FieldType.nullable(new ArrowType.Map(false)), List.of(entries));
    }

    private static Field embedding(ArrowType element) {
        Field item = new Field("item", FieldType.nullable(element), null);
        return new Field("embedding", FieldType.nullable(new ArrowType.FixedSizeList(DIMENSION)), List.of(item));
    }

    private static FieldVector values(Upload upload) {
        FixedSizeListVector lists = (FixedSizeListVector) upload.column("embedding");
        lists.setNotNull(0);
        return lists.getDataVector();
    }

    private void assertRefused(String reason, Field... fields) {
        try (Upload upload = upload(ARROWS, fields)) {
            upload.ids(0, 0);
            upload.sendRows(0);
            var refusal = assertThrows(FlightRuntimeException.class, upload::finish);
            assertEquals(reason, refusal.status().description());
        }
    }
}
