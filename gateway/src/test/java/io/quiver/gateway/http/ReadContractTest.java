package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 5 and 6 of the contract: get, query, count, and their filters. */
class ReadContractTest extends ServerFixture {
    private Reply get(String json) {
        return client.post(client.collectionOfThree() + "/get", json);
    }

    private Reply query(String json) {
        return client.post(client.collectionOfThree() + "/query", json);
    }

    @Test
    void getsWhatIsIncludedAndNullForTheRest() {
        get("{'ids':['a'],'include':['embeddings','uris','distances']}")
                .is(
                        200,
                        "{'ids':['a'],'embeddings':[[1.0,0.0,0.0]],'documents':null,'uris':['u1'],'metadatas':null,"
                                + "'include':['embeddings','uris','distances']}");
        get("{'include':[]}")
                .is(
                        200,
                        "{'ids':['a','b','c'],'embeddings':null,'documents':null,'uris':null,'metadatas':null,'include':[]}");
    }

    @Test
    void namesTheFieldsOfAnAnswerInTheirOrder() {
        assertTrue(
                get("{}")
                        .body()
                        .matches(
                                "\\{\"ids\":.*,\"embeddings\":.*,\"documents\":.*,\"uris\":.*,\"metadatas\":.*,\"include\":.*}"));
    }

