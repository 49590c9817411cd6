package io.quiver.executor.index.plan;

/**
 * What searches cost on one thread, in nanoseconds.
 *
 * <p>A row that is looked at costs a time of its own and a time for each of its floats; rows that lie one after the
 * other cost less than rows here and there, for which the memory has to be waited for. A walk through a graph looks at
 * about one row for each place of its beam: a place costs some such waits, the row's floats, and the codes of 32
 * neighbours, which are as many bytes as the floats again.
 *
 * @param all a scan of all rows
 * @param some a scan of some rows
 * @param again the same once more, when caches hold the rows
 */
public record CostModel(RowCost all, RowCost some, RowCost again) {
    /** Until something has been measured: a server processor of 2024 that others use as well. */
    public static final CostModel TYPICAL =
            new CostModel(new RowCost(12, 0.2), new RowCost(55, 0.25), new RowCost(15, 0.1));

    /** A walk mostly ends before it has used all places of its beam; of a wide one it uses less than half. */
    private static final double STEPS_A_PLACE = 0.7;

    /** Finding where to begin, in places of the beam. */
    private static final double ENTRY_PLACES = 10;

    /** Bytes of a step against those of the row alone. */
    private static final double STEP_FLOATS = 2;

    /** A step cannot begin before the last one has ended, so nothing hides the time that memory takes. */
    private static final double STEP_WAITS = 7;

    /** What is done with what has come then, whatever its length. */
    private static final double STEP_NS = 150;

    /** What a step costs among accepted rows, against one among all: two beams, and longer ones. */
    private static final double BRIDGES = 2.5;

    /** A code is a 32nd of a row, and is read from one end to the other. */
    private static final double CODE_SHARE = 0.8 / 32;

    /** And what is done with it takes as long as so many floats of a row do. */
    private static final double CODE_FLOATS = 4;

    /** Fewer accepted rows than this share make a walk no longer: it is given up for a scan by then. */
    private static final double SELECTIVITY_MIN = 0.02;

    private static final int CODES_A_BLOCK = 32;

    /** Preparing a query for codes. */
    private static final double CODES_BEGIN_NS = 20_000;

    /** Rows that codes leave, whose distances are computed. */
    private static final int CODES_COMPUTED = 120;

    /** What bytes of a row cost against its floats: fewer lines, but the first of them is waited for as long. */
    private static final double BYTE_SHARE = 0.6;

    /** The same of rows so long that most are given up for what sketches of them say. */
    private static final double SKETCH_SHARE = 0.2;

    private static final int LONG_DIMENSION = 480;

    /** Taking a query where bytes are, for each of its dimensions. */
    private static final double BYTES_BEGIN_NS = 10;

    /** Rows whose distances are computed after that. */
    private static final int BYTES_COMPUTED = 16;

    /** What sketches leave, whose bytes are compared and some of whose distances are computed. */
    private static final int SKETCHES_COMPUTED = 64;

    /** Rows that were looked at are still in a cache when they are looked at again, if they are no more than this. */
    private static final double KEPT_BYTES = 12 << 20;

    private static volatile CostModel measured = TYPICAL;

    /** Of this machine, if {@link CostCalibration} has measured it, else {@link #TYPICAL}. */
    public static CostModel ofThisMachine() {
        return measured;
    }

    static void measured(CostModel model) {
        measured = model;
    }

    /** What costs less of each, as two measurements have it. */
    CostModel cheaper(CostModel other) {
        return new CostModel(all.cheaper(other.all), some.cheaper(other.some), again.cheaper(other.again));
    }

    /** Looking at every row. */
    double scanNs(long rows, int dimension) {
        return rows * all.of(dimension);
    }

    /** Looking at some of the rows, which for many of them is no more than looking at all. */
    double matchesNs(long matches, long rows, int dimension) {
        return Math.min(matches * some.of(dimension), scanNs(rows, dimension));
    }

    /** Looking at the same rows as the search before. */
    double matchesAgainNs(long matches, long rows, int dimension) {
        boolean areKept = matches * (double) dimension * Float.BYTES <= KEPT_BYTES;
        return areKept ? matches * again.of(dimension) : matchesNs(matches, rows, dimension);
    }

    /** Looking at some of the rows by their bytes. */
    double bytesNs(long matches, int dimension) {
        double byBytes = BYTES_COMPUTED + matches * BYTE_SHARE;
        double bySketches = SKETCHES_COMPUTED + matches * SKETCH_SHARE;
        double rows = dimension < LONG_DIMENSION ? byBytes : Math.min(byBytes, bySketches);
        return BYTES_BEGIN_NS * dimension + rows * some.of(dimension);
    }

    /** Looking at the codes of all rows. */
    double codesNs(long rows, int dimension) {
        return codesNs(rows, rows, dimension);
    }

    /** Looking at the blocks of codes in which there are some of the rows, which lie anywhere. */
    double codesNs(long matches, long rows, int dimension) {
        double selectivity = rows == 0 ? 1 : (double) matches / rows;
        double blocks = 1 - Math.pow(1 - selectivity, CODES_A_BLOCK);
        double codeNs = CODE_SHARE * all.of(dimension) + CODE_FLOATS * all.floatNs();
        double computedNs = Math.min(CODES_COMPUTED, matches) * some.of(dimension);
        return CODES_BEGIN_NS + blocks * rows * codeNs + computedNs;
    }

    /** A walk with a beam of {@code ef}, which cannot be longer than there are rows. */
    double graphNs(double ef, long rows, int dimension) {
        double steps = Math.min((double) rows, (ef + ENTRY_PLACES) * STEPS_A_PLACE);
        return steps * (STEP_NS + some.rowNs() * STEP_WAITS + some.floatNs() * STEP_FLOATS * dimension);
    }

    /** The same walk over the accepted rows alone: the fewer they are, the more steps lie between them. */
    double filteredGraphNs(double ef, double selectivity, long rows, int dimension) {
        return graphNs(ef, rows, dimension) * BRIDGES / Math.max(selectivity, SELECTIVITY_MIN);
    }
}
