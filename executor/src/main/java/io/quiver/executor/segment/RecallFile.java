package io.quiver.executor.segment;

import io.quiver.executor.index.RecallCurve;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/**
 * The {@link Calibration} of a segment's graph.
 *
 * <p>{@code recall.qc}: per point of the curve u32 ef and f32 recall, ef rising. Numbers of the header: k, questions
 * asked, the floor as the bits of a f64, the seed.
 */
final class RecallFile {
    private static final int POINT_BYTES = Integer.BYTES + Float.BYTES;

    private RecallFile() {}

    static void write(Storage storage, String directory, UUID segment, int rowCount, Calibration calibration)
            throws IOException {
        RecallCurve curve = calibration.curve();
        try (CheckedFileWriter file = new CheckedFileWriter(storage, path(directory), FileKind.RECALL, segment)) {
            for (int i = 0; i < curve.efs().length; i++) {
                file.writeInt(curve.efs()[i]);
                file.writeInt(Float.floatToRawIntBits(curve.recalls()[i]));
            }
            file.finish(
                    rowCount,
                    curve.k(),
                    calibration.sampleSize(),
                    Double.doubleToRawLongBits(calibration.floor()),
                    calibration.seed());
        }
    }

    /** Reads it whole. */
    static Calibration read(Storage storage, String directory, UUID segment, int rowCount) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            CheckedFile file = CheckedFile.open(storage, path(directory), FileKind.RECALL, segment, arena);
            file.expect("rows", rowCount, file.header().rowCount());
            file.verify();
            return calibration(file);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new CorruptSegmentException(path(directory), "it holds no calibration: " + e.getMessage(), e);
        }
    }

    static String path(String directory) {
        return directory + "/" + FileKind.RECALL.fileName();
    }

    private static Calibration calibration(CheckedFile file) {
        long[] numbers = file.header().numbers();
        return new Calibration(
                curve(Math.toIntExact(numbers[0]), file.body()),
                Math.toIntExact(numbers[1]),
                Double.longBitsToDouble(numbers[2]),
                numbers[3]);
    }

    private static RecallCurve curve(int k, MemorySegment points) {
        int count = Math.toIntExact(points.byteSize() / POINT_BYTES);
        int[] efs = new int[count];
        float[] recalls = new float[count];
        for (int i = 0; i < count; i++) {
            efs[i] = points.get(LittleEndian.INT, (long) i * POINT_BYTES);
            recalls[i] = points.get(LittleEndian.FLOAT, (long) i * POINT_BYTES + Integer.BYTES);
        }
        return new RecallCurve(k, efs, recalls);
    }
}
