package io.quiver.loadtest.kernel;

/** Where the rows lie that a benchmark reads. */
public enum Residence {
    CACHE(16 << 10),
    MEMORY(256 << 20);

    private final int bytes;

    Residence(int bytes) {
        this.bytes = bytes;
    }

    /** How much is read by turns. */
    int bytes() {
        return bytes;
    }
}
