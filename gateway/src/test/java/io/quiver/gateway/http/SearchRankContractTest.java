package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.gateway.http.TestClient.Reply;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 7 of the contract, ranks: how scores come about, of dense and of sparse vectors. */
class SearchRankContractTest extends SearchFixture {
    @Test
    void aKnnScoresItsLimitOfRecordsByDistanceAndSixteenUnlessToldOtherwise() {
        assertRanked(FIRST, "['a','b','c','d']", "[0.0,1.0,4.0,9.0]");
        assertRanked(knn("[0,0]", ",'key':'#embedding','limit':2,'default':null"), "['a','b']", "[0.0,1.0]");
        assertRanked(knn("[0,0]", ",'limit':0"), "[]", "[]");
        String many = client.collection();
        String ids = IntStream.range(0, 20).mapToObj(i -> "'" + i + "'").collect(Collectors.joining(","));
        String embeddings = IntStream.range(0, 20).mapToObj(i -> "[" + i + "]").collect(Collectors.joining(","));
        client.post(many + "/add", "{'ids':[" + ids + "],'embeddings':[" + embeddings + "]}");
        Reply reply = client.post(many + "/search", "{'searches':[{'rank':{'$knn':{'query':[0]}}}]}");
        assertEquals(16, reply.json().at("/ids/0").size(), reply.body());
    }

