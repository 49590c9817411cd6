package io.quiver.log.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.MetadataValue.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes of metadata are in logs and segments: each kind of value must be written and read as here for ever. */
class MetadataCodecTest {
    private static final String GOLDEN = "07000000"
            + "0100000062" + "02"
            + "0100000069" + "03feffffffffffffff"
            + "0100000072" + "04000000000000e03f"
            + "0100000074" + "0502000000c3a9"
            + "0100000061" + "0602000000" + "030100000000000000" + "030200000000000000"
            + "0100000073" + "070200000000" + "07000000ffffffff" + "0000003f000080bf"
            + "0100000077" + "070100000001" + "05000000" + "00000040" + "0300000074656e";

    @Test
    void writesEachKindAsItAlwaysDid() {
        assertEquals(GOLDEN, HexFormat.of().formatHex(MetadataCodec.encode(everyKind())));
    }

    @Test
    void readsEachKindAsItAlwaysDid() {
        assertEquals(everyKind(), read(HexFormat.of().parseHex(GOLDEN)));
    }

    @Test
    void refusesMetadataThatEndAtAnyByte() {
        byte[] whole = HexFormat.of().parseHex(GOLDEN);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(IllegalArgumentException.class, () -> read(cut), "cut at " + length);
        }
    }

    private static Metadata everyKind() {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        fields.put("b", new Bool(true));
        fields.put("i", new Int(-2));
        fields.put("r", new Real(0.5));
        fields.put("t", new Text("é"));
        fields.put("a", new Array(List.of(new Int(1), new Int(2))));
        fields.put("s", new Sparse(SparseVector.of(new int[] {7, -1}, new float[] {0.5f, -1}, null)));
        fields.put("w", new Sparse(SparseVector.of(new int[] {5}, new float[] {2}, List.of("ten"))));
        return new Metadata(fields);
    }

    private static Metadata read(byte[] bytes) {
        return MetadataCodec.read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }
}
