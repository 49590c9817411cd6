package io.quiver.flight.link;

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
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Scalar;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Filters as bytes, exactly: what was an integer stays one.
 *
 * <pre>
 * filter = u8 kind, body       kinds in the order of the constants below
 * body   = nothing | u32 count, count x text | field | u8 comparison, field | text | u32 count, count x filter | filter
 * field  = metadata of one field, see {@link MetadataCodec}
 * </pre>
 */
final class FilterCodec {
    private static final int DEPTH_MAX = 100;

    private static final int ALL = 0;
    private static final int IDS = 1;
    private static final int EQUALS = 2;
    private static final int IN = 3;
    private static final int COMPARES = 4;
    private static final int ARRAY_CONTAINS = 5;
    private static final int DOCUMENT_CONTAINS = 6;
    private static final int DOCUMENT_MATCHES = 7;
    private static final int AND = 8;
    private static final int OR = 9;
    private static final int NOT = 10;

    private FilterCodec() {}

    static void write(GrowingBuffer out, Filter filter) {
        switch (filter) {
            case All() -> out.putByte(ALL);
            case Ids(var ids) -> {
                out.putByte(IDS).putInt(ids.size());
                ids.forEach(out::putText);
            }
            case Equals(var key, var value) -> writeField(out.putByte(EQUALS), key, value);
            case In(var key, var values) -> writeField(out.putByte(IN), key, new Array(values));
            case Compares(var key, var comparison, var bound) ->
                writeField(out.putByte(COMPARES).putByte(code(comparison)), key, bound);
            case ArrayContains(var key, var value) -> writeField(out.putByte(ARRAY_CONTAINS), key, value);
            case DocumentContains(var text) -> out.putByte(DOCUMENT_CONTAINS).putText(text);
            case DocumentMatches(var regex) -> out.putByte(DOCUMENT_MATCHES).putText(regex);
            case And(var operands) -> writeAll(out.putByte(AND), operands);
            case Or(var operands) -> writeAll(out.putByte(OR), operands);
            case Not(var operand) -> write(out.putByte(NOT), operand);
        }
    }

    /** Reads from the buffer's position; throws {@link RuntimeException} for bytes that are not a filter. */
    static Filter read(ByteBuffer in) {
        return read(in, 0);
    }

    private static Filter read(ByteBuffer in, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("a filter must not be nested deeper than " + DEPTH_MAX);
        }
        int kind = in.get();
        return switch (kind) {
            case ALL -> Filter.ALL;
            case IDS -> new Ids(readTexts(in));
            case EQUALS, IN, ARRAY_CONTAINS -> readCondition(kind, in);
            case COMPARES -> readComparison(comparison(in.get()), in);
            case DOCUMENT_CONTAINS -> new DocumentContains(MetadataCodec.readText(in));
            case DOCUMENT_MATCHES -> new DocumentMatches(MetadataCodec.readText(in));
            case AND -> new And(readAll(in, depth));
            case OR -> new Or(readAll(in, depth));
            case NOT -> new Not(read(in, depth + 1));
            default -> throw new IllegalArgumentException("unknown kind of filter: " + kind);
        };
    }

    private static int code(Comparison comparison) {
        return switch (comparison) {
            case LESS -> 0;
            case LESS_OR_EQUAL -> 1;
            case GREATER -> 2;
            case GREATER_OR_EQUAL -> 3;
        };
    }

    private static Comparison comparison(int code) {
        return switch (code) {
            case 0 -> Comparison.LESS;
            case 1 -> Comparison.LESS_OR_EQUAL;
            case 2 -> Comparison.GREATER;
            case 3 -> Comparison.GREATER_OR_EQUAL;
            default -> throw new IllegalArgumentException("unknown comparison: " + code);
        };
    }

    private static void writeField(GrowingBuffer out, String key, MetadataValue value) {
        MetadataCodec.write(out, new Metadata(Map.of(key, value)));
    }

    private static void writeAll(GrowingBuffer out, List<Filter> operands) {
        out.putInt(operands.size());
        operands.forEach(operand -> write(out, operand));
    }

    private static Filter readCondition(int kind, ByteBuffer in) {
        var field = readField(in);
        return switch (field.getValue()) {
            case Array(var values) -> new In(field.getKey(), List.copyOf(values));
            case Scalar value when kind == EQUALS -> new Equals(field.getKey(), value);
            case Scalar value -> new ArrayContains(field.getKey(), value);
        };
    }

    private static Filter readComparison(Comparison comparison, ByteBuffer in) {
        var field = readField(in);
        if (field.getValue() instanceof Scalar bound) {
            return new Compares(field.getKey(), comparison, bound);
        }
        throw new IllegalArgumentException("a bound must not be an array");
    }

    private static Map.Entry<String, MetadataValue> readField(ByteBuffer in) {
        return MetadataCodec.read(in).fields().entrySet().iterator().next();
    }

    private static Set<String> readTexts(ByteBuffer in) {
        int count = in.getInt();
        Set<String> texts = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            texts.add(MetadataCodec.readText(in));
        }
        return texts;
    }

    private static List<Filter> readAll(ByteBuffer in, int depth) {
        int count = in.getInt();
        List<Filter> operands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            operands.add(read(in, depth + 1));
        }
        return operands;
    }
}
