package io.quiver.log;

/**
 * How large what a caller writes may be. Sizes of text are in UTF-8 bytes.
 *
 * @param dimensionMax floats of an embedding
 * @param metadataKeysMax keys that one operation sets or removes
 * @param metadataBytesMax keys and values that one operation sets, together
 * @param batchRecordsMax operations of one write
 * @param inFlightBytesMax all writes together that are not yet applied; further ones are refused
 */
public record RecordLimits(
        int dimensionMax,
        int idBytesMax,
        int documentBytesMax,
        int uriBytesMax,
        int metadataKeysMax,
        int metadataBytesMax,
        int batchRecordsMax,
        long inFlightBytesMax) {
    public static final RecordLimits DEFAULT =
            new RecordLimits(16_384, 1 << 10, 1 << 20, 8 << 10, 1_024, 64 << 10, 100_000, 256L << 20);

    /** The place of an operation in its batch has 20 bits. */
    private static final int BATCH_RECORDS_LIMIT = 1 << 20;

    public RecordLimits {
        check("dimensionMax", dimensionMax, 1 << 20);
        check("idBytesMax", idBytesMax, 1 << 20);
        check("documentBytesMax", documentBytesMax, 1 << 28);
        check("uriBytesMax", uriBytesMax, 1 << 20);
        check("metadataKeysMax", metadataKeysMax, 1 << 20);
        check("metadataBytesMax", metadataBytesMax, 1 << 28);
        check("batchRecordsMax", batchRecordsMax, BATCH_RECORDS_LIMIT);
        check("inFlightBytesMax", inFlightBytesMax, 1L << 40);
    }

    private static void check(String name, long value, long most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("%s must lie in 1..%d, not %d".formatted(name, most, value));
        }
    }

    public RecordLimits withInFlightBytesMax(long bytes) {
        return new RecordLimits(
                dimensionMax,
                idBytesMax,
                documentBytesMax,
                uriBytesMax,
                metadataKeysMax,
                metadataBytesMax,
                batchRecordsMax,
                bytes);
    }
}
