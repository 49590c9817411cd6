package io.quiver.loadtest.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Processes that would outlive this one, as when it is interrupted in the middle: they are killed with it. Safe on every
 * thread.
 */
public final class Orphans {
    private static final Set<ProcessHandle> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().unstarted(() -> RUNNING.forEach(ProcessHandle::destroyForcibly)));
    }

    private Orphans() {}

    /** Kills it at the end of this process, unless it has ended. */
    public static void watch(ProcessHandle process) {
        RUNNING.add(process);
        var _ = process.onExit().thenRun(() -> RUNNING.remove(process));
    }
}
