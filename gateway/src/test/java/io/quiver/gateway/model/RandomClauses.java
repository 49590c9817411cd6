package io.quiver.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.gateway.model.RandomRegexes.Expression;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** Draws conditions with every operator, together with what section 6 of the contract says that they mean. */
final class RandomClauses {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final RandomDraw draw;
    private final RandomValues values;
    private final RandomRegexes regexes;
    private final Supplier<String> ids;

    /** @param ids of records that are there, or were */
    RandomClauses(RandomDraw draw, RandomValues values, Supplier<String> ids) {
        this.draw = draw;
        this.values = values;
        this.regexes = new RandomRegexes(draw);
        this.ids = ids;
    }

    Clause where(int depth) {
        return switch (draw.below(depth == 0 ? 10 : 14)) {
            case 0 -> equalsField();
            case 1, 2 -> isIn(draw.oneIn(3));
            case 3, 4 -> compares();
            case 5 -> contains(draw.oneIn(2));
            case 6 -> on("#document", document());
            case 7 -> on("#id", id());
            case 8, 9 -> equalsOperator(draw.oneIn(2));
            case 10, 11 -> both(draw.several(0, 3, () -> where(depth - 1)));
            default -> either(draw.several(0, 3, () -> where(depth - 1)));
        };
    }

    Clause whereDocument(int depth) {
        return switch (draw.below(depth == 0 ? 4 : 6)) {
            case 4 -> both(draw.several(0, 3, () -> whereDocument(depth - 1)));
            case 5 -> either(draw.several(0, 3, () -> whereDocument(depth - 1)));
            default -> document();
        };
    }

    private Clause equalsField() {
        String key = values.key();
        JsonNode value = values.scalar();
        return new Clause(
                object(key, value), record -> Scalars.areEqual(record.metadata().get(key), value));
    }

    private Clause equalsOperator(boolean isNegative) {
        String key = values.key();
        JsonNode value = values.scalar();
        Clause equal = new Clause(
                object("$eq", value),
                record -> Scalars.areEqual(record.metadata().get(key), value));
        return on(key, isNegative ? negation("$ne", equal) : equal);
    }

    /** What comes first says of which kind all are; among floating-point numbers, whole ones become such. */
    private Clause isIn(boolean isNegative) {
        String key = values.key();
        List<JsonNode> given = draw.several(1, 4, values.kind());
        boolean isReal = given.getFirst().isFloatingPointNumber();
        if (isReal) {
            given.addAll(draw.several(0, 2, values::number));
        }
        List<JsonNode> wanted = given.stream()
                .map(value -> isReal ? (JsonNode) JSON.numberNode(value.doubleValue()) : value)
                .toList();
        Clause in = new Clause(
                object("$in", JSON.arrayNode().addAll(given)),
                record -> wanted.stream()
                        .anyMatch(value -> Scalars.areEqual(record.metadata().get(key), value)));
        return on(key, isNegative ? negation("$nin", in) : in);
    }

    private Clause compares() {
        String key = values.key();
        JsonNode bound = values.number();
        return draw.of(List.of(
                comparison(key, "$gt", bound, order -> order > 0),
                comparison(key, "$gte", bound, order -> order >= 0),
                comparison(key, "$lt", bound, order -> order < 0),
                comparison(key, "$lte", bound, order -> order <= 0)));
    }

    private static Clause comparison(String key, String operator, JsonNode bound, IntPredicate holds) {
        Predicate<ModelRecord> meaning = record -> {
            JsonNode value = record.metadata().get(key);
            return value != null && value.isNumber() && holds.test(Scalars.compare(value, bound));
        };
        return on(key, new Clause(object(operator, bound), meaning));
    }

    private Clause contains(boolean isNegative) {
        String key = values.key();
        JsonNode wanted = values.scalar();
        Clause contains = new Clause(object("$contains", wanted), record -> {
            JsonNode value = record.metadata().get(key);
            return value != null
                    && value.isArray()
                    && StreamSupport.stream(value.spliterator(), false)
                            .anyMatch(element -> Scalars.areEqual(element, wanted));
        });
        return on(key, isNegative ? negation("$not_contains", contains) : contains);
    }

    private Clause id() {
        List<String> wanted = draw.several(1, 5, ids);
        Clause in = new Clause(texts("$in", wanted), record -> wanted.contains(record.id()));
        String one = wanted.getFirst();
        Clause equal = new Clause(object("$eq", JSON.textNode(one)), record -> one.equals(record.id()));
        return draw.of(List.of(in, negation("$nin", in), equal, negation("$ne", equal)));
    }

    private Clause document() {
        Clause clause = draw.oneIn(2) ? substring() : regex();
        String operator = clause.json().fieldNames().next();
        return draw.oneIn(3) ? negation(operator.replace("$", "$not_"), clause) : clause;
    }

    private Clause substring() {
        String text = values.text(5);
        return new Clause(object("$contains", JSON.textNode(text)), onDocument(document -> document.contains(text)));
    }

    private Clause regex() {
        Expression regex = regexes.expression();
        return new Clause(
                object("$regex", JSON.textNode(regex.text())),
                onDocument(document -> regex.pattern().matcher(document).find()));
    }

    private static Predicate<ModelRecord> onDocument(Predicate<String> condition) {
        return record -> record.document() != null && condition.test(record.document());
    }

    /** The opposite, which is so of records too that lack the field. */
    private static Clause negation(String operator, Clause clause) {
        return new Clause(
                object(operator, clause.json().elements().next()),
                clause.meaning().negate());
    }

    private static Clause both(List<Clause> clauses) {
        return new Clause(
                connected("$and", clauses), record -> clauses.stream().allMatch(clause -> clause.accepts(record)));
    }

    private static Clause either(List<Clause> clauses) {
        return new Clause(
                connected("$or", clauses), record -> clauses.stream().anyMatch(clause -> clause.accepts(record)));
    }

    private static ObjectNode connected(String operator, List<Clause> clauses) {
        ArrayNode all = JSON.arrayNode();
        clauses.forEach(clause -> all.add(clause.json()));
        return object(operator, all);
    }

    private static Clause on(String key, Clause condition) {
        return new Clause(object(key, condition.json()), condition.meaning());
    }

    private static ObjectNode texts(String operator, List<String> texts) {
        ArrayNode all = JSON.arrayNode();
        texts.forEach(all::add);
        return object(operator, all);
    }

    private static ObjectNode object(String key, JsonNode value) {
        return JSON.objectNode().set(key, value);
    }
}
