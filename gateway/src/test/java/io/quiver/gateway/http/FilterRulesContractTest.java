package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 6 of the contract: the rules of filters that are easily got wrong, each by itself. */
class FilterRulesContractTest extends ServerFixture {
    private static final String WHERE = "Invalid where clause";
    private String collection;

    /** Besides the three: d, of a large integer, and e, of an array of numbers; neither has a document. */
    @BeforeAll
    void fill() {
        collection = client.collectionOfThree();
        client.post(
                        collection + "/add",
                        "{'ids':['d','e'],'embeddings':[[1,1,0],[1,1,1]],"
                                + "'metadatas':[{'big':9007199254740993},{'n':[1,2],'r':[0.5],'f':[true]}]}")
                .is(201, "{}");
    }

    private Reply where(String where) {
        return client.post(collection + "/get", "{'where':" + where + "}");
    }

    private Reply whereDocument(String where) {
        return client.post(collection + "/get", "{'where_document':" + where + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'absent':{'$ne':1}}|['a','b','c','d','e']",
                "{'absent':{'$nin':['x']}}|['a','b','c','d','e']",
                "{'absent':{'$not_contains':'x'}}|['a','b','c','d','e']",
                "{'#document':{'$not_contains':'hello'}}|['b','c','d','e']",
                "{'#document':{'$not_regex':'hello'}}|['b','c','d','e']",
                "{'s':{'$ne':'x'}}|['b','c','d','e']",
                "{'b':{'$ne':true}}|['a','c','d','e']"
            })
    void negativeOperatorsMatchWhoLacksTheFieldOrTheDocument(String where, String ids) {
        assertIds(ids, where(where));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'k':1.0}|['a']",
                "{'k':{'$gte':1.5}}|['b']",
                "{'k':{'$lt':1.5}}|['a']",
                "{'k':{'$gt':0.5}}|['a','b']",
                "{'k':{'$lte':2}}|['a']",
                "{'big':9007199254740993}|['d']",
                "{'big':9007199254740992}|[]",
                "{'big':9007199254740992.0}|[]",
                "{'big':{'$gt':9007199254740992.0}}|['d']"
            })
    void numbersCompareExactlyAcrossIntegersAndFractions(String where, String ids) {
        assertIds(ids, where(where));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'n':{'$contains':2}}|['e']",
                "{'n':{'$contains':3}}|[]",
                "{'n':{'$not_contains':2}}|['a','b','c','d']",
                "{'r':{'$contains':0.5}}|['e']",
                "{'f':{'$contains':true}}|['e']",
                "{'t':{'$contains':'q'}}|['a']",
                "{'t':{'$contains':1}}|[]",
                "{'s':{'$contains':'x'}}|[]",
                "{'s':{'$not_contains':'x'}}|['a','b','c','d','e']",
                "{'t':'p'}|[]",
                "{'t':{'$in':['p']}}|[]"
            })
    void onAFieldContainsIsMembershipOfAnArrayAndNothingElse(String where, String ids) {
        assertIds(ids, where(where));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'b':{'$in':[true,false]}}|['b']",
                "{'b':{'$nin':[true]}}|['a','c','d','e']",
                "{'s':{'$in':['x','y']}}|['a','b']",
                "{'k':{'$in':[2.5,1]}}|['a','b']",
                "{'k':{'$in':[true]}}|[]",
                "{'k':{'$nin':[1]}}|['b','c','d','e']"
            })
    void listsAreOfOneKindWhichTheirFirstValueSays(String where, String ids) {
        assertIds(ids, where(where));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'k':{'$in':[1,2.5]}}",
                "{'k':{'$in':['x',1]}}",
                "{'k':{'$in':[null]}}",
                "{'k':{'$in':1}}",
                "{'k':{'$nin':[]}}",
                "{'k':[1]}",
                "{'k':{'$eq':[1]}}",
                "{'k':{'$eq':null}}",
                "{'k':{'$exists':true}}",
                "{'$not':{'k':1}}",
                "{'$and':[{}]}",
                "{'$and':null}",
                "{'$and':[{'k':1}],'$or':[{'k':1}]}",
                "{'b':{'$gt':true}}",
                "{'s':{'$lte':'x'}}",
                "{'t':{'$contains':['p']}}",
                "{'s':{'$regex':'x'}}",
                "{'s':{'$not_regex':'x'}}",
                "{'#document':'foo bar'}",
                "{'#document':{'$eq':'foo bar'}}",
                "{'#document':{'$contains':1}}"
            })
    void anOperandThatAnOperatorDoesNotKnowIsRefused(String where) {
        where(where).isInvalid(WHERE);
        client.post(collection + "/query", "{'query_embeddings':[[1,0,0]],'where':" + where + "}")
                .isInvalid(WHERE);
        client.post(collection + "/delete", "{'where':" + where + "}").isInvalid(WHERE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'#id':{'$in':['c','a','zzz']}}|['a','c']",
                "{'#id':{'$nin':['a','b']}}|['c','d','e']",
                "{'$and':[{'#id':{'$in':['a','b']}},{'#document':{'$contains':'foo'}}]}|['b']",
                "{'#document':{'$contains':'o b'}}|['b']",
                "{'#document':{'$regex':'^h.*d$'}}|['a']",
                "{'$or':[{'#document':{'$regex':'^foo'}},{'big':{'$gt':0}}]}|['b','d']"
            })
    void idsAndDocumentsAreFilteredByLikeFields(String where, String ids) {
        assertIds(ids, where(where));
    }

    @Test
    void clausesNestToAnyDepthWithinTheLimit() {
        String where = "{'k':1}";
        for (int i = 0; i < 30; i++) {
            where = (i % 2 == 0 ? "{'$and':[" : "{'$or':[") + where + "]}";
        }
        assertIds("['a']", where(where));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$contains':''}|['a','b']",
                "{'$not_contains':''}|['c','d','e']",
                "{'$regex':''}|['a','b']",
                "{'$regex':'(?i)FOO'}|['b']",
                "{'$regex':'o w'}|['a']",
                "{'$and':[]}|['a','b','c','d','e']",
                "{'$or':[]}|[]",
                "{'$and':[{'$contains':'o'},{'$or':[{'$contains':'hello'},{'$regex':'zzz'}]}]}|['a']"
            })
    void documentsAreSearchedAnywhereAndCaseMatters(String where, String ids) {
        assertIds(ids, whereDocument(where));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(?=x)|look-around, including look-ahead and look-behind, is not supported",
                "(?<!x)y|look-around, including look-ahead and look-behind, is not supported",
                "(a)\\\\1|backreferences are not supported",
                "a{2,1}|invalid repetition count range",
                "[b-a]|invalid character class range, the start must be <= the end"
            })
    void aPatternThatNeedsMoreThanLinearTimeOrIsNoneIsRefused(String pattern, String error) {
        for (Reply reply : new Reply[] {
            whereDocument("{'$regex':'" + pattern + "'}"),
            whereDocument("{'$not_regex':'" + pattern + "'}"),
            where("{'#document':{'$regex':'" + pattern + "'}}")
        }) {
            assertEquals(400, reply.status());
            String message = reply.json().get("message").textValue();
            assertTrue(message.startsWith("Regex syntax errror: regex parse error:\n    "), message);
            assertTrue(message.endsWith("\nerror: " + error), message);
        }
    }
}
