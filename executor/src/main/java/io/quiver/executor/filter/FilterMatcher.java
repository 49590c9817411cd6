package io.quiver.executor.filter;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.All;
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
import io.quiver.executor.regex.Regex;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Scalar;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a filter means: it looks at one record and decides. Immutable, safe on every thread; regular expressions are
 * compiled once, when the matcher is.
 */
public final class FilterMatcher {
    private final Test test;

    private FilterMatcher(Test test) {
        this.test = test;
    }

    /** Throws {@link io.quiver.log.record.QuiverException} where a regular expression is none. */
    public static FilterMatcher compile(Filter filter) {
        return new FilterMatcher(test(filter, _ -> {}));
    }

    /** One that tells how much it does, and belongs to the same thread. */
    static FilterMatcher compile(Filter filter, LookedAt lookedAt) {
        return new FilterMatcher(test(filter, lookedAt::worked));
    }

    public boolean accepts(String id, Metadata metadata, @Nullable String document) {
        return test.accepts(new OneRow(id, metadata, document), 0);
    }

    /** Looks only at those parts of the row that the filter is about. */
    boolean accepts(RowSource rows, int row) {
        return test.accepts(rows, row);
    }

    private static Test test(Filter filter, LongConsumer work) {
        return switch (filter) {
            case All() -> (_, _) -> true;
            case Ids(var ids) -> (rows, row) -> ids.contains(rows.id(row));
            case Equals(var key, var value) -> isIn(key, List.of(value));
            case In(var key, var values) -> isIn(key, values);
            case Compares(var key, var comparison, var bound) -> compares(key, comparison, bound);
            case ArrayContains(var key, var value) -> arrayContains(key, value);
            case DocumentContains(var text) -> onDocument(document -> document.contains(text), work);
            case DocumentMatches(var regex) -> {
                Regex compiled = Regex.compile(regex);
                yield onDocument(document -> compiled.matchesIn(document, work), work);
            }
            case And(var operands) -> and(tests(operands, work));
            case Or(var operands) -> or(tests(operands, work));
            case Not(var operand) -> not(test(operand, work));
        };
    }

    private static List<Test> tests(List<Filter> operands, LongConsumer work) {
        return operands.stream().map(operand -> test(operand, work)).toList();
    }

    private static Test isIn(String key, List<Scalar> values) {
        Set<Scalar> accepted = new HashSet<>();
        values.forEach(value -> accepted.add(NumberLine.canonical(value)));
        return (rows, row) ->
                rows.metadata(row).get(key) instanceof Scalar value && accepted.contains(NumberLine.canonical(value));
    }

    private static Test compares(String key, Comparison comparison, Scalar bound) {
        return (rows, row) -> rows.metadata(row).get(key) instanceof Scalar value
                && NumberLine.isNumber(value)
                && holds(comparison, NumberLine.compare(value, bound));
    }

    private static boolean holds(Comparison comparison, int order) {
        return switch (comparison) {
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private static Test arrayContains(String key, Scalar value) {
        Scalar wanted = NumberLine.canonical(value);
        return (rows, row) -> {
            MetadataValue field = rows.metadata(row).get(key);
            return field instanceof Array(var values)
                    && values.stream()
                            .anyMatch(element -> NumberLine.canonical(element).equals(wanted));
        };
    }

    private static Test onDocument(Predicate<String> condition, LongConsumer work) {
        return (rows, row) -> {
            String document = rows.document(row);
            work.accept(document == null ? 1 : document.length());
            return document != null && condition.test(document);
        };
    }

    private static Test and(List<Test> tests) {
        return (rows, row) -> {
            for (Test test : tests) {
                if (!test.accepts(rows, row)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Test or(List<Test> tests) {
        return (rows, row) -> {
            for (Test test : tests) {
                if (test.accepts(rows, row)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Test not(Test test) {
        return (rows, row) -> !test.accepts(rows, row);
    }

    /** A filter about one row. */
    private interface Test {
        boolean accepts(RowSource rows, int row);
    }

    /** A record that is not in a segment. */
    private record OneRow(
            String id, Metadata metadata, @Nullable String document) implements RowSource {
        @Override
        public int rowOf(String wanted) {
            return wanted.equals(id) ? 0 : -1;
        }

        @Override
        public String id(int row) {
            return id;
        }

        @Override
        public Metadata metadata(int row) {
            return metadata;
        }

        @Override
        public @Nullable String document(int row) {
            return document;
        }
    }
}
