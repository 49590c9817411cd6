package io.quiver.gateway.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.gateway.connection.ConnectionLimits;
import io.quiver.gateway.connection.GuardedTransport;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;

/** Vert.x as the gateway uses it: native transport where there is one, its metrics among ours, no cache of files. */
final class GatewayVertx {
    /** Large bodies are read here; more threads than cores would only take memory. */
    private static final int WORKER_THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private GatewayVertx() {}

    static Vertx create(int eventLoops, ConnectionLimits connections, MeterRegistry meters) {
        return Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(eventLoops)
                        .setWorkerPoolSize(WORKER_THREADS)
                        .setInternalBlockingPoolSize(WORKER_THREADS)
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false))
                        .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withTransport(GuardedTransport.of(connections, meters))
                .withMetrics(new MicrometerMetricsFactory(meters))
                .build();
    }
}
