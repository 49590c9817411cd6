package io.quiver.executor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes threads prompt that have little to do at a time, such as event loops: when one wakes up on cores that are all
 * busy with searches, it runs at once instead of when a search has used up its slice of time.
 *
 * <p>Since version 6.12 Linux lets each thread say how long its slices are, and whoever asks for shorter ones comes
 * earlier: it has no more of a core in the end, only sooner and in smaller pieces (<a
 * href="https://docs.kernel.org/scheduler/sched-eevdf.html">EEVDF</a>, {@code sched_setattr(2)}, whose {@code
 * sched_runtime} means that for ordinary threads). Elsewhere nothing changes.
 */
public final class PromptThreads {
    /** The shortest that there is. */
    static final Duration SLICE = Duration.ofNanos(100_000);

    private static final Logger LOG = LoggerFactory.getLogger(PromptThreads.class);

    /** By architecture: to get the attributes of a thread, and to set them. */
    private static final Map<String, Calls> CALLS =
            Map.of("amd64", new Calls(315, 314), "aarch64", new Calls(275, 274));

    /** {@code struct sched_attr} of version 0. */
    private static final long ATTRIBUTES_BYTES = 48;

    private static final long SIZE_AT = 0;
    private static final long RUNTIME_AT = 24;

    private static final @Nullable MethodHandle SYSCALL = syscall();

    private record Calls(long get, long set) {}

    private PromptThreads() {}

    /** Threads as another factory makes them, prompt from the beginning. */
    public static ThreadFactory of(ThreadFactory plain) {
        return work -> plain.newThread(() -> {
            become();
            work.run();
        });
    }

    /** Makes the thread that calls this prompt for as long as it lives. */
    public static void become() {
        Calls calls = CALLS.get(System.getProperty("os.arch"));
        if (SYSCALL == null || calls == null) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
            boolean isKnown = call(SYSCALL, calls.get, attributes, ATTRIBUTES_BYTES);
            attributes.set(JAVA_INT, SIZE_AT, (int) ATTRIBUTES_BYTES);
            attributes.set(JAVA_LONG, RUNTIME_AT, SLICE.toNanos());
            boolean isSet = isKnown && call(SYSCALL, calls.set, attributes, 0);
            LOG.debug(
                    "{} asked for short slices of time: {}",
                    Thread.currentThread().getName(),
                    isSet);
        }
    }

    /** How long this thread's slices are; zero where nobody says. */
    static Duration slice() {
        Calls calls = CALLS.get(System.getProperty("os.arch"));
        if (SYSCALL == null || calls == null) {
            return Duration.ZERO;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
            call(SYSCALL, calls.get, attributes, ATTRIBUTES_BYTES);
            return Duration.ofNanos(attributes.get(JAVA_LONG, RUNTIME_AT));
        }
    }

    /** Of the thread that calls; whether it was done. */
    private static boolean call(MethodHandle syscall, long number, MemorySegment attributes, long third) {
        try {
            return (long) syscall.invokeExact(number, 0L, attributes, third, 0L) == 0;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @SuppressWarnings("restricted") // the signature is that of the manual page
    private static @Nullable MethodHandle syscall() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));
        } catch (RuntimeException missing) {
            LOG.warn("Event loops wait for searches where cores are few", missing);
            return null;
        }
    }
}
