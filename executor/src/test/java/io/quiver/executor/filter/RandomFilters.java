package io.quiver.executor.filter;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.ArrayContains;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.Comparison;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.DocumentMatches;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.In;
import io.quiver.executor.query.Filter.Not;
import io.quiver.executor.query.Filter.Or;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Draws records and filters from a small world, so that filters meet what records hold, and just miss it. */
final class RandomFilters {
    private static final List<String> KEYS =
            List.of("a", "b", "ab", "é", "", "k".repeat(254), "k".repeat(255), "k".repeat(300), "a\0n");
    private static final List<Long> INTEGERS = List.of(
            0L,
            1L,
            -1L,
            2L,
            1L << 53,
            (1L << 53) + 1,
            -(1L << 53) - 1,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 1,
            Long.MIN_VALUE,
            Long.MIN_VALUE + 1,
            (1L << 62) + 3);
    private static final List<Double> REALS = List.of(
            0.0,
            -0.0,
            1.0,
            1.5,
            -0.5,
            2.0,
            0x1p53,
            0x1p62,
            0x1p63,
            -0x1p63,
            Math.nextDown(0x1p63),
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE);
    private static final List<String> TEXTS =
            List.of("", "x", "y", "xy", "\0", "ü", "🏹", "t".repeat(256), "t".repeat(257), "t".repeat(5000));
    private static final String LETTERS = "aabbcAKs ü한\n";
    private static final List<String> REGEXES = List.of(
            "a",
            "abc",
            "a.c",
            "^a",
            "a$",
            "(?i)ABK",
            "(?i)s",
            "(?i:ks)a",
            "ab|ca",
            "(ab)+c",
            "a{2,3}b",
            "b?ac",
            "[^a]bc",
            "\\.",
            "\\bab\\b",
            "(?s)a.b",
            "(a|b)(b|c)a",
            "x*",
            "한",
            "🏹",
            "(ab|bc)?aa",
            "(?i)a(?-i)bca",
            "ab{0}ca",
            "aab*c",
            "[ab]{3}c",
            "(?m)^ab",
            "\\x{61}bca",
            "\\141b",
            "a\\n",
            "",
            "(?:abc|bca|)",
            "k",
            "(?i)k\u212A?");

    private final Random random;

    RandomFilters(long seed) {
        this.random = new Random(seed);
    }

    Metadata metadata() {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            fields.put(pick(KEYS), random.nextInt(4) == 0 ? array() : scalar());
        }
        return new Metadata(fields);
    }

    @Nullable String document() {
        return random.nextInt(6) == 0 ? null : text(random.nextInt(30));
    }

    String id() {
        return "id" + random.nextInt(300);
    }

    Scalar scalar() {
        return switch (random.nextInt(4)) {
            case 0 -> new Bool(random.nextBoolean());
            case 1 -> new Int(pick(INTEGERS));
            case 2 -> new Real(pick(REALS));
            default -> new Text(pick(TEXTS));
        };
    }

    Filter filter(int depth) {
        return switch (random.nextInt(depth == 0 ? 7 : 10)) {
            case 0 -> new Equals(pick(KEYS), scalar());
            case 1 -> new In(pick(KEYS), several(this::scalar));
            case 2 -> new Compares(pick(KEYS), pick(List.of(Comparison.values())), number());
            case 3 -> new ArrayContains(pick(KEYS), scalar());
            case 4 -> new DocumentContains(text(random.nextInt(6)));
            case 5 -> new DocumentMatches(pick(REGEXES));
            case 6 -> random.nextInt(5) == 0 ? Filter.ALL : new Ids(Set.copyOf(new TreeSet<>(several(this::id))));
            case 7 -> new And(several(() -> filter(depth - 1)));
            case 8 -> new Or(several(() -> filter(depth - 1)));
            default -> new Not(filter(depth - 1));
        };
    }

    private Scalar number() {
        return random.nextBoolean() ? new Int(pick(INTEGERS)) : new Real(pick(REALS));
    }

    private Array array() {
        Scalar first = scalar();
        return new Array(several(this::scalar).stream()
                .filter(value -> value.getClass() == first.getClass())
                .toList());
    }

    private String text(int length) {
        int[] letters = IntStream.range(0, length)
                .map(_ -> random.nextInt(40) == 0
                        ? "🏹\u212A\u017F".codePointAt(random.nextInt(2) * 2)
                        : LETTERS.charAt(random.nextInt(LETTERS.length())))
                .toArray();
        return new String(letters, 0, length);
    }

    private <T> List<T> several(Supplier<T> source) {
        List<T> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(source.get());
        }
        return values;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
