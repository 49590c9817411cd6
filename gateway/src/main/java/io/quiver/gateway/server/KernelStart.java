package io.quiver.gateway.server;

import io.quiver.executor.index.KernelWarmUp;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.code.CodeKernels;
import io.quiver.executor.index.code.KernelSetting;
import io.quiver.executor.index.plan.CostCalibration;
import io.quiver.gateway.server.configuration.ConfigurationException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the kernels of searches compiled, and measures what searches cost with them, beside the rest of a start. */
final class KernelStart {
    /** A machine that needs longer to compile the kernels begins with slower ones. */
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(KernelStart.class);

    private KernelStart() {}

    /** Completes when searches are fast, or will be soon; refuses a setting that this machine cannot follow. */
    static CompletableFuture<Void> begin() {
        check();
        LOG.info(
                "Kernels: {} for embeddings, {} for codes",
                Kernels.best().name(),
                CodeKernels.best().name());
        return CompletableFuture.allOf(
                CompletableFuture.runAsync(KernelStart::warmRows), CompletableFuture.runAsync(KernelStart::warmCodes));
    }

    private static void check() {
        try {
            KernelSetting.ofProcess();
        } catch (IllegalArgumentException refusal) {
            throw new ConfigurationException(String.valueOf(refusal.getMessage()));
        }
    }

    /** Costs are measured with kernels that have been compiled, for otherwise they are not the costs of later. */
    private static void warmRows() {
        if (KernelWarmUp.run(WARM_UP_MAX)) {
            LOG.info("Search costs of this machine: {}", CostCalibration.run());
        }
    }

    private static void warmCodes() {
        if (!KernelWarmUp.runCodes(WARM_UP_MAX)) {
            LOG.info("Kernels for codes are still being compiled; the first searches of graphs will be slower");
        }
    }
}