    @Test
    void aKnnMayGiveThePlaceFromNought() {
        assertRanked(knn("[3,0]", ",'return_rank':true"), "['d','c','b','a']", "[0.0,1.0,2.0,3.0]");
        assertRanked(knn("[3,0]", ",'return_rank':true,'limit':2"), "['d','c']", "[0.0,1.0]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$sum':[%1$s,{'$val':0.5}]}|['a','b','c','d']|[0.5,1.5,4.5,9.5]",
                "{'$sum':[%1$s]}|['a','b','c','d']|[0.0,1.0,4.0,9.0]",
                "{'$mul':[%1$s,{'$val':-1}]}|['d','c','b','a']|[-9.0,-4.0,-1.0,-0.0]",
                "{'$mul':[%1$s,%2$s]}|['d','a','b','c']|[0.0,0.0,4.0,4.0]",
                "{'$max':[%1$s,%2$s]}|['b','c','d','a']|[4.0,4.0,9.0,9.0]",
                "{'$min':[%1$s,%2$s]}|['d','a','b','c']|[0.0,0.0,1.0,1.0]",
                "{'$sub':{'left':%1$s,'right':%2$s}}|['a','b','c','d']|[-9.0,-3.0,3.0,9.0]",
                "{'$div':{'left':%1$s,'right':{'$val':4}}}|['a','b','c','d']|[0.0,0.25,1.0,2.25]",
                "{'$abs':{'$sub':{'left':%1$s,'right':%2$s}}}|['b','c','d','a']|[3.0,3.0,9.0,9.0]",
                "{'$exp':{'$mul':[%1$s,{'$val':0}]}}|['b','d','a','c']|[1.0,1.0,1.0,1.0]",
                "{'$log':{'$sum':[{'$mul':[%1$s,{'$val':0}]},{'$val':1}]}}|['b','d','a','c']|[0.0,0.0,0.0,0.0]",
                "{'$log':{'$exp':%1$s}}|['a','b','c','d']|[0.0,1.0,4.0,9.0]"
            })
    void calculates(String rank, String ids, String scores) {
        assertRanked(rank.formatted(FIRST, SECOND), ids, scores);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // both without default: only what both have found
                "$sum|,'limit':3|,'limit':3|['b','c']|[5.0,5.0]",
                "$sum|,'limit':1|,'limit':1|[]|[]",
                // one with a default: it fills in for the other side's records
                "$sum|,'limit':2|,'limit':1,'default':100|['a','b']|[100.0,101.0]",
                "$sum|,'limit':1,'default':100|,'limit':2|['d','c']|[100.0,101.0]",
                // both with defaults: what either has found
                "$sum|,'limit':1,'default':50|,'limit':1,'default':100|['d','a']|[50.0,100.0]",
                "$max|,'limit':1,'default':50|,'limit':1,'default':100|['d','a']|[50.0,100.0]",
                "$min|,'limit':2,'default':50|,'limit':1,'default':100|['d','a','b']|[0.0,0.0,1.0]",
                "$mul|,'limit':1,'default':2|,'limit':1,'default':3|['d','a']|[0.0,0.0]"
            })
    void joinsWhatItsSearchesFoundByTheirDefaults(String fold, String first, String second, String ids, String scores) {
        String rank = "{'%s':[%s,%s]}".formatted(fold, knn("[0,0]", first), knn("[3,0]", second));
        assertRanked(rank, ids, scores);
    }

    @Test
    void aRecordThatNoKnnFoundIsNeverThere() {
        assertRanked("{'$val':1}", "[]", "[]");
        assertRanked("{'$sum':[]}", "[]", "[]");
        assertRanked(knn("[0,0]", ",'limit':1,'default':0"), "['a']", "[0.0]");
    }

    @Test
    void fusesReciprocalRanksAsClientsWriteThem() {
        String place = ",'return_rank':true,'default':1000";
        String first = reciprocal(knn("[0,0]", place + ",'limit':2"));
        String second = reciprocal(knn("[1,0]", place + ",'limit':3"));
        Reply reply = search(ranked("{'$mul':[{'$val':-1},{'$sum':[" + first + "," + second + "]}]}"));
        assertIds("[['b','a','c']]", reply);
        assertEquals(
                (float) -(1 / 61.0 + 1 / 60.0), reply.json().at("/scores/0/0").floatValue());
        assertEquals(
                (float) -(1 / 60.0 + 1 / 61.0), reply.json().at("/scores/0/1").floatValue());
        assertEquals(
                (float) -(1 / 1060.0 + 1 / 62.0), reply.json().at("/scores/0/2").floatValue());
    }

    private static String reciprocal(String rank) {
        return "{'$div':{'left':{'$val':1},'right':{'$sum':[{'$val':60}," + rank + "]}}}";
    }

    @Test
    void whatIsNoFiniteNumberHasNoScoreAndKeepsItsPlace() {
        // -infinity, finite, +infinity, not a number
        assertRanked("{'$log':" + FIRST + "}", "['a','b','c','d']", "[null,0.0,1.3862944,2.1972246]");
        assertRanked(
                "{'$div':{'left':{'$val':1},'right':" + FIRST + "}}",
                "['d','c','b','a']",
                "[0.11111111,0.25,1.0,null]");
        assertRanked(
                "{'$div':{'left':" + FIRST + ",'right':" + FIRST + "}}", "['b','d','c','a']", "[1.0,1.0,1.0,null]");
        assertRanked("{'$exp':{'$mul':[" + FIRST + ",{'$val':1000}]}}", "['a','b','d','c']", "[1.0,null,null,null]");
    }

    @Test
    void scoresByASparseQueryAlsoWhereNoRecordHasSuchAVector() {
        assertRanked(
                "{'$knn':{'query':{'#type':'sparse_vector','indices':[1,4294967295],'values':[0.5,1]},'key':'sparse'}}",
                "[]",
                "[]");
        assertRanked(
                "{'$sum':[" + FIRST + ",{'$knn':{'query':{'indices':[1],'values':[1]},'key':'sparse','default':2}}]}",
                "['a','b','c','d']",
                "[2.0,3.0,6.0,11.0]");
    }

    /** Records a, b, c, d of {@link #line}, of which all but d have a sparse vector. */
    private Reply hybrid(String payload) {
        String collection = line();
        client.post(collection + "/update", """
                        {'ids':['a','b','c'],'metadatas':[{'sparse':{'indices':[1,7],'values':[0.5,2]}},
                         {'sparse':{'indices':[1,4294967295],'values':[1,3]}},{'sparse':{'indices':[7],'values':[0.25]}}]}""").is(200, "{}");
        return client.post(collection + "/search", "{'searches':[" + payload + "]}");
    }

    private static String sparse(String more) {
        return "{'$knn':{'query':{'#type':'sparse_vector','indices':[1,4294967295],'values':[1,0.5]},'key':'sparse'%s}}"
                .formatted(more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // 1 - 2.5 and 1 - 0.5; c shares no term with the query, d has no vector
                "%1$s|['b','a']|[-1.5,0.5]",
                "%2$s|['b']|[-1.5]",
                "%3$s|['b','a']|[0.0,1.0]",
                // with the embeddings: both, either, all
                "{'$sum':[%4$s,%1$s]}|['b','a']|[-0.5,0.5]",
                "{'$sum':[%4$s,%5$s]}|['b','a','c','d']|[-0.5,0.5,5.0,10.0]",
                "{'$max':[{'$knn':{'query':[3,0],'limit':1,'default':-9}},%5$s]}|['b','a','d']|[-1.5,0.5,1.0]"
            })
    void scoresBySparseVectors(String rank, String ids, String scores) {
        String all = rank.formatted(
                sparse(""), sparse(",'limit':1"), sparse(",'return_rank':true"), FIRST, sparse(",'default':1"));
        Reply reply = hybrid(ranked(all));
        assertIds("[" + ids + "]", reply);
        assertField("scores", "[" + scores + "]", reply);
    }

    @Test
    void filtersSparseVectorsTooAndAnswersThem() {
        Reply reply = hybrid(
                "{'rank':" + sparse("") + ",'filter':{'#id':{'$in':['a','c','d']}},'select':{'keys':['sparse']}}");
        assertIds("[['a']]", reply);
        assertField("metadatas", "[[{'sparse':{'#type':'sparse_vector','indices':[1,7],'values':[0.5,2.0]}}]]", reply);
    }
}
