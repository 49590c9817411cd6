package io.quiver.loadtest.index.engine;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.VectorScorer;

/** Searches one segment of Lucene below its query classes: the collector's size is the beam's width. */
final class LuceneSearcher implements Searcher {
    private final String name;
    private final LeafReader leaf;
    private final float[][] queries;
    private final long sizeBytes;
    private final int rescored;

    /** @param rescored candidates whose distance is computed again from their floats, 0 for none */
    LuceneSearcher(String name, LeafReader leaf, float[][] queries, long sizeBytes, int rescored) {
        this.name = name;
        this.leaf = leaf;
        this.queries = queries;
        this.sizeBytes = sizeBytes;
        this.rescored = rescored;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Family family() {
        return Family.LUCENE;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void search(int from, int to, int ef, int[][] found) throws IOException {
        AcceptDocs all = AcceptDocs.fromLiveDocs(null, leaf.maxDoc());
        for (int i = from; i < to; i++) {
            TopKnnCollector collector = new TopKnnCollector(ef, Integer.MAX_VALUE);
            leaf.searchNearestVectors(LuceneEngine.FIELD, queries[i], collector, all);
            found[i] = rows(best(collector.topDocs().scoreDocs, queries[i]));
        }
    }

    private ScoreDoc[] best(ScoreDoc[] candidates, float[] query) throws IOException {
        if (rescored == 0) {
            return candidates;
        }
        ScoreDoc[] again = Arrays.copyOf(candidates, Math.min(candidates.length, rescored));
        Arrays.sort(again, Comparator.comparingInt(candidate -> candidate.doc));
        VectorScorer scorer = leaf.getFloatVectorValues(LuceneEngine.FIELD).rescorer(query);
        DocIdSetIterator documents = scorer.iterator();
        for (ScoreDoc candidate : again) {
            documents.advance(candidate.doc);
            candidate.score = scorer.score();
        }
        Arrays.sort(again, Comparator.comparingDouble(candidate -> -candidate.score));
        return again;
    }

    private static int[] rows(ScoreDoc[] best) {
        int[] rows = new int[Math.min(K, best.length)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = best[i].doc;
        }
        return rows;
    }
}
