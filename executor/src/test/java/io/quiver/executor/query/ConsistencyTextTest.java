package io.quiver.executor.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistencyTextTest {
    @Test
    void readsEachLevel() {
        assertEquals(Consistency.STRONG, ConsistencyText.read(null, "here"));
        assertEquals(Consistency.STRONG, ConsistencyText.read(" strong ", "here"));
        assertEquals(Consistency.STRONG, ConsistencyText.read("bounded_ms=100", "here"));
        assertEquals(new Consistency.IndexOnly(), ConsistencyText.read("index_only", "here"));
        assertEquals(new Consistency.At(new LogOffset(0)), ConsistencyText.read("at=0", "here"));
        assertEquals(
                new Consistency.AtLeast(new LogOffset(Long.MAX_VALUE)),
                ConsistencyText.read("at_least=9223372036854775807", "here"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "weak",
                "STRONG",
                "at",
                "at=",
                "at=-1",
                "at=1.5",
                "at=seven",
                "at= 7",
                "at=9223372036854775808",
                "at_least=18446744073709551615",
                "bounded_ms=-1",
                "index_only=1"
            })
    void refusesOtherWords(String asked) {
        QuiverException refusal = assertThrows(QuiverException.class, () -> ConsistencyText.read(asked, "here"));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        assertEquals(
                "here must be strong, at_least=OFFSET, at=OFFSET, bounded_ms=NUMBER or index_only",
                refusal.getMessage());
    }
}
