package io.quiver.compactor.backup;

/**
 * How bytes are told from others.
 *
 * @param checksum their CRC32C
 */
record Content(long sizeBytes, int checksum) {
    Content {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("a size must not be negative: " + sizeBytes);
        }
    }

    /** Refuses bytes of a file that are others. */
    void require(String path, Content found) throws CorruptBackupException {
        if (!equals(found)) {
            throw new CorruptBackupException(
                    path,
                    "expected %d bytes with checksum %08x, found %d with %08x"
                            .formatted(sizeBytes, checksum, found.sizeBytes, found.checksum));
        }
    }
}
