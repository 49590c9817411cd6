package io.quiver.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StreamGateTest {
    private final AtomicBoolean isReady = new AtomicBoolean();

    @Test
    void aReaderThatTakesNothingIsCutOff() {
        try (StreamGate gate = gate(Duration.ofMillis(20))) {
            var cut = assertThrows(QuiverException.class, gate::awaitReady);
            assertEquals(ErrorCode.RESOURCE_EXHAUSTED, cut.code());
            assertEquals("the stream is cut off: nothing was read from it for 20 ms", cut.getMessage());
        }
    }

    @Test
    void aReaderThatTakesSomethingInTimeIsNot() {
        try (StreamGate gate = gate(Duration.ofMinutes(5))) {
            Thread.startVirtualThread(() -> {
                isReady.set(true);
                gate.changed();
            });
            gate.awaitReady();
        }
    }

    @Test
    void aReaderThatGoesEndsTheWaiting() {
        try (StreamGate gate = gate(Duration.ofMinutes(5))) {
            Thread.startVirtualThread(() -> gate.cancel(() -> {}));
            var gone = assertThrows(QuiverException.class, gate::awaitReady);
            assertEquals(ErrorCode.CANCELLED, gone.code());
        }
    }

    @Test
    void whatIsAwaitedOtherwiseHasNoEnd() {
        try (StreamGate gate = gate(Duration.ofMillis(1))) {
            AtomicBoolean fact = new AtomicBoolean();
            Thread.startVirtualThread(() -> {
                fact.set(true);
                gate.changed();
            });
            gate.await(fact::get);
        }
    }

    private StreamGate gate(Duration patience) {
        return new StreamGate(isReady::get, new MessageWindow(_ -> {}), patience);
    }
}
