package io.quiver.loadtest.index;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Half of the rows of a data set live, the others wait; each generation some of the living die at random, and as many
 * of those that have waited longest come to life. The same for the same seed. Belongs to one thread.
 */
final class Population {
    private static final int SEED = 11;
    private static final int DEAD = -1;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private int[] rows;

    Population(int rowCount) {
        rows = IntStream.range(0, rowCount / 2).toArray();
        IntStream.range(rows.length, rowCount).forEach(waiting::add);
    }

    /** The living: rows of the data set. */
    int[] rows() {
        return rows.clone();
    }

    /** Says for each of those that lived where it is among those that do now, -1 where it has died. */
    int[] nextGeneration(int deaths) {
        int[] becomes = new int[rows.length];
        for (int i = 0; i < deaths; i++) {
            int dying = random.nextInt(rows.length);
            while (becomes[dying] == DEAD) {
                dying = random.nextInt(rows.length);
            }
            becomes[dying] = DEAD;
        }
        rows = IntStream.concat(
                        survivors(becomes),
                        IntStream.generate(waiting::removeFirst).limit(deaths))
                .toArray();
        return becomes;
    }

    private IntStream survivors(int[] becomes) {
        int[] survivors = new int[becomes.length];
        int count = 0;
        for (int i = 0; i < becomes.length; i++) {
            if (becomes[i] == DEAD) {
                waiting.addLast(rows[i]);
            } else {
                survivors[count] = rows[i];
                becomes[i] = count++;
            }
        }
        return Arrays.stream(survivors, 0, count);
    }
}
