package io.quiver.executor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes threads for work that no caller waits for, such as compaction, graphs, reading files through, and backups:
 * where a search wants the same core, it gets most of it.
 *
 * <p>On Linux each thread has a niceness of its own. The virtual machine heeds priorities for privileged users only,
 * although anybody may make a thread nicer; so each adds to its own, by {@code nice(2)}. Elsewhere these threads are
 * like others.
 */
public final class BackgroundThreads {
    /** More than a search has: a third of its weight, so that work goes on beside searches that take all cores. */
    static final int NICENESS = 5;
    /** A tenth of a search's weight, for what nobody misses where it comes later. */
    static final int LEISURELY_NICENESS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);
    private static final @Nullable MethodHandle NICE = nice();

    private BackgroundThreads() {}

    /** Threads as the builder says, which make themselves nicer before they work. */
    public static ThreadFactory of(Thread.Builder.OfPlatform builder) {
        return of(builder, NICENESS);
    }

    /** The same, for work that may come to a standstill while searches take all cores. */
    static ThreadFactory leisurely(Thread.Builder.OfPlatform builder) {
        return of(builder, LEISURELY_NICENESS);
    }

    private static ThreadFactory of(Thread.Builder.OfPlatform builder, int more) {
        ThreadFactory plain = builder.factory();
        return work -> plain.newThread(() -> {
            giveWay(more);
            work.run();
        });
    }

    private static void giveWay(int more) {
        if (NICE == null) {
            return;
        }
        try {
            int niceness = (int) NICE.invokeExact(more);
            LOG.debug(
                    "{} gives way to others, at niceness {}",
                    Thread.currentThread().getName(),
                    niceness);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @SuppressWarnings("restricted") // the signature is that of the manual page
    private static @Nullable MethodHandle nice() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("nice"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        } catch (RuntimeException missing) {
            LOG.warn("Work in the background cannot give way to searches", missing);
            return null;
        }
    }
}
