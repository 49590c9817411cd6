package io.quiver.loadtest;

import io.quiver.executor.index.NearestRows;
import io.quiver.loadtest.index.CpuTime;
import io.quiver.loadtest.sparse.SparseRecords;
import io.quiver.loadtest.sparse.ZipfVectors;
import io.quiver.log.record.SparseVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench sparse}: the nearest sparse vectors of a sealed segment, against computing every row. */
@Command(
        name = "sparse",
        description = {
            "Writes a sealed segment of sparse vectors whose terms follow Zipf's law, and searches it on one thread.",
            "Times are processor time; some queries are compared with computing every row."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class SparseBench implements Callable<Integer> {
    @Option(names = "--rows", description = "Records.")
    private int rows = 1_000_000;

    @Option(names = "--terms", description = "Terms of a record.")
    private int terms = 100;

    @Option(names = "--vocabulary", description = "Different terms.")
    private int vocabulary = 30_000;

    @Option(names = "--query-terms", split = ",", description = "Terms of a query.")
    private List<Integer> queryTerms = List.of(20, 50, 100);

    @Option(names = "--flat", description = "Terms of a query weigh the same, however rare they are.")
    private boolean isFlat;

    @Option(names = "--queries", description = "Queries, after half as many to warm up.")
    private int queries = 400;

    @Option(names = "--checked", description = "Queries that are compared with computing every row.")
    private int checked = 5;

    @Option(names = "-k", description = "Hits a query asks for.")
    private int k = 10;

    @Option(names = "--seed", description = "Of all that is drawn.")
    private long seed = 1;

    @Override
    public Integer call() throws IOException {
        Path directory = Files.createTempDirectory("quiver-sparse");
        ZipfVectors vectors = new ZipfVectors(seed, vocabulary, terms, isFlat);
        double begin = CpuTime.ofThisThreadSeconds();
        try (SparseRecords records = new SparseRecords(directory, vectors, rows)) {
            System.out.printf(
                    "%,d records x %d of %,d terms, %,d bytes on the disk, written in %.1f s of processor time%n",
                    rows, terms, vocabulary, records.sizeBytes(), CpuTime.ofThisThreadSeconds() - begin);
            for (int size : queryTerms) {
                measure(records, vectors, size);
            }
        } finally {
            delete(directory);
        }
        return 0;
    }

    private void measure(SparseRecords records, ZipfVectors vectors, int size) {
        double[] millis = new double[queries];
        for (int i = -queries / 2; i < queries; i++) {
            SparseVector query = vectors.query(size);
            double begin = CpuTime.ofThisThreadSeconds();
            records.nearest(query, k);
            millis[Math.max(i, 0)] = (CpuTime.ofThisThreadSeconds() - begin) * 1e3;
        }
        Arrays.sort(millis);
        System.out.printf(
                "queries of %d terms, %s: p50 %.2f ms, p99 %.2f ms; every row: %.0f ms, same hits%n",
                size,
                isFlat ? "flat" : "idf",
                millis[queries / 2],
                millis[queries * 99 / 100],
                check(records, vectors, size));
    }

    /** Milliseconds of computing every row. */
    private double check(SparseRecords records, ZipfVectors vectors, int size) {
        double sum = 0;
        for (int i = 0; i < checked; i++) {
            SparseVector query = vectors.query(size);
            double begin = CpuTime.ofThisThreadSeconds();
            NearestRows expected = records.nearestOfAll(query, k);
            sum += CpuTime.ofThisThreadSeconds() - begin;
            compare(expected, records.nearest(query, k));
        }
        return sum * 1e3 / checked;
    }

    private static void compare(NearestRows expected, NearestRows found) {
        boolean isSame = expected.size() == found.size();
        for (int i = 0; isSame && i < found.size(); i++) {
            isSame = expected.row(i) == found.row(i) && expected.distance(i) == found.distance(i);
        }
        if (!isSame) {
            throw new IllegalStateException("not the hits that computing every row finds");
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
