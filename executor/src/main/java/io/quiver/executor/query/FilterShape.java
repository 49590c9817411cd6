package io.quiver.executor.query;

import io.quiver.log.record.MetadataValue.Scalar;
import java.util.List;
import java.util.stream.Collectors;

/** What a filter looks like, with the names of its fields but none of its values: for logs, which others read. */
public final class FilterShape {
    /** A longer one is cut off. */
    private static final int LENGTH_MAX = 500;

    private static final int OPERANDS_MAX = 16;

    private FilterShape() {}

    public static String of(Filter filter) {
        String shape = shape(filter);
        return shape.length() <= LENGTH_MAX ? shape : shape.substring(0, LENGTH_MAX) + "...";
    }

    private static String shape(Filter filter) {
        return switch (filter) {
            case Filter.All() -> "all";
            case Filter.Ids(var ids) -> "ids[%d]".formatted(ids.size());
            case Filter.Equals(var key, Scalar _) -> key + " = ?";
            case Filter.In(var key, var values) -> "%s in ?[%d]".formatted(key, values.size());
            case Filter.Compares(var key, var comparison, Scalar _) -> "%s %s ?".formatted(key, sign(comparison));
            case Filter.ArrayContains(var key, Scalar _) -> key + " contains ?";
            case Filter.DocumentContains _ -> "document contains ?";
            case Filter.DocumentMatches _ -> "document matches ?";
            case Filter.And(var operands) -> list("and", operands);
            case Filter.Or(var operands) -> list("or", operands);
            case Filter.Not(var operand) -> "not(%s)".formatted(shape(operand));
        };
    }

    private static String sign(Filter.Comparison comparison) {
        return switch (comparison) {
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
        };
    }

    private static String list(String name, List<Filter> operands) {
        String shown =
                operands.stream().limit(OPERANDS_MAX).map(FilterShape::shape).collect(Collectors.joining(", "));
        String rest = operands.size() > OPERANDS_MAX ? ", %d more".formatted(operands.size() - OPERANDS_MAX) : "";
        return "%s(%s%s)".formatted(name, shown, rest);
    }
}
