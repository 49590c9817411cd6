package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.FilterJson;
import io.quiver.executor.query.QueryLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The meaning of filters, on records much like those of other servers' answers. */
class FilterMatcherTest {
    private final ListedRows rows = new ListedRows()
            .with("a", "hello world", "k", 1, "s", "x", "t", List.of("p", "q"))
            .with("b", "foo bar", "k", 2.5, "s", "y", "b", true)
            .with("c", null)
            .with("d", "", "k", 9007199254740993L, "t", List.of(1, 2));

    @Test
    void negativeOperatorsAcceptRecordsWithoutTheField() {
        assertEquals(List.of("b", "c", "d"), where("{'k':{'$ne':1}}"));
        assertEquals(List.of("c", "d"), where("{'s':{'$nin':['x','y']}}"));
        assertEquals(List.of("b", "c", "d"), where("{'t':{'$not_contains':'p'}}"));
        assertEquals(List.of("b", "c", "d"), whereDocument("{'$not_contains':'hello'}"));
        assertEquals(List.of("b", "c", "d"), whereDocument("{'$not_regex':'h.l'}"));
    }

    @Test
    void numbersCompareAcrossKindsWithoutRounding() {
        assertEquals(List.of("a"), where("{'k':1.0}"));
        assertEquals(List.of("b", "d"), where("{'k':{'$gte':1.5}}"));
        assertEquals(List.of("a"), where("{'k':{'$lt':1.5}}"));
        assertEquals(List.of("d"), where("{'k':9007199254740993}"));
        assertEquals(List.of(), where("{'k':9007199254740992}"));
        assertEquals(List.of("d"), where("{'k':{'$gt':9007199254740992.0}}"));
        assertEquals(List.of(), where("{'k':{'$gte':9007199254740994.0}}"));
        assertEquals(List.of("a"), where("{'k':{'$in':[0.5,1]}}"));
        assertEquals(List.of("d"), where("{'t':{'$contains':2.0}}"));
    }

    @Test
    void kindsThatCannotBeComparedAreUnequal() {
        assertEquals(List.of(), where("{'k':'1'}"));
        assertEquals(List.of(), where("{'b':1}"));
        assertEquals(List.of(), where("{'s':{'$gt':0}}"));
    }

    @Test
    void arraysAreAskedForTheirElementsAndScalarsForTheirValue() {
        assertEquals(List.of("a"), where("{'t':{'$contains':'p'}}"));
        assertEquals(List.of(), where("{'s':{'$contains':'x'}}"));
        assertEquals(List.of(), where("{'t':'p'}"));
    }

    @Test
    void everyDocumentHoldsTheEmptyText() {
        assertEquals(List.of("a", "b", "d"), whereDocument("{'$contains':''}"));
        assertEquals(List.of("a", "b", "d"), whereDocument("{'$regex':''}"));
        assertEquals(List.of("c"), whereDocument("{'$not_contains':''}"));
    }

    @Test
    void documentsMindCase() {
        assertEquals(List.of(), whereDocument("{'$contains':'Hello'}"));
        assertEquals(List.of("a"), whereDocument("{'$regex':'(?i)HELLO'}"));
    }

    @Test
    void connectivesNestAndMayBeEmpty() {
        assertEquals(List.of("a", "b", "c", "d"), where("{'$and':[]}"));
        assertEquals(List.of(), where("{'$or':[]}"));
        assertEquals(List.of("a", "b"), where("{'$or':[{'s':'x'},{'$and':[{'b':true},{'s':'y'}]}]}"));
    }

    @Test
    void idsAreFilteredToo() {
        assertEquals(List.of("a", "c"), where("{'#id':{'$in':['c','a','missing']}}"));
        assertEquals(List.of("b", "d"), where("{'#id':{'$nin':['c','a']}}"));
    }

    private List<String> where(String json) {
        return accepted(FilterJson.readWhere(tree(json), QueryLimits.HIGHEST));
    }

    private List<String> whereDocument(String json) {
        return accepted(FilterJson.readWhereDocument(tree(json), QueryLimits.HIGHEST));
    }

    private List<String> accepted(Filter filter) {
        FilterMatcher matcher = FilterMatcher.compile(filter);
        List<String> accepted = new ArrayList<>();
        for (int row = 0; row < rows.count(); row++) {
            if (matcher.accepts(rows.id(row), rows.metadata(row), rows.document(row))) {
                accepted.add(rows.id(row));
            }
        }
        return accepted;
    }

    private static com.fasterxml.jackson.databind.JsonNode tree(String json) {
        try {
            return new ObjectMapper().readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
