package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class PromptThreadsTest {
    @Test
    void aThreadThatAsksForItHasTheShortestSlicesAndOthersHaveNot() throws Exception {
        ThreadFactory plain = Thread.ofPlatform().factory();
        Duration usual = on(plain, PromptThreads::slice);
        assumeTrue(usual.compareTo(PromptThreads.SLICE) > 0, "a kernel that tells of slices");
        assertEquals(PromptThreads.SLICE, on(PromptThreads.of(plain), PromptThreads::slice));
        assertEquals(usual, on(plain, PromptThreads::slice));
    }

    private static <T> T on(ThreadFactory threads, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        threads.newThread(task).start();
        return task.get();
    }
}
