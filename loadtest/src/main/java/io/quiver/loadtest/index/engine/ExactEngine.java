package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.FlatIndex;
import java.util.List;

/** Quiver's exact scan, which needs no building. */
final class ExactEngine implements Engine {
    @Override
    public String name() {
        return "exact";
    }

    @Override
    public Family family() {
        return Family.EXACT;
    }

    @Override
    public BuiltIndex build(Corpus corpus) {
        return new Scan(corpus);
    }

    private record Scan(Corpus corpus) implements BuiltIndex {
        @Override
        public List<Searcher> searchers() {
            FlatIndex index = new FlatIndex(corpus.metric(), corpus.rows());
            return List.of(new QuiverSearcher(Family.EXACT, index, index, 0, corpus));
        }

        @Override
        public long sizeBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
