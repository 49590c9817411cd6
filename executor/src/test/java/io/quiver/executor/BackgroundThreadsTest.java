package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BackgroundThreadsTest {
    /** Of the fields behind the name of a thread. */
    private static final int NICENESS_FIELD = 16;

    private static final int NICENESS_MAX = 19;

    @Test
    @EnabledOnOs(OS.LINUX)
    void theyGiveWayAndOthersDoNot() throws Exception {
        Thread.Builder.OfPlatform builder = Thread.ofPlatform().name("background");
        int usual = on(builder.factory(), BackgroundThreadsTest::niceness);
        int nicer = Math.min(usual + BackgroundThreads.NICENESS, NICENESS_MAX);
        assertEquals(nicer, on(BackgroundThreads.of(builder), BackgroundThreadsTest::niceness));
        int nicest = Math.min(usual + BackgroundThreads.LEISURELY_NICENESS, NICENESS_MAX);
        assertEquals(nicest, on(BackgroundThreads.leisurely(builder), BackgroundThreadsTest::niceness));
        assertEquals(usual, on(builder.factory(), BackgroundThreadsTest::niceness));
    }

    @Test
    void theyAreAsTheBuilderSays() throws Exception {
        ThreadFactory threads =
                BackgroundThreads.of(Thread.ofPlatform().name("background-", 3).daemon());
        assertEquals("background-3", on(threads, () -> Thread.currentThread().getName()));
        assertEquals(true, on(threads, () -> Thread.currentThread().isDaemon()));
    }

    private static <T> T on(ThreadFactory threads, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        threads.newThread(task).start();
        return task.get();
    }

    private static int niceness() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Integer.parseInt(behindName[NICENESS_FIELD]);
    }
}
