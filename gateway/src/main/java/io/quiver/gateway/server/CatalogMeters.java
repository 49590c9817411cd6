package io.quiver.gateway.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quiver.log.catalog.SqliteCatalog;

/** How the files of the catalog are. */
record CatalogMeters(SqliteCatalog catalog) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("quiver.catalog.files", catalog, SqliteCatalog::fileCount)
                .description("Files that have the whole catalog: one less than two while the second cannot be written")
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "quiver.catalog.mended.files",
                        catalog,
                        mended -> mended.mended().size())
                .description("Files of the catalog that were found damaged, at the start or since, and made again")
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "quiver.catalog.damaged.files",
                        catalog,
                        damaged -> damaged.damaged().size())
                .description("Files of the catalog that are damaged and could not be made again")
                .strongReference(true)
                .register(registry);
    }
}
