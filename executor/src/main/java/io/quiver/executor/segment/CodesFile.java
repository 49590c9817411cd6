package io.quiver.executor.segment;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.blocked.BlockedCodes;
import io.quiver.executor.index.blocked.CodesImage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.UUID;

/**
 * The codes of a sealed segment, mapped: an eighth of a byte a dimension. They can be made of the embeddings at any
 * time, in many times the time that it takes to read them; segments of early servers have none.
 *
 * <p>{@code codes.qb}: a {@link CodesImage}, as it is searched. Numbers of the header: metric, dimension, components of
 * a code.
 */
final class CodesFile {
    /** Fewer rows are scanned in the time that anybody needs to ask. */
    private static final int ROWS_MIN = 4 * CodesImage.ROWS_MIN;

    private final CheckedFile file;
    private final VectorFiles vectors;
    private final Metric metric;
    private final CodesImage image;

    private CodesFile(CheckedFile file, VectorFiles vectors, Metric metric, CodesImage image) {
        this.file = file;
        this.vectors = vectors;
        this.metric = metric;
        this.image = image;
    }

    static boolean areWorthwhile(int dimension, int rowCount) {
        return rowCount >= ROWS_MIN && BlockedCodes.isWorthwhile(dimension);
    }

    /** Makes the file durable, but for the directory; does nothing where codes are not worthwhile. */
    static void write(Storage storage, String directory, UUID segment, Metric metric, VectorFiles vectors)
            throws IOException {
        if (!areWorthwhile(vectors.dimension(), vectors.rowCount())) {
            return;
        }
        CodesImage image = new CodesImage(vectors.dimension(), vectors.rowCount());
        try (CheckedFileWriter file = new CheckedFileWriter(storage, path(directory), FileKind.CODES, segment)) {
            image.encode(metric, vectors, file::write);
            file.finish(vectors.rowCount(), VectorFiles.code(metric), vectors.dimension(), image.codeDimension());
        }
    }

    /**
     * Empty where the segment has no such file.
     *
     * @param arena of the mapping
     */
    static Optional<CodesFile> open(
            Storage storage, String directory, UUID segment, Metric metric, VectorFiles vectors, Arena arena)
            throws IOException {
        if (!storage.exists(path(directory))) {
            return Optional.empty();
        }
        CheckedFile file = CheckedFile.open(storage, path(directory), FileKind.CODES, segment, arena);
        file.expect("rows", vectors.rowCount(), file.header().rowCount());
        if (vectors.rowCount() < CodesImage.ROWS_MIN) {
            throw new CorruptSegmentException(path(directory), "so few rows have no codes");
        }
        CodesImage image = new CodesImage(vectors.dimension(), vectors.rowCount());
        file.expect("metric", VectorFiles.code(metric), file.header().numbers()[0]);
        file.expect("dimension", vectors.dimension(), file.header().numbers()[1]);
        file.expect("code dimension", image.codeDimension(), file.header().numbers()[2]);
        file.expect("bytes", image.sizeBytes(), file.header().bodyBytes());
        return Optional.of(new CodesFile(file, vectors, metric, image));
    }

    private static String path(String directory) {
        return directory + "/" + FileKind.CODES.fileName();
    }

    /** Searches by the mapped codes. */
    VectorIndex index() {
        return image.open(metric, vectors, file.body());
    }

    void compareChecksums(ReadPace pace) throws CorruptSegmentException {
        file.verify(pace);
    }

    /** Reads the file whole, and compares the codes with the embeddings. */
    void verify() throws CorruptSegmentException {
        file.verify();
        try {
            image.check(metric, vectors, file.body());
        } catch (IllegalArgumentException damage) {
            throw new CorruptSegmentException(file.path(), String.valueOf(damage.getMessage()), damage);
        }
    }
}
