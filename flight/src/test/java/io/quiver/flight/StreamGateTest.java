package io.quiver.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.FlightDescriptor;
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

    /** A busy machine may run the serving thread long after all has come. */
    @Test
    void aDescriptorIsThereHoweverLateItIsAskedFor() {
        FlightDescriptor descriptor = FlightDescriptor.command(new byte[] {7});
        try (StreamGate gate = gate(Duration.ofMinutes(5))) {
            gate.descriptorCame();
            gate.inputEnded();
            assertSame(descriptor, gate.descriptor(() -> slowly(descriptor)));
        }
    }

    private static <T> T slowly(T value) {
        LockSupport.parkNanos(200_000_000);
        return value;
    }

    @Test
    void aDescriptorIsWaitedFor() {
        FlightDescriptor descriptor = FlightDescriptor.command(new byte[] {7});
        try (StreamGate gate = gate(Duration.ofMillis(1))) {
            Thread.startVirtualThread(() -> slowly(gate).descriptorCame());
            assertSame(descriptor, gate.descriptor(() -> descriptor));
        }
    }

    @Test
    void aStreamMayEndWithoutADescriptor() {
        try (StreamGate gate = gate(Duration.ofMinutes(5))) {
            Thread.startVirtualThread(() -> slowly(gate).inputEnded());
            var none = assertThrows(QuiverException.class, () -> gate.descriptor(() -> fail("there is none")));
            assertEquals("the stream ended before a descriptor came", none.getMessage());
        }
    }

    @Test
    void aServerThatStopsDoesNotWaitForADescriptor() {
        try (StreamGate gate = gate(Duration.ofMinutes(5))) {
            Thread.startVirtualThread(() -> slowly(gate).stop());
            var stopping = assertThrows(QuiverException.class, () -> gate.descriptor(() -> fail("there is none")));
            assertEquals(ErrorCode.UNAVAILABLE, stopping.code());
        }
    }

    @Test
    void aFirstMessageThatIsDamagedIsTold() {
        try (StreamGate gate = gate(Duration.ofMinutes(5))) {
            Thread.startVirtualThread(() -> slowly(gate).refuse("no message at all"));
            var damaged = assertThrows(QuiverException.class, () -> gate.descriptor(() -> fail("there is none")));
            assertEquals("no message at all", damaged.getMessage());
        }
    }

    private StreamGate gate(Duration patience) {
        return new StreamGate(isReady::get, new MessageWindow(_ -> {}), patience);
    }
}
