package io.quiver.executor.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.QuiverException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aScalarMeansEquality() {
        assertEquals(new Equals("k", new Text("x")), where("{'k':'x'}"));
        assertEquals(new Equals("k", new Int(1)), where("{'k':1}"));
        assertEquals(new Equals("k", new Real(1.0)), where("{'k':1.0}"));
        assertEquals(new Equals("k", new Bool(true)), where("{'k':{'$eq':true}}"));
    }

    @Test
    void eachOperatorHasItsFilter() {
        assertEquals(new Not(new Equals("k", new Int(1))), where("{'k':{'$ne':1}}"));
        assertEquals(new Compares("k", Comparison.GREATER, new Int(1)), where("{'k':{'$gt':1}}"));
        assertEquals(new Compares("k", Comparison.GREATER_OR_EQUAL, new Real(1.5)), where("{'k':{'$gte':1.5}}"));
        assertEquals(new Compares("k", Comparison.LESS, new Int(1)), where("{'k':{'$lt':1}}"));
        assertEquals(new Compares("k", Comparison.LESS_OR_EQUAL, new Int(1)), where("{'k':{'$lte':1}}"));
        assertEquals(new In("k", List.of(new Int(1), new Int(2))), where("{'k':{'$in':[1,2]}}"));
        assertEquals(new Not(new In("k", List.of(new Text("a")))), where("{'k':{'$nin':['a']}}"));
        assertEquals(new ArrayContains("k", new Text("p")), where("{'k':{'$contains':'p'}}"));
        assertEquals(new Not(new ArrayContains("k", new Int(1))), where("{'k':{'$not_contains':1}}"));
    }

    @Test
    void documentAndIdHaveTheirOwnOperators() {
        assertEquals(new DocumentContains("x"), where("{'#document':{'$contains':'x'}}"));
        assertEquals(new Not(new DocumentContains("x")), where("{'#document':{'$not_contains':'x'}}"));
        assertEquals(new DocumentMatches("x+"), where("{'#document':{'$regex':'x+'}}"));
        assertEquals(new Not(new DocumentMatches("x+")), where("{'#document':{'$not_regex':'x+'}}"));
        assertEquals(new Ids(Set.of("a", "b")), where("{'#id':{'$in':['a','b','a']}}"));
        assertEquals(new Not(new Ids(Set.of("a"))), where("{'#id':{'$nin':['a']}}"));
    }

    @Test
    void connectivesTakeAnyNumber() {
        assertEquals(new And(List.of()), where("{'$and':[]}"));
        assertEquals(new Or(List.of()), where("{'$or':[]}"));
        Filter k = new Equals("k", new Int(1));
        assertEquals(new And(List.of(k, new Or(List.of(k)))), where("{'$and':[{'k':1},{'$or':[{'k':1}]}]}"));
        assertEquals(
                new Or(List.of(new DocumentContains("x"), new And(List.of()))),
                whereDocument("{'$or':[{'$contains':'x'},{'$and':[]}]}"));
    }

    @Test
    void theFirstElementOfAListDecidesItsKind() {
        assertEquals(new In("k", List.of(new Real(2.5), new Real(1))), where("{'k':{'$in':[2.5,1]}}"));
        assertRefused("{'k':{'$in':[1,2.5]}}");
        assertRefused("{'k':{'$in':['a',1]}}");
        assertRefused("{'k':{'$in':[true,1]}}");
    }

    @Test
    void integersBeyond64BitsAreReal() {
        assertEquals(new Equals("k", new Int(Long.MAX_VALUE)), where("{'k':9223372036854775807}"));
        assertEquals(new Equals("k", new Real(0x1p63)), where("{'k':9223372036854775808}"));
    }

    @Test
    void nullAcceptsAll() {
        assertEquals(Filter.ALL, FilterJson.readWhere(null, QueryLimits.HIGHEST));
        assertEquals(Filter.ALL, where("null"));
        assertEquals(Filter.ALL, FilterJson.readWhereDocument(null, QueryLimits.HIGHEST));
        assertEquals(Filter.ALL, whereDocument("null"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "'k'",
                "[]",
                "1",
                "{'k':1,'l':2}",
                "{'k':null}",
                "{'k':[1]}",
                "{'k':{}}",
                "{'k':{'$eq':1,'$ne':2}}",
                "{'k':{'$eq':null}}",
                "{'k':{'$eq':[1]}}",
                "{'k':{'$gt':'x'}}",
                "{'k':{'$lt':true}}",
                "{'k':{'$in':[]}}",
                "{'k':{'$in':1}}",
                "{'k':{'$in':[null]}}",
                "{'k':{'$in':[[1]]}}",
                "{'k':{'$regex':'x'}}",
                "{'k':{'$exists':true}}",
                "{'k':1e400}",
                "{'k':{'$gt':-1e400}}",
                "{'k':'\\ud800'}",
                "{'$not':{'k':1}}",
                "{'$and':{'k':1}}",
                "{'$and':[1]}",
                "{'$or':[{}]}",
                "{'#document':'x'}",
                "{'#document':{'$eq':'x'}}",
                "{'#document':{'$contains':1}}",
                "{'#id':{'$in':[1]}}",
                "{'#id':{'$gt':'a'}}",
            })
    void refusesWhatIsNoWhereClause(String json) {
        assertRefused(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "'x'",
                "[]",
                "{'$contains':1}",
                "{'$contains':null}",
                "{'$contains':'x','$regex':'y'}",
                "{'$eq':'x'}",
                "{'$and':'x'}",
                "{'$or':[{'k':1}]}",
            })
    void refusesWhatIsNoWhereDocumentClause(String json) {
        assertEquals("Invalid where document clause", message(() -> whereDocument(json)));
    }

    @Test
    void refusesRegexesAsOtherServersDo() {
        String refusal = "Regex syntax errror: regex parse error:\n    (\n    ^\nerror: unclosed group";
        assertEquals(refusal, message(() -> whereDocument("{'$regex':'('}")));
        assertEquals(refusal, message(() -> where("{'#document':{'$not_regex':'('}}")));
    }

    @Test
    void limitsDepthAndTermsAndValues() {
        assertEquals(
                "Invalid where clause: nested deeper than 32",
                message(() -> where("{'$and':[".repeat(32) + "{'k':1}" + "]}".repeat(32))));
        where("{'$and':[".repeat(31) + "{'k':1}" + "]}".repeat(31));
        String terms = String.join(",", Collections.nCopies(1_024, "{'k':1}"));
        assertEquals(
                "Invalid where clause: more than 1024 conditions", message(() -> where("{'$or':[" + terms + "]}")));
        where("{'$or':[" + terms.substring(8) + "]}");
        String values = String.join(",", Collections.nCopies(10_000, "1"));
        where("{'k':{'$in':[" + values + "]}}");
        assertEquals(
                "Invalid where clause: 10001 values, more than 10000",
                message(() -> where("{'k':{'$nin':[1," + values + "]}}")));
        assertEquals(
                "Invalid where document clause: nested deeper than 32",
                message(() -> whereDocument("{'$or':[".repeat(40) + "]}".repeat(40))));
    }

    @Test
    void deepNestingDoesNotOverflowTheStack() throws JsonProcessingException {
        ObjectMapper deep = new ObjectMapper();
        deep.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(1_000_000)
                        .build());
        JsonNode nested = deep.readTree("{\"$and\":[".repeat(100_000) + "]}".repeat(100_000));
        assertEquals(
                "Invalid where clause: nested deeper than 32",
                message(() -> FilterJson.readWhere(nested, QueryLimits.HIGHEST)));
        JsonNode not = deep.readTree("{\"not\":".repeat(100_000) + "1" + "}".repeat(100_000));
        assertEquals("Invalid filter: nested deeper than 64", message(() -> FilterJson.read(not)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "1",
                "{'equals':['k']}",
                "{'equals':'k'}",
                "{'less':['k','x']}",
                "{'near':['k',1]}",
                "{'ids':[1]}",
                "{'and':1}",
                "{'not':[]}",
                "{'document_contains':1}",
                "{'in':[]}"
            })
    void refusesWhatIsNoWrittenFilter(String json) {
        assertEquals("Invalid filter", message(() -> FilterJson.read(tree(json))));
    }

    private static void assertRefused(String json) {
        assertEquals("Invalid where clause", message(() -> where(json)), json);
    }

    private static String message(Runnable reading) {
        QuiverException failure = assertThrows(QuiverException.class, reading::run);
        assertEquals(ErrorCode.INVALID_ARGUMENT, failure.code());
        return failure.getMessage();
    }

    private static Filter where(String json) {
        return FilterJson.readWhere(tree(json), QueryLimits.HIGHEST);
    }

    private static Filter whereDocument(String json) {
        return FilterJson.readWhereDocument(tree(json), QueryLimits.HIGHEST);
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
