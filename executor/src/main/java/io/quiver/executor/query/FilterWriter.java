package io.quiver.executor.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.query.Filter.All;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.ArrayContains;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.DocumentMatches;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.In;
import io.quiver.executor.query.Filter.Not;
import io.quiver.executor.query.Filter.Or;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Writes filters in the form without loss:
 *
 * <pre>
 * {"all": true}                     {"ids": [text...]}                 {"and": [filter...]}    {"or": [filter...]}
 * {"not": filter}                   {"document_contains": text}        {"document_matches": text}
 * {"equals": [key, value]}          {"array_contains": [key, value]}   {"in": [key, value...]}
 * {"less": [key, number]}           and so for each {@link Filter.Comparison}
 * </pre>
 *
 * Integers have no decimal point and reals have one, or an exponent.
 */
final class FilterWriter {
    private FilterWriter() {}

    static void write(JsonGenerator json, Filter filter) throws IOException {
        json.writeStartObject();
        switch (filter) {
            case All() -> json.writeBooleanField("all", true);
            case Ids(var ids) -> writeTexts(json, ids);
            case Equals(var key, var value) -> writeField(json, "equals", key, List.of(value));
            case In(var key, var values) -> writeField(json, "in", key, values);
            case Compares(var key, var comparison, var bound) ->
                writeField(json, FilterReader.name(comparison), key, List.of(bound));
            case ArrayContains(var key, var value) -> writeField(json, "array_contains", key, List.of(value));
            case DocumentContains(var text) -> json.writeStringField("document_contains", text);
            case DocumentMatches(var regex) -> json.writeStringField("document_matches", regex);
            case And(var operands) -> writeAll(json, "and", operands);
            case Or(var operands) -> writeAll(json, "or", operands);
            case Not(var operand) -> {
                json.writeFieldName("not");
                write(json, operand);
            }
        }
        json.writeEndObject();
    }

    private static void writeAll(JsonGenerator json, String name, List<Filter> filters) throws IOException {
        json.writeArrayFieldStart(name);
        for (Filter filter : filters) {
            write(json, filter);
        }
        json.writeEndArray();
    }

    private static void writeTexts(JsonGenerator json, Collection<String> ids) throws IOException {
        json.writeArrayFieldStart("ids");
        for (String id : ids) {
            json.writeString(id);
        }
        json.writeEndArray();
    }

    private static void writeField(JsonGenerator json, String name, String key, List<Scalar> values)
            throws IOException {
        json.writeArrayFieldStart(name);
        json.writeString(key);
        for (Scalar value : values) {
            writeScalar(json, value);
        }
        json.writeEndArray();
    }

    private static void writeScalar(JsonGenerator json, Scalar value) throws IOException {
        switch (value) {
            case Bool(boolean truth) -> json.writeBoolean(truth);
            case Int(long number) -> json.writeNumber(number);
            case Real(double number) -> json.writeNumber(number);
            case Text(String text) -> json.writeString(text);
        }
    }
}
