package io.quiver.gateway.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quiver.compactor.backup.BackgroundBackups;
import io.quiver.compactor.backup.BackupStats;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;

/** Figures of backups, read when someone looks at the metrics. */
final class BackupMeters implements MeterBinder {
    private static final double MILLIS = 1000;

    private final BackgroundBackups backups;

    BackupMeters(BackgroundBackups backups) {
        this.backups = backups;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "quiver.backup.success", "Backups made", BackupStats::taken);
        counter(registry, "quiver.backup.failures", "Backups that could not be made", BackupStats::failed);
        gauge(registry, "quiver.backup.count", "Backups that can be restored", BackupStats::stored);
        gauge(
                registry,
                "quiver.backup.duration.seconds",
                "How long the newest backup took to make",
                stats -> seconds(stats.lastTook()));
        gauge(
                registry,
                "quiver.backup.copied.bytes",
                "What was copied for the newest backup",
                BackupStats::lastCopiedBytes);
        gauge(
                registry,
                "quiver.backup.size.bytes",
                "Everything that the newest backup consists of",
                BackupStats::newestBytes);
        gauge(
                registry,
                "quiver.backup.age.seconds",
                "Age of the newest backup; 0 where there is none",
                stats -> seconds(stats.age(Instant.now())));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS;
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<BackupStats> value) {
        Gauge.builder(name, this, meters -> value.applyAsDouble(meters.backups.stats()))
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String description, ToDoubleFunction<BackupStats> value) {
        FunctionCounter.builder(name, this, meters -> value.applyAsDouble(meters.backups.stats()))
                .description(description)
                .register(registry);
    }
}
