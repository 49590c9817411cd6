package io.quiver.loadtest.index.engine;

/** What competes: for each of these the best configuration at a recall counts. */
public enum Family {
    QUIVER("quiver"),
    QUIVER_BATCH("quiver batch " + QuiverSearcher.BATCH),
    QUIVER_COMPACT("quiver compact"),
    QUIVER_COMPACT_BATCH("quiver compact batch " + QuiverSearcher.BATCH),
    EXACT("exact"),
    JVECTOR("JVector best"),
    LUCENE("Lucene best");

    private final String title;

    Family(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
