package io.quiver.executor.index.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import jdk.incubator.vector.ByteVector;

/**
 * Which kernels a process is to use: the system property {@value #PROPERTY}.
 *
 * <p>Vectors of 512 bits are worth their while only where a byte shuffle over all of them is one instruction (AVX-512
 * VBMI: Intel since Ice Lake, AMD since Zen 4): without it every lookup would be done in Java. The Java API does not
 * say whether the processor has it, so {@code /proc/cpuinfo} does; where there is no such file, 256 bits are the safe
 * choice.
 */
public enum KernelSetting {
    /** The widest that are fast on this machine. */
    BEST("best"),
    /** Vectors of 512 bits. */
    VECTOR_512("vector-512"),
    /** Vectors of at most 256 bits. */
    VECTOR_256("vector-256"),
    /** Plain loops. */
    SCALAR("scalar");

    /**
     * {@code best}, {@code vector-512}, {@code vector-256} or {@code scalar}; {@code vector} is either of the vectors.
     */
    public static final String PROPERTY = "quiver.kernels";

    private static final String VECTOR = "vector";
    private static final int WIDE_BITS = 512;
    private static final int NARROWEST_BITS = 128;
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final String BYTE_SHUFFLE = "avx512vbmi";

    private final String text;

    KernelSetting(String text) {
        this.text = text;
    }

    /** The setting of this process; refuses a name that is not known, and kernels that this machine cannot run. */
    public static KernelSetting ofProcess() {
        return of(System.getProperty(PROPERTY, BEST.text));
    }

    /** The setting of this name, whatever its case. */
    static KernelSetting of(String name) {
        KernelSetting setting = parse(name.toLowerCase(Locale.ROOT));
        if (setting == VECTOR_512 && !hasWideVectors() || setting == VECTOR_256 && !hasVectors(NARROWEST_BITS)) {
            throw new IllegalArgumentException("%s is %s, but this processor or virtual machine has no such vectors"
                    .formatted(PROPERTY, setting.text));
        }
        return setting;
    }

    private static KernelSetting parse(String name) {
        if (name.equals(VECTOR)) {
            return hasWideVectors() ? VECTOR_512 : VECTOR_256;
        }
        for (KernelSetting setting : values()) {
            if (setting.text.equals(name)) {
                return setting;
            }
        }
        throw new IllegalArgumentException(
                "%s must be best, vector-512, vector-256, vector or scalar, not %s".formatted(PROPERTY, name));
    }

    /** Whether a byte shuffle of 512 bits is one instruction. */
    static boolean hasWideVectors() {
        return hasVectors(WIDE_BITS) && hasByteShuffle();
    }

    /** Whether the processor has vectors of so many bits, and the virtual machine lets us use them. */
    public static boolean hasVectors(int bits) {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && ByteVector.SPECIES_PREFERRED.vectorBitSize() >= bits;
    }

    private static boolean hasByteShuffle() {
        try (Stream<String> lines = Files.lines(PROCESSOR)) {
            return lines.filter(line -> line.startsWith("flags")).anyMatch(line -> line.contains(BYTE_SHUFFLE));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