    @Test
    void getsPages() {
        assertIds("['b']", get("{'limit':1,'offset':1}"));
        assertIds("['b','c']", get("{'offset':1}"));
        assertIds("[]", get("{'limit':0}"));
        assertIds("[]", get("{'offset':4294967295}"));
        assertIds("['a','b','c']", get("{'limit':4294967295}"));
        assertIds("[]", get("{'ids':[]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'limit':-1}|limit: invalid value: integer `-1`, expected u32 at line 1 column 11",
                "{'limit':4294967296}|limit: invalid value: integer `4294967296`, expected u32 at line 1 column 19",
                "{'limit':1.5}|limit: invalid type: floating point `1.5`, expected u32 at line 1 column 12",
                "{'offset':'1'}|offset: invalid type: string \"1\", expected u32 at line 1 column 13",
                "{'include':['data']}|include[0]: unknown variant `data`, expected one of `distances`, `documents`, `embeddings`, `metadatas`, `uris` at line 1 column 18",
                "{'include':'documents'}|include: invalid type: string \"documents\", expected a sequence at line 1 column 22",
                "{'ids':'a'}|ids: invalid type: string \"a\", expected a sequence at line 1 column 10",
                "[]|invalid type: sequence, expected an object at line 1 column 1"
            })
    void saysWhichShapeIsWrong(String json, String problem) {
        client.post(client.collection() + "/get", json).isWrongShape(problem);
    }

    @Test
    void queriesInAscendingDistance() {
        Reply reply = query(
                "{'query_embeddings':[[0,1,0.5],[1,0,0]],'n_results':2,'include':['distances','documents','embeddings','metadatas','uris']}");
        assertIds("[['b','c'],['a','b']]", reply);
        assertField("distances", "[[0.25,1.25],[0.0,2.0]]", reply);
        assertField("documents", "[['foo bar',null],['hello world','foo bar']]", reply);
        assertField("embeddings", "[[[0.0,1.0,0.0],[0.0,0.0,1.0]],[[1.0,0.0,0.0],[0.0,1.0,0.0]]]", reply);
        assertField("uris", "[[null,null],['u1',null]]", reply);
        assertEquals(
                "{\"k\":1,\"s\":\"x\",\"t\":[\"p\",\"q\"]}",
                reply.json().at("/metadatas/1/0").toString());
    }

    @Test
    void answersFewerOrNone() {
        assertIds("[['a','b','c']]", query("{'query_embeddings':[[1,0,0]],'n_results':100}"));
        assertIds("[[]]", query("{'query_embeddings':[[1,0,0]],'n_results':0}"));
        assertIds("[[]]", query("{'query_embeddings':[[1,0,0]],'ids':[]}"));
        query("{'query_embeddings':[]}")
                .is(
                        200,
                        "{'ids':[],'embeddings':null,'documents':[],'uris':null,'metadatas':[],'distances':[],"
                                + "'include':['documents','metadatas','distances']}");
    }

    @Test
    void queriesAmongIds() {
        assertIds("[['b','c']]", query("{'query_embeddings':[[0,1,0]],'ids':['c','b','zzz','b']}"));
    }

    @Test
    void takesNoBase64InQueries() {
        assertEquals(422, query("{'query_embeddings':['AACAPwAAAAAAAAAA']}").status());
        query("{}").isWrongShape("missing field `query_embeddings` at line 1 column 2");
        query("{'query_embeddings':null}")
                .isWrongShape("query_embeddings: invalid type: null, expected a sequence at line 1 column 21");
    }

    @Test
    void refusesMoreThanItsLimits() {
        query("{'query_embeddings':[[1,0,0]],'n_results':16385}")
                .isInvalid("Validation error: n_results: Expected at most 16384, got 16385");
        String many = IntStream.rangeClosed(0, RequestLimits.DEFAULT.embeddingsMax())
                .mapToObj(_ -> "[1,0,0]")
                .collect(Collectors.joining(","));
        query("{'query_embeddings':[" + many + "]}")
                .isInvalid("Validation error: query_embeddings: Expected at most 1024 embeddings, got 1025");
    }

    @Test
    void measuresByTheSpaceOfTheCollection() {
        String cosine = client.collection(",'metadata':{'hnsw:space':'cosine'}");
        String product = client.collection(",'configuration':{'hnsw':{'space':'ip'}}");
        for (String collection : new String[] {cosine, product}) {
            client.post(collection + "/add", "{'ids':['a','b'],'embeddings':[[2,0],[0,4]]}");
        }
        String query = "{'query_embeddings':[[3,0]]}";
        assertField("distances", "[[0.0,1.0]]", client.post(cosine + "/query", query));
        assertField("distances", "[[-5.0,1.0]]", client.post(product + "/query", query));
    }

    @Test
    void counts() {
        String collection = client.collectionOfThree();
        for (String query : new String[] {"", "?read_level=index_and_wal", "?read_level=index_and_bounded_wal"}) {
            assertEquals("3", client.get(collection + "/count" + query).body());
        }
        assertEquals(
                200, client.get(collection + "/count?read_level=index_only").status());
        client.get(collection + "/count?read_level=x")
                .isInvalid("Failed to deserialize query string: read_level: unknown variant `x`, expected one of"
                        + " `index_and_wal`, `index_only`, `index_and_bounded_wal`");
    }

    @Test
    void saysHowMuchIsIndexed() {
        Reply reply = client.get(client.collectionOfThree() + "/indexing_status");
        assertField("total_ops", "3", reply);
        assertEquals(
                3,
                reply.json().get("num_indexed_ops").intValue()
                        + reply.json().get("num_unindexed_ops").intValue());
        assertTrue(reply.json().get("op_indexing_progress").doubleValue() <= 1);
        client.get(client.collection() + "/indexing_status")
                .is(200, "{'op_indexing_progress':1.0,'num_unindexed_ops':0,'num_indexed_ops':0,'total_ops':0}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'k':1}|['a']",
                "{'k':1.0}|['a']",
                "{'k':{'$eq':1}}|['a']",
                "{'k':{'$ne':1}}|['b','c']",
                "{'k':{'$gt':1}}|['b']",
                "{'k':{'$gte':1.5}}|['b']",
                "{'k':{'$lt':2.5}}|['a']",
                "{'k':{'$lte':2.5}}|['a','b']",
                "{'s':{'$in':['x','z']}}|['a']",
                "{'s':{'$nin':['x','z']}}|['b','c']",
                "{'b':true}|['b']",
                "{'t':{'$contains':'p'}}|['a']",
                "{'t':{'$not_contains':'p'}}|['b','c']",
                "{'s':{'$contains':'x'}}|[]",
                "{'k':{'$in':[2.5,1]}}|['a','b']",
                "{'$and':[{'k':1},{'s':'x'}]}|['a']",
                "{'$or':[{'k':1},{'s':'y'}]}|['a','b']",
                "{'$and':[]}|['a','b','c']",
                "{'$or':[]}|[]",
                "{'$or':[{'$and':[{'k':1}]}]}|['a']",
                "{'#document':{'$contains':'foo'}}|['b']"
            })
    void filtersByMetadata(String where, String ids) {
        assertIds(ids, get("{'where':" + where + "}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$contains':'o'}|['a','b']",
                "{'$contains':''}|['a','b']",
                "{'$contains':'O'}|[]",
                "{'$not_contains':'hello'}|['b','c']",
                "{'$regex':'(?i)HELLO'}|['a']",
                "{'$regex':'^foo'}|['b']",
                "{'$not_regex':'o.b'}|['a','c']",
                "{'$and':[{'$contains':'o'},{'$contains':'w'}]}|['a']",
                "{'$or':[{'$contains':'bar'},{'$contains':'world'}]}|['a','b']"
            })
    void filtersByDocument(String where, String ids) {
        assertIds(ids, get("{'where_document':" + where + "}"));
    }

    @Test
    void filtersByBoth() {
        assertIds("['b']", get("{'where':{'k':{'$gte':1}},'where_document':{'$contains':'foo'}}"));
        assertIds("[['b']]", query("{'query_embeddings':[[1,0,0]],'where':{'s':'y'}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "'x'",
                "[]",
                "1",
                "true",
                "{'a':1,'b':2}",
                "{'k':{'$gt':'x'}}",
                "{'k':{'$in':[]}}",
                "{'k':{'$in':[1,2.5]}}",
                "{'k':null}",
                "{'k':{'$eq':null}}",
                "{'k':{'$eq':1,'$ne':2}}",
                "{'k':{'$foo':1}}",
                "{'$not':{'k':1}}",
                "{'$and':{'k':1}}",
                "{'k':{'$regex':'x'}}"
            })
    void refusesWhereClausesThatAreNone(String where) {
        Reply reply = get("{'where':" + where + "}");
        assertEquals(400, reply.status(), reply.body());
        assertTrue(reply.json().get("message").textValue().startsWith("Invalid where clause"), reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "'x'",
                "[]",
                "{'$contains':1}",
                "{'$contains':'a','$regex':'b'}",
                "{'k':'x'}",
                "{'$eq':'x'}"
            })
    void refusesDocumentClausesThatAreNone(String where) {
        Reply reply = get("{'where_document':" + where + "}");
        assertEquals(400, reply.status(), reply.body());
        assertTrue(reply.json().get("message").textValue().startsWith("Invalid where document clause"), reply.body());
    }

    @Test
    void refusesFiltersForWhichThereIsNoIndex() {
        String collection = client.collection(
                ",'schema':{'defaults':{},'keys':{'k':{'string':{'string_inverted_index':{'enabled':false,'config':{}}}},"
                        + "'#document':{'string':{'fts_index':{'enabled':false,'config':{}}}}}}");
        client.post(collection + "/get", "{'where':{'k':'x'}}")
                .isInvalid("Cannot filter using metadata key 'k' with type 'Str' because indexing is disabled");
        assertEquals(200, client.post(collection + "/get", "{'where':{'k':1}}").status());
        client.post(collection + "/get", "{'where_document':{'$contains':'x'}}")
                .isInvalid("Cannot filter using full-text search because FTS indexing is disabled");
    }
}
