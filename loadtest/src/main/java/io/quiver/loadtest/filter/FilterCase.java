package io.quiver.loadtest.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Filters of one kind and one selectivity, of which each question asks another one: so none is remembered by the
 * server.
 *
 * @param selectivity about; the share of the records that one of them accepts
 * @param json the fields of the request, by the number of the question
 * @param accepts the rows it accepts
 */
record FilterCase(String name, double selectivity, IntFunction<String> json, IntFunction<IntPredicate> accepts) {
    private static final int IN_VALUES = 10;

    /** Every kind at every selectivity. */
    static List<FilterCase> all() {
        List<FilterCase> cases = new ArrayList<>();
        for (int cardinality : FilterRecords.CARDINALITIES) {
            cases.add(integer(cardinality));
            cases.add(text(cardinality));
            cases.add(numberBelow(1.0 / cardinality));
            cases.add(fractionBetween(1.0 / cardinality));
            cases.add(contains(cardinality));
            cases.add(regex(cardinality));
        }
        cases.add(in(10_000));
        cases.add(in(1_000));
        cases.add(in(100));
        cases.add(regexWithoutText());
        return cases;
    }

    /** Records with one value of an integer key. */
    static FilterCase integer(int cardinality) {
        return new FilterCase(
                "int $eq",
                1.0 / cardinality,
                i -> "\"where\":{\"i%d\":%d}".formatted(cardinality, i % cardinality),
                i -> row -> FilterRecords.value(row, cardinality) == i % cardinality);
    }

    private static FilterCase text(int cardinality) {
        return new FilterCase(
                "string $eq",
                1.0 / cardinality,
                i -> "\"where\":{\"s%d\":\"v%d\"}".formatted(cardinality, i % cardinality),
                i -> row -> FilterRecords.value(row, cardinality) == i % cardinality);
    }

    private static FilterCase numberBelow(double share) {
        IntFunction<Integer> bound = i -> (int) (share * FilterRecords.NUMBERS) - i;
        return new FilterCase(
                "int $lt",
                share,
                i -> "\"where\":{\"number\":{\"$lt\":%d}}".formatted(bound.apply(i)),
                i -> row -> FilterRecords.number(row) < bound.apply(i));
    }

    private static FilterCase fractionBetween(double share) {
        IntFunction<Double> from = i -> (1 - share) * (i % 997) / 997;
        return new FilterCase(
                "float range",
                share,
                i -> String.format(
                        Locale.ROOT,
                        "\"where\":{\"$and\":[{\"fraction\":{\"$gte\":%s}},{\"fraction\":{\"$lt\":%s}}]}",
                        from.apply(i),
                        from.apply(i) + share),
                i -> row -> FilterRecords.fraction(row) >= from.apply(i)
                        && FilterRecords.fraction(row) < from.apply(i) + share);
    }

    private static FilterCase in(int cardinality) {
        return new FilterCase(
                "string $in of " + IN_VALUES,
                (double) IN_VALUES / cardinality,
                i -> {
                    List<String> values = new ArrayList<>();
                    for (int j = 0; j < IN_VALUES; j++) {
                        values.add("\"v" + (i + j) % cardinality + "\"");
                    }
                    return "\"where\":{\"s%d\":{\"$in\":[%s]}}".formatted(cardinality, String.join(",", values));
                },
                i -> row -> (FilterRecords.value(row, cardinality) - i % cardinality + cardinality) % cardinality
                        < IN_VALUES);
    }

    private static FilterCase contains(int cardinality) {
        return new FilterCase(
                "$contains",
                1.0 / cardinality,
                i -> "\"where_document\":{\"$contains\":\"%s\"}"
                        .formatted(FilterRecords.word(cardinality, i % cardinality)),
                i -> row -> FilterRecords.value(row, cardinality) == i % cardinality);
    }

    private static FilterCase regex(int cardinality) {
        return new FilterCase(
                "$regex",
                1.0 / cardinality,
                i -> "\"where_document\":{\"$regex\":\"w%dx%d[ ]+\"}".formatted(cardinality, i % cardinality),
                i -> row -> FilterRecords.value(row, cardinality) == i % cardinality);
    }

    /** Looks at every document: no text is known that they must have. */
    private static FilterCase regexWithoutText() {
        return new FilterCase(
                "$regex without text",
                0,
                i -> "\"where_document\":{\"$regex\":\"[x-z]{3}[0-9]{%d}\"}".formatted(7 + i % 20),
                _ -> _ -> false);
    }
}
