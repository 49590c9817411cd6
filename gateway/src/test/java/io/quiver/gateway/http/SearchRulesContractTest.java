package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 7 of the contract: rules of the body of a search, each by itself. */
class SearchRulesContractTest extends ServerFixture {
    private Reply search(String body) {
        return client.post(client.collectionOfThree() + "/search", body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'searches':[{}]}",
                "{'searches':[{'filter':null,'rank':null,'group_by':null,'limit':null,'select':null}],'read_level':null}",
                "{'searches':[{'other':1}],'another':{}}",
                "{'searches':[{'limit':{'limit':null,'offset':0},'select':{'keys':[]}}]}",
                "{'searches':[{'limit':{'offset':null,'other':1}}]}"
            })
    void everyPartMayBeAbsentAndUnknownOnesAreIgnored(String body) {
        search(body)
                .is(
                        200,
                        "{'ids':[['a','b','c']],'documents':[null],'embeddings':[null],'metadatas':[null],"
                                + "'scores':[null],'select':[[]]}");
    }

    @Test
    void aReadLevelIsOneOfThree() {
        Reply reply = search("{'searches':[{}],'read_level':'all'}");
        String message = reply.json().get("message").textValue();
        assertTrue(
                message.startsWith(
                        "Failed to deserialize the JSON body into the target type: read_level: unknown variant"
                                + " `all`, expected one of `index_and_wal`, `index_only`, `index_and_bounded_wal`"),
                message);
        assertTrue(reply.status() == 422, reply.body());
    }

    /**
     * From the left a, b and c are 0.25, 2.25 and 1.25 away, from the right 2.25, 0.25 and 1.25. Of two sides the one
     * with a default fills in for what only the other has found; two without keep what both have.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$sub|,'limit':2|,'limit':2|['c']|[0.0]",
                "$sub|,'limit':2|,'limit':1,'default':8|['a','c']|[-7.75,-6.75]",
                "$sub|,'limit':1,'default':9|,'limit':2|['c','b']|[7.75,8.75]",
                "$sub|,'limit':1,'default':9|,'limit':1,'default':8|['a','b']|[-7.75,8.75]",
                "$div|,'limit':2|,'limit':2|['c']|[1.0]",
                "$div|,'limit':2|,'limit':1,'default':8|['a','c']|[0.03125,0.15625]",
                "$div|,'limit':1,'default':9|,'limit':2|['c','b']|[7.2,36.0]",
                "$div|,'limit':1,'default':9|,'limit':1,'default':8|['a','b']|[0.03125,36.0]"
            })
    void whatTwoSidesHaveFoundIsJoinedByTheirDefaults(
            String operator, String left, String right, String ids, String scores) {
        String sides = "'left':" + knn("[1,0,0.5]", left) + ",'right':" + knn("[0,1,0.5]", right);
        Reply reply =
                search("{'searches':[{'rank':{'" + operator + "':{" + sides + "}},'select':{'keys':['#score']}}]}");
        assertIds("[" + ids + "]", reply);
        assertField("scores", "[" + scores + "]", reply);
    }

    private static String knn(String query, String more) {
        return "{'$knn':{'query':" + query + more + "}}";
    }

    @Test
    void theQueryOfAKnnHasTheDimensionOfTheCollection() {
        search("{'searches':[{'rank':{'$knn':{'query':[1,0]}}}]}")
                .isInvalid("Collection expecting embedding with dimension of 3, got 2");
    }

    @Test
    void allMetadataWinOverSelectedFields() {
        assertField(
                "metadatas",
                "[[{'k':1,'s':'x','t':['p','q']},{'k':2.5,'s':'y','b':true},null]]",
                search("{'searches':[{'select':{'keys':['k','#metadata']}}]}"));
        assertField("metadatas", "[[{'k':1},{'k':2.5},null]]", search("{'searches':[{'select':{'keys':['k']}}]}"));
    }
}
