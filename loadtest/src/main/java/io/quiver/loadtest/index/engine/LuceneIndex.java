package io.quiver.loadtest.index.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.IOUtils;

/** One mapped segment of Lucene; its folder goes when it is closed. */
final class LuceneIndex implements BuiltIndex {
    /**
     * How many candidates a quantised search scores again: a few, as many more for shorter codes, or the whole beam.
     */
    private static final List<Integer> RESCORED = List.of(2 * Searcher.K, 5 * Searcher.K, Integer.MAX_VALUE);

    private final LucenePrecision precision;
    private final MMapDirectory directory;
    private final Path folder;
    private final Corpus corpus;
    private final DirectoryReader reader;

    LuceneIndex(LucenePrecision precision, MMapDirectory directory, Path folder, Corpus corpus) throws IOException {
        this.precision = precision;
        this.directory = directory;
        this.folder = folder;
        this.corpus = corpus;
        this.reader = DirectoryReader.open(directory);
    }

    @Override
    public List<Searcher> searchers() throws IOException {
        if (reader.leaves().size() != 1) {
            throw new IllegalStateException(
                    "expected one segment, found " + reader.leaves().size());
        }
        if (precision == LucenePrecision.FLOAT) {
            return List.of(searcher("", 0));
        }
        return RESCORED.stream()
                .map(count ->
                        searcher(count == Integer.MAX_VALUE ? ", all again" : ", %d again".formatted(count), count))
                .toList();
    }

    private Searcher searcher(String suffix, int rescored) {
        LeafReader leaf = reader.leaves().getFirst().reader();
        return new LuceneSearcher(
                "Lucene " + precision.label() + suffix, leaf, corpus.peerQueries(), filesBytes(), rescored);
    }

    @Override
    public long sizeBytes() {
        return filesBytes();
    }

    /** Of all files but the vectors in single precision, which the corpus counts. */
    private long filesBytes() {
        try {
            long sum = -corpus.rawBytes();
            for (String file : directory.listAll()) {
                sum += directory.fileLength(file);
            }
            return sum;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
        IOUtils.rm(folder);
    }
}
