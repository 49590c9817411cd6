package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class BuildThreadsTest {
    @Test
    void runsTheShareOfEachWorkerOnceEachTime() {
        try (BuildThreads threads = new BuildThreads(4)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(4);
            for (int i = 0; i < 100; i++) {
                threads.run(runs::incrementAndGet);
            }
            assertEquals("[100, 100, 100, 100]", runs.toString());
        }
    }

    @Test
    void waitsForAllEvenWhereOneFails() {
        try (BuildThreads threads = new BuildThreads(3)) {
            for (int failing = 0; failing < 3; failing++) {
                int bad = failing;
                AtomicInteger ended = new AtomicInteger();
                var failure =
                        assertThrows(RuntimeException.class, () -> threads.run(worker -> work(worker == bad, ended)));
                assertEquals(2, ended.get());
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                assertInstanceOf(ArithmeticException.class, cause);
            }
        }
    }

    private static void work(boolean isBad, AtomicInteger ended) {
        if (isBad) {
            throw new ArithmeticException("this worker is to fail");
        }
        Thread.onSpinWait();
        ended.incrementAndGet();
    }
}
