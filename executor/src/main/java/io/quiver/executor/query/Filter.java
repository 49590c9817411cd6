package io.quiver.executor.query;

import io.quiver.log.record.MetadataValue.Scalar;
import java.util.List;
import java.util.Set;

/**
 * Which records a query may return. Filters are values: immutable, comparable by content, cacheable.
 *
 * <p>Numbers compare across integers and floating-point numbers, exactly. A condition on a field that a record lacks,
 * or whose value has another kind, is false; {@link Not} of it is true.
 */
public sealed interface Filter {
    Filter ALL = new All();

    record All() implements Filter {}

    /** Records of these ids. */
    record Ids(Set<String> ids) implements Filter {
        public Ids {
            ids = Set.copyOf(ids);
        }
    }

    record Equals(String key, Scalar value) implements Filter {}

    /** The field equals one of the values, which are of one kind. */
    record In(String key, List<Scalar> values) implements Filter {
        public In {
            values = List.copyOf(values);
        }
    }

    /** The field is a number on the given side of {@code bound}, an {@code Int} or {@code Real}. */
    record Compares(String key, Comparison comparison, Scalar bound) implements Filter {}

    /** The field is an array that holds the value; a scalar field never does. */
    record ArrayContains(String key, Scalar value) implements Filter {}

    /** The document holds the text, letter by letter; every document holds the empty text. */
    record DocumentContains(String text) implements Filter {}

    /** The regular expression matches somewhere in the document; syntax and linear time of RE2. */
    record DocumentMatches(String regex) implements Filter {}

    /** All operands; all records where there is none. */
    record And(List<Filter> operands) implements Filter {
        public And {
            operands = List.copyOf(operands);
        }
    }

    /** At least one operand; no record where there is none. */
    record Or(List<Filter> operands) implements Filter {
        public Or {
            operands = List.copyOf(operands);
        }
    }

    /** Records that {@code operand} rejects, among them those without the field. */
    record Not(Filter operand) implements Filter {}

    enum Comparison {
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** Both filters, without nesting what is trivial. */
    static Filter and(Filter left, Filter right) {
        if (left instanceof All) {
            return right;
        }
        return right instanceof All ? left : new And(List.of(left, right));
    }
}
