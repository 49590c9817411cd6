package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 7 of the contract, searches: what is answered, filtered, skipped and limited. */
class SearchContractTest extends SearchFixture {
    @Test
    void answersIdsAloneWhereNothingIsSelected() {
        search("{'rank':" + FIRST + "}")
                .is(
                        200,
                        "{'ids':[['a','b','c','d']],'documents':[null],'embeddings':[null],'metadatas':[null],"
                                + "'scores':[null],'select':[[]]}");
    }

    @Test
    void answersEverySelectedPartAndTheKeysInOrder() {
        search("{'rank':" + knn("[0,0]", ",'limit':2")
                        + ",'select':{'keys':['n','#score','#metadata','#embedding','#document','#score']}}")
                .is(
                        200,
                        "{'ids':[['a','b']],'documents':[['of ash','of yew']],'embeddings':[[[0.0,0.0],[1.0,0.0]]],"
                                + "'metadatas':[[{'kind':'x','n':1.0},{'kind':'x','n':1}]],'scores':[[0.0,1.0]],"
                                + "'select':[['#document','#embedding','#metadata','#score','n']]}");
    }

    @Test
    void answersOnlyTheFieldsOfMetadataThatAreSelected() {
        Reply reply = search("{'rank':" + FIRST + ",'select':{'keys':['n','absent']}}");
        assertField("metadatas", "[[{'n':1.0},{'n':1},null,{'n':2.5}]]", reply);
        assertField("documents", "[null]", reply);
        assertField("select", "[['absent','n']]", reply);
    }

    @Test
    void answersEachSearchForItself() {
        Reply reply = searches(
                "{'rank':" + FIRST + ",'limit':{'limit':1},'select':{'keys':['#score']}}",
                "{'filter':{'kind':'y'},'select':{'keys':['#document']}}",
                "{'rank':" + SECOND + ",'filter':{'kind':'nothing'},'select':{'keys':['#score']}}");
        reply.is(
                200,
                "{'ids':[['a'],['d'],[]],'documents':[null,['of elm'],null],'embeddings':[null,null,null],"
                        + "'metadatas':[null,null,null],'scores':[[0.0],null,[]],"
                        + "'select':[['#score'],['#document'],['#score']]}");
    }

    @Test
    void answersNothingToNoSearchAndInAnEmptyCollection() {
        client.post(line() + "/search", "{'searches':[]}")
                .is(200, "{'ids':[],'documents':[],'embeddings':[],'metadatas':[],'scores':[],'select':[]}");
        Reply reply = client.post(client.collection() + "/search", "{'searches':[" + ranked(FIRST) + ",{}]}");
        assertIds("[[],[]]", reply);
        assertField("scores", "[[],null]", reply);
    }

    @Test
    void namesTheFieldsOfAnAnswerInTheirOrder() {
        assertTrue(
                search(ranked(FIRST))
                        .body()
                        .matches(
                                "\\{\"ids\":.*,\"documents\":.*,\"embeddings\":.*,\"metadatas\":.*,\"scores\":.*,\"select\":.*}"));
    }

    @Test
    void withoutARankRecordsComeInOrderOfInsertionAndHaveNoScore() {
        Reply reply = search("{'select':{'keys':['#score']}}");
        assertIds("[['b','d','a','c']]", reply);
        assertField("scores", "[[null,null,null,null]]", reply);
        assertIds("[['d','a']]", search("{'rank':null,'limit':{'limit':2,'offset':1}}"));
    }

    @Test
    void showsTheStateThatItsOffsetNames() {
        String collection = line();
        String body = "{'searches':[" + ranked(FIRST) + "]}";
        Reply before = client.post(collection + "/search", body);
        Reply written = client.post(collection + "/upsert", "{'ids':['e'],'embeddings':[[0.5,0]]}");
        Reply after = client.post(collection + "/search", body);
        assertIds("[['a','b','c','d']]", before);
        assertIds("[['a','e','b','c','d']]", after);
        assertEquals(written.header(RecordAnswers.OFFSET_HEADER), after.header(RecordAnswers.OFFSET_HEADER));
        assertEquals("miss", after.header(RecordAnswers.CACHE_HEADER));
        assertEquals("hit", client.post(collection + "/search", body).header(RecordAnswers.CACHE_HEADER));
    }

    @ParameterizedTest
    @CsvSource({"index_and_wal,4", "index_and_bounded_wal,4", "index_only,0"})
    void readsAsMuchAsItsLevelSays(String level, int records) {
        String body = "{'searches':[{},{'rank':" + FIRST + "}],'read_level':'" + level + "'}";
        Reply reply = client.post(line() + "/search", body);
        assertEquals(200, reply.status(), reply.body());
        assertEquals(records, reply.json().at("/ids/0").size());
        assertEquals(records, reply.json().at("/ids/1").size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|['a','b','c','d']",
                "null|['a','b','c','d']",
                "{'kind':'x'}|['a','b']",
                "{'kind':{'$ne':'x'}}|['c','d']",
                "{'#id':{'$in':['d','b','zzz']}}|['b','d']",
                "{'#id':'d'}|refused",
                "{'#document':{'$contains':'of '}}|['a','b','d']",
                "{'#document':{'$regex':'^of [ye]'}}|['b','d']",
                "{'$and':[{'#document':{'$contains':'of'}},{'n':{'$lte':1}}]}|['a','b']"
            })
    void filtersWhatEverySearchOfTheRankFinds(String filter, String ids) {
        Reply reply = search("{'rank':" + FIRST + ",'filter':" + filter + "}");
        if (ids.equals("refused")) {
            reply.isInvalid("Invalid where clause");
        } else {
            assertIds("[" + ids + "]", reply);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null|['a','b','c','d']",
                "{}|['a','b','c','d']",
                "{'limit':null,'offset':0}|['a','b','c','d']",
                "{'limit':2}|['a','b']",
                "{'limit':2,'offset':1}|['b','c']",
                "{'limit':9,'offset':3}|['d']",
                "{'offset':4294967295}|[]",
                "{'limit':0}|[]",
                "{'limit':4294967295}|['a','b','c','d']"
            })
    void skipsAndLimits(String limit, String ids) {
        assertIds("[" + ids + "]", search("{'rank':" + FIRST + ",'limit':" + limit + "}"));
    }
}
