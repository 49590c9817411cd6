package io.quiver.log;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The inputs that are kept for a fuzzer's target, below {@code fuzz} in the resources of the tests: examples to begin
 * with, and whatever was found once. Every build runs the target with all of them and with some thousand mutations;
 * {@code .ci/fuzz} lets Jazzer look for more.
 */
public final class Corpus {
    private static final int MUTATIONS = Integer.getInteger("quiver.mutations", 2_000);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SHOWN_BYTES = 2_000;
    private static final byte[][] SPLICES = {
        {0, 0, 0, 0},
        {-1, -1, -1, -1},
        {-1, -1, -1, 127},
        {0, 0, 0, -128},
        "\"".getBytes(StandardCharsets.US_ASCII),
        "{[".getBytes(StandardCharsets.US_ASCII),
        "]}".getBytes(StandardCharsets.US_ASCII),
        "-1e999".getBytes(StandardCharsets.US_ASCII),
        "\\u0000".getBytes(StandardCharsets.US_ASCII),
        "\\ud800".getBytes(StandardCharsets.US_ASCII),
        "null".getBytes(StandardCharsets.US_ASCII),
        "$and".getBytes(StandardCharsets.US_ASCII)
    };

    private Corpus() {}

    /** Runs the target, which throws only what is a defect. */
    public static void replay(Class<?> target, Consumer<byte[]> run) throws IOException {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.println(target.getSimpleName() + " seed " + seed);
        List<byte[]> kept = kept(target);
        assertFalse(kept.isEmpty(), "no inputs are kept for " + target);
        SplittableRandom random = new SplittableRandom(seed);
        assertTimeoutPreemptively(PATIENCE, () -> {
            kept.forEach(input -> run(run, input));
            for (int i = 0; i < MUTATIONS; i++) {
                run(run, mutated(kept, random));
            }
        });
    }

    private static List<byte[]> kept(Class<?> target) throws IOException {
        URL folder = Objects.requireNonNull(target.getResource("/fuzz/" + target.getSimpleName()));
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return inputs;
    }

    private static void run(Consumer<byte[]> run, byte[] input) {
        try {
            run.accept(input.clone());
        } catch (Throwable defect) {
            byte[] shown = Arrays.copyOf(input, Math.min(input.length, SHOWN_BYTES));
            throw new AssertionError("with these bytes: " + HexFormat.of().formatHex(shown), defect);
        }
    }

    private static byte[] mutated(List<byte[]> kept, SplittableRandom random) {
        byte[] input = kept.get(random.nextInt(kept.size())).clone();
        for (int i = 1 + random.nextInt(4); i > 0 && input.length > 0; i--) {
            input = changed(input, kept, random);
        }
        return input;
    }

    private static byte[] changed(byte[] input, List<byte[]> kept, SplittableRandom random) {
        int at = random.nextInt(input.length);
        return switch (random.nextInt(6)) {
            case 0 -> {
                input[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                yield input;
            }
            case 1 -> {
                input[at] = (byte) random.nextInt();
                yield input;
            }
            case 2 -> Arrays.copyOf(input, at);
            case 3 -> replaced(input, at, Math.min(input.length, at + random.nextInt(16)), new byte[0]);
            case 4 -> replaced(input, at, at, SPLICES[random.nextInt(SPLICES.length)]);
            default -> {
                byte[] other = kept.get(random.nextInt(kept.size()));
                int from = random.nextInt(other.length + 1);
                yield replaced(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
            }
        };
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        byte[] output = new byte[input.length - (to - from) + by.length];
        System.arraycopy(input, 0, output, 0, from);
        System.arraycopy(by, 0, output, from, by.length);
        System.arraycopy(input, to, output, from + by.length, input.length - to);
        return output;
    }
}
