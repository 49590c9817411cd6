package io.quiver.loadtest.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Processes that would outlive this one, as when it is interrupted in the middle: they are killed with it. */
final class Orphans {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().unstarted(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private Orphans() {}

    static void watch(Process process) {
        RUNNING.add(process);
        var _ = process.onExit().thenRun(() -> RUNNING.remove(process));
    }
}
