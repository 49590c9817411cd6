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

/** Has the kernels of searches compiled, and measures what searches cost with them, beside the rest of a start. */
final class KernelStart {
    /** A start waits no longer; what is not compiled by then is compiled while the first searches come. */
    private static final Duration WAIT_MAX = Duration.ofMillis(700);

    /** Where kernels are not compiled after so long, the virtual machine does not think that it is worth it. */
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(KernelStart.class);

    private KernelStart() {}

    /** Completes when searches are fast, or will be soon; refuses a setting that this machine cannot follow. */
    static CompletableFuture<Void> begin() {
        check();
        LOG.info(
                "Kernels: {} for embeddings, {} for codes",
                Kernels.best().name(),
                CodeKernels.best().name());
        CompletableFuture<Void> warm = CompletableFuture.runAsync(KernelStart::warm, KernelStart::onThread);
        return warm.copy()
                .completeOnTimeout(null, WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> tell(warm.isDone()));
    }

    private static void onThread(Runnable warmUp) {
        Thread.ofPlatform().name("kernels").daemon().start(warmUp);
    }

    /**
     * Costs are measured when all is compiled, for otherwise they are those of a machine that compiles; until then they
     * are taken to be typical.
     */
    private static void warm() {
        boolean areRowsFast = KernelWarmUp.run(WARM_UP_MAX);
        boolean areCodesFast = KernelWarmUp.runCodes(WARM_UP_MAX);
        if (areRowsFast && areCodesFast) {
            LOG.info("Search costs of this machine: {}", CostCalibration.run());
        }
    }

    private static void tell(boolean isWarm) {
        if (!isWarm) {
            LOG.info("Kernels for codes are still being compiled; the first searches of graphs will be slower");
        }
    }

    private static void check() {
        try {
            KernelSetting.ofProcess();
        } catch (IllegalArgumentException refusal) {
            throw new ConfigurationException(String.valueOf(refusal.getMessage()));
        }
    }
}
