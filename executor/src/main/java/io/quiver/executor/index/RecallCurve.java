package io.quiver.executor.index;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What recall a beam width brought when the segment's graph was asked questions whose answers were known: points of
 * (ef, recall@k), ascending.
 *
 * <p>Between points the curve is straight in log ef against log of what was missed, which is how such curves run; it
 * goes on like that past the last point. A recall that fell although ef grew is noise of the sample: the earlier point
 * is taken down to the later one, so that a curve never promises more than was seen.
 *
 * <p>For another k than the curve's a beam counts as the one of the curve that it is as hard to fill: more hits need at
 * least as many entries more, and at least the beam times the square root of the ratio; the wider of the two is taken.
 *
 * @param k hits that the sampled questions asked for
 * @param efs beam widths, strictly ascending, at least {@code k}
 * @param recalls share of the true hits found with each, 0 to 1
 */
public record RecallCurve(int k, int[] efs, float[] recalls) {
    /** Of an index that finds everything. */
    public static final RecallCurve EXACT = new RecallCurve(1, new int[] {1}, new float[] {1});

    /** The widest beam that a curve asks for. */
    public static final int EF_MAX = 16_384;

    /** No sample is large enough to tell a smaller share of misses from none. */
    private static final double MISSED_MIN = 1e-4;

    /** A target counts as reached only with this much of its allowed misses to spare, for the sample was small. */
    private static final double MISSED_MARGIN = 0.8;

    /** What going to logarithms and back may add. */
    private static final double ROUNDING = 1e-6;

    public RecallCurve {
        if (k < 1 || efs.length == 0 || efs.length != recalls.length) {
            throw new IllegalArgumentException(
                    "no curve: k %d, %d beam widths, %d recalls".formatted(k, efs.length, recalls.length));
        }
        efs = efs.clone();
        recalls = recalls.clone();
        checkAscending(k, efs);
        checkShares(recalls);
        for (int i = recalls.length - 2; i >= 0; i--) {
            recalls[i] = Math.min(recalls[i], recalls[i + 1]);
        }
    }

    private static void checkAscending(int k, int[] efs) {
        for (int i = 0; i < efs.length; i++) {
            int least = i == 0 ? k : efs[i - 1] + 1;
            if (efs[i] < least) {
                throw new IllegalArgumentException("ef must be at least %d here, not %d".formatted(least, efs[i]));
            }
        }
    }

    private static void checkShares(float[] recalls) {
        for (float recall : recalls) {
            if (!(recall >= 0 && recall <= 1)) {
                throw new IllegalArgumentException("a recall lies in 0..1, not " + recall);
            }
        }
    }

    @Override
    public int[] efs() {
        return efs.clone();
    }

    @Override
    public float[] recalls() {
        return recalls.clone();
    }

    /**
     * Beam width that finds {@code target} of the {@code wanted} nearest, at most {@link #EF_MAX} and at least {@code
     * wanted}.
     */
    public int efFor(double target, int wanted) {
        double missed = Math.log(Math.max(MISSED_MIN, (1 - target) * MISSED_MARGIN));
        double ef = Math.exp(logEfAt(missed));
        return Math.max(wanted, (int) Math.ceil(Math.min(EF_MAX, widened(ef, wanted)) - ROUNDING));
    }

    /** The share of the {@code wanted} nearest that a beam of {@code ef} is expected to find. */
    public float recallAt(int ef, int wanted) {
        double missed = Math.exp(logMissedAt(Math.log(narrowed(ef, wanted))));
        return missed <= MISSED_MIN + ROUNDING ? 1 : (float) Math.clamp(1 - missed, 0, 1);
    }

    /**
     * The same where only a share of what is found may be a hit, as with a filter: the walk looks for as many more.
     *
     * @param share greater than 0, up to 1
     */
    public float recallAt(int ef, int wanted, double share) {
        return recallAt(ef, (int) Math.min(Integer.MAX_VALUE, Math.ceil(wanted / share - ROUNDING)));
    }

    /** The beam that is as hard to fill for {@code wanted} hits as one of {@code ef} for {@code fewer}. */
    public static double widened(double ef, double fewer, double wanted) {
        return Math.max(ef + (wanted - fewer), ef * Math.sqrt(wanted / fewer));
    }

    private double widened(double ef, int wanted) {
        return wanted <= k ? ef : widened(ef, k, wanted);
    }

    /** The opposite of {@link #widened}. */
    private double narrowed(int ef, int wanted) {
        double same = wanted <= k ? ef : Math.min(ef - (wanted - k), ef / Math.sqrt((double) wanted / k));
        return Math.max(1, same);
    }

    private double logEfAt(double logMissed) {
        int at = 1;
        while (at < efs.length - 1 && logMissed(at) > logMissed) {
            at++;
        }
        return logMissed >= logMissed(0) ? logEf(0) : along(at, logMissed);
    }

    private double along(int at, double logMissed) {
        if (efs.length == 1 || logMissed(at) == logMissed(at - 1)) {
            return logMissed(efs.length - 1) <= logMissed ? logEf(efs.length - 1) : Math.log(EF_MAX);
        }
        double slope = (logEf(at) - logEf(at - 1)) / (logMissed(at) - logMissed(at - 1));
        return logEf(at) + slope * (logMissed - logMissed(at));
    }

    private double logMissedAt(double logEf) {
        if (efs.length == 1) {
            return logMissed(0);
        }
        int at = 1;
        while (at < efs.length - 1 && logEf(at) < logEf) {
            at++;
        }
        double slope = (logMissed(at) - logMissed(at - 1)) / (logEf(at) - logEf(at - 1));
        return logMissed(at) + slope * (logEf - logEf(at));
    }

    private double logEf(int i) {
        return Math.log(efs[i]);
    }

    private double logMissed(int i) {
        return Math.log(Math.max(MISSED_MIN, 1 - recalls[i]));
    }

    /** With the points of another curve, whose beams are all wider. */
    public RecallCurve then(RecallCurve wider) {
        int[] allEfs =
                IntStream.concat(IntStream.of(efs), IntStream.of(wider.efs)).toArray();
        float[] allRecalls = Arrays.copyOf(recalls, allEfs.length);
        System.arraycopy(wider.recalls, 0, allRecalls, recalls.length, wider.recalls.length);
        return new RecallCurve(k, allEfs, allRecalls);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecallCurve curve
                && k == curve.k
                && Arrays.equals(efs, curve.efs)
                && Arrays.equals(recalls, curve.recalls);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * k + Arrays.hashCode(efs)) + Arrays.hashCode(recalls);
    }

    @Override
    public String toString() {
        return "recall@%d %s at ef %s".formatted(k, Arrays.toString(recalls), Arrays.toString(efs));
    }
}
