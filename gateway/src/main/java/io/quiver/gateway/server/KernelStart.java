package io.quiver.gateway.server;

import io.quiver.executor.index.KernelWarmUp;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.code.CodeKernels;
import io.quiver.executor.index.code.KernelSetting;
import io.quiver.executor.index.plan.CostCalibration;
import io.quiver.gateway.server.configuration.ConfigurationException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernels of searches compiled, and measures what searches cost with them, beside the rest of a start: once in
 * a process.
 */
final class KernelStart {
    /**
     * A start is ready after so long, counted from {@link #begin}; what is not compiled by then is compiled while the
     * first searches come.
     */
    private static final Duration WAIT_MAX = Duration.ofMillis(1_500);

    /** Where kernels are not compiled after so long, the virtual machine does not think that it is worth it. */
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(10);

    /** By then a start has ended, whatever it had to read. */
    private static final Duration AFTER_START = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(KernelStart.class);

    /** Made with the first call. */
    private static final class Once {
        static final CompletableFuture<Void> WARM =
                CompletableFuture.runAsync(KernelStart::warm, KernelStart::onThread);
        static final CompletableFuture<Void> WAITED =
                WARM.copy().completeOnTimeout(null, WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);

        /** That somebody calls it is enough. */
        static void begin() {}
    }

    private KernelStart() {}

    /** Refuses a setting that this machine cannot follow. */
    static void check() {
        try {
            KernelSetting.ofProcess();
        } catch (IllegalArgumentException refusal) {
            throw new ConfigurationException(String.valueOf(refusal.getMessage()));
        }
    }

    /**
     * Begins, if that has not been done: the sooner, the less of a start has to share the processor with it. Does
     * nothing where {@link #check} refuses.
     */
    static void begin() {
        try {
            check();
            Once.begin();
        } catch (ConfigurationException refusal) {
            LOG.debug("Kernels are not warmed", refusal);
        }
    }

    /** Returns when searches are fast, or will be soon. */
    static void await() {
        LOG.info(
                "Kernels: {} for embeddings, {} for codes",
                Kernels.best().name(),
                CodeKernels.best().name());
        Once.WAITED.join();
        if (!Once.WARM.isDone()) {
            LOG.info("Kernels for codes are still being compiled; the first searches of graphs will be slower");
        }
    }

    private static void onThread(Runnable warmUp) {
        Thread.ofPlatform().name("kernels").daemon().start(warmUp);
    }

    /**
     * Costs are measured when all is compiled, for otherwise they are those of a machine that compiles; until then they
     * are taken to be typical. And once more when a start has nothing to do with it any more.
     */
    private static void warm() {
        boolean areRowsFast = KernelWarmUp.run(WARM_UP_MAX);
        boolean areCodesFast = KernelWarmUp.runCodes(WARM_UP_MAX);
        if (areRowsFast && areCodesFast) {
            measureCosts();
            CompletableFuture.delayedExecutor(AFTER_START.toMillis(), TimeUnit.MILLISECONDS, KernelStart::onThread)
                    .execute(KernelStart::measureCosts);
        }
    }

    private static void measureCosts() {
        LOG.info("Search costs of this machine: {}", CostCalibration.run());
    }
}
