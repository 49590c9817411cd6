package io.quiver.loadtest.data;

import io.quiver.log.catalog.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Opens a data set by its description:
 *
 * <ul>
 *   <li>{@code mnist:FOLDER}: {@code base.u8.gz}, {@code query.u8.gz}, {@code groundtruth.i32.gz} of dimension 784;
 *   <li>{@code fvecs:PREFIX}: {@code PREFIX_base.fvecs}, {@code PREFIX_query.fvecs}, {@code PREFIX_groundtruth.ivecs};
 *   <li>{@code generated:n=100000,d=128,queries=1000,clusters=400,intrinsic=24,space=l2,seed=1}, each with that
 *       default; without any structure where {@code clusters=0}.
 * </ul>
 */
public final class DataSets {
    private static final int MNIST_DIMENSION = 784;
    private static final int TRUTH_WIDTH = 100;

    private DataSets() {}

    public static DataSet open(String description) throws IOException {
        int colon = description.indexOf(':');
        String kind = colon < 0 ? description : description.substring(0, colon);
        String rest = colon < 0 ? "" : description.substring(colon + 1);
        return switch (kind) {
            case "mnist" -> mnist(Path.of(rest));
            case "fvecs" -> fvecs(rest);
            case "generated" -> generated(options(rest));
            default ->
                throw new IllegalArgumentException(
                        "a data set is mnist:FOLDER, fvecs:PREFIX or generated:OPTIONS, not " + description);
        };
    }

    private static DataSet mnist(Path folder) throws IOException {
        return new DataSet(
                "mnist-784",
                Space.L2,
                VectorFiles.unsignedBytes(folder.resolve("base.u8.gz"), MNIST_DIMENSION),
                VectorFiles.unsignedBytes(folder.resolve("query.u8.gz"), MNIST_DIMENSION),
                VectorFiles.intRows(folder.resolve("groundtruth.i32.gz"), TRUTH_WIDTH));
    }

    private static DataSet fvecs(String prefix) throws IOException {
        return new DataSet(
                Path.of(prefix).getFileName().toString(),
                Space.L2,
                VectorFiles.fvecs(Path.of(prefix + "_base.fvecs")),
                VectorFiles.fvecs(Path.of(prefix + "_query.fvecs")),
                VectorFiles.ivecs(Path.of(prefix + "_groundtruth.ivecs")));
    }

    private static DataSet generated(Map<String, String> options) {
        int count = number(options, "n", 100_000);
        int dimension = number(options, "d", 128);
        int queryCount = number(options, "queries", 1_000);
        int seed = number(options, "seed", 1);
        Space space = Space.valueOf(options.getOrDefault("space", "l2").toUpperCase(Locale.ROOT));
        ClusteredVectors source = new ClusteredVectors(
                number(options, "clusters", 400), dimension, number(options, "intrinsic", 24), 1.0, seed);
        Vectors base = source.draw(count, seed + 1L);
        Vectors queries = source.draw(queryCount, seed + 2L);
        String name = "generated-%dx%d-%s-seed%d".formatted(count, dimension, space.wireName(), seed);
        return new DataSet(name, space, base, queries, ExactSearch.nearest(base, queries, space, 10));
    }

    private static Map<String, String> options(String text) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("an option is name=value, not " + part);
            }
            options.put(part.substring(0, equals), part.substring(equals + 1));
        }
        return options;
    }

    private static int number(Map<String, String> options, String name, int otherwise) {
        String text = options.get(name);
        return text == null ? otherwise : Integer.parseInt(text.replace("_", ""));
    }
}
