package io.quiver.log.catalog;

import io.quiver.log.catalog.IndexParameters.Hnsw;
import org.jspecify.annotations.Nullable;

/** What a caller says of an HNSW index; {@code null} leaves a parameter as it is. The space is said elsewhere. */
public record HnswSettings(
        @Nullable Integer efConstruction,
        @Nullable Integer efSearch,
        @Nullable Integer maxNeighbors,
        @Nullable Integer numThreads,
        @Nullable Double resizeFactor,
        @Nullable Integer syncThreshold,
        @Nullable Integer batchSize) {
    public static final HnswSettings NONE = new HnswSettings(null, null, null, null, null, null, null);

    public HnswSettings {
        // Whatever is said must be possible, also where nothing takes it up.
        resolve(
                Hnsw.DEFAULT,
                efConstruction,
                efSearch,
                maxNeighbors,
                numThreads,
                resizeFactor,
                syncThreshold,
                batchSize);
    }

    /** All parameters of {@code index}. */
    public static HnswSettings of(Hnsw index) {
        return new HnswSettings(
                index.efConstruction(),
                index.efSearch(),
                index.maxNeighbors(),
                index.numThreads(),
                index.resizeFactor(),
                index.syncThreshold(),
                index.batchSize());
    }

    /** The parameters of {@code index} with those given here in their place. */
    public Hnsw over(Hnsw index) {
        return resolve(
                index, efConstruction, efSearch, maxNeighbors, numThreads, resizeFactor, syncThreshold, batchSize);
    }

    /** These with what they leave open taken from {@code unsaid}. */
    HnswSettings completed(@Nullable HnswSettings unsaid) {
        return unsaid == null ? this : of(over(unsaid.over(Hnsw.DEFAULT)));
    }

    private static Hnsw resolve(
            Hnsw index,
            @Nullable Integer efConstruction,
            @Nullable Integer efSearch,
            @Nullable Integer maxNeighbors,
            @Nullable Integer numThreads,
            @Nullable Double resizeFactor,
            @Nullable Integer syncThreshold,
            @Nullable Integer batchSize) {
        return new Hnsw(
                index.space(),
                efConstruction == null ? index.efConstruction() : efConstruction,
                efSearch == null ? index.efSearch() : efSearch,
                maxNeighbors == null ? index.maxNeighbors() : maxNeighbors,
                numThreads == null ? index.numThreads() : numThreads,
                resizeFactor == null ? index.resizeFactor() : resizeFactor,
                syncThreshold == null ? index.syncThreshold() : syncThreshold,
                batchSize == null ? index.batchSize() : batchSize);
    }
}
