package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 5 of the contract: the rules of get and query that are easily got wrong, each by itself. */
class ReadRulesContractTest extends ServerFixture {
    private static final String ALL = "'include':['documents','embeddings','metadatas','distances','uris']";

    @Test
    void aQueryAnswersTenHitsUnlessToldOtherwise() {
        String collection = client.collection();
        String ids = IntStream.range(0, 12).mapToObj(i -> "'" + i + "'").collect(Collectors.joining(","));
        String embeddings = IntStream.range(0, 12).mapToObj(i -> "[" + i + "]").collect(Collectors.joining(","));
        client.post(collection + "/add", "{'ids':[" + ids + "],'embeddings':[" + embeddings + "]}")
                .is(201, "{}");
        for (String more : new String[] {"", ",'n_results':null"}) {
            assertIds(
                    "[['0','1','2','3','4','5','6','7','8','9']]",
                    client.post(collection + "/query", "{'query_embeddings':[[0]]" + more + "}"));
        }
        assertEquals(
                12, client.post(collection + "/get", "{}").json().get("ids").size());
    }

    @Test
    void recordsComeInTheOrderOfTheirInsertion() {
        String collection = client.collectionOfThree();
        client.post(collection + "/upsert", "{'ids':['a'],'embeddings':[[9,9,9]]}")
                .is(200, "{}");
        client.post(collection + "/delete", "{'ids':['b']}").is(200, "{'deleted':1}");
        client.post(collection + "/add", "{'ids':['b'],'embeddings':[[0,1,0]]}").is(201, "{}");
        assertIds("['a','c','b']", client.post(collection + "/get", "{}"));
        assertIds("['a','c','b']", client.post(collection + "/get", "{'ids':['b','zzz','c','a','b']}"));
        assertIds("['c']", client.post(collection + "/get", "{'ids':['b','c','a'],'limit':1,'offset':1}"));
        assertIds("['b']", client.post(collection + "/get", "{'where':{'k':{'$ne':1}},'offset':1}"));
    }

    @Test
    void nullIncludesWhatIsIncludedAnyway() {
        String collection = client.collectionOfThree();
        assertField("include", "['documents','metadatas']", client.post(collection + "/get", "{'include':null}"));
        assertField(
                "include",
                "['documents','metadatas','distances']",
                client.post(collection + "/query", "{'query_embeddings':[[1,0,0]],'include':null}"));
    }

    @Test
    void whatIsIncludedIsToldAsItWasAsked() {
        String collection = client.collectionOfThree();
        assertField(
                "include",
                "['uris','documents','uris']",
                client.post(collection + "/get", "{'include':['uris','documents','uris']}"));
    }

    @Test
    void whatIsNotIncludedInAQueryIsNull() {
        client.post(
                        client.collectionOfThree() + "/query",
                        "{'query_embeddings':[[1,0,0],[0,0,1]],'n_results':1,'include':[]}")
                .is(
                        200,
                        "{'ids':[['a'],['c']],'embeddings':null,'documents':null,'uris':null,'metadatas':null,"
                                + "'distances':null,'include':[]}");
    }

    /** LangChain4j and Spring AI read each list by its index: an entry may be null, a list may not. */
    @Test
    void whatIsIncludedIsAListAlsoWhereNothingIsThere() {
        String collection = client.collection();
        client.post(collection + "/add", "{'ids':['a'],'embeddings':[[1]]}").is(201, "{}");
        client.post(collection + "/query", "{'query_embeddings':[[1]]," + ALL + "}")
                .is(
                        200,
                        "{'ids':[['a']],'embeddings':[[[1.0]]],'documents':[[null]],'uris':[[null]],'metadatas':[[null]],"
                                + "'distances':[[0.0]]," + ALL + "}");
        client.post(collection + "/query", "{'query_embeddings':[[1]],'where':{'k':1}," + ALL + "}")
                .is(
                        200,
                        "{'ids':[[]],'embeddings':[[]],'documents':[[]],'uris':[[]],'metadatas':[[]],'distances':[[]],"
                                + ALL + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'query_embeddings':[[]]}|Validation error: query_embeddings[0]: Embedding must have at least one dimension",
                "{'query_embeddings':[[1,0,0],[1,0]]}|Collection expecting embedding with dimension of 3, got 2",
                "{'query_embeddings':[[1e39,0,0]]}|Failed to parse the request body as JSON: number out of range at line 1 column 26"
            })
    void anEmbeddingThatMakesNoSenseIsRefused(String json, String problem) {
        client.post(client.collectionOfThree() + "/query", json).isInvalid(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'query_embeddings':[[1,0,null]]}|query_embeddings[0]: invalid type: null, expected f32 at line 1 column 27",
                "{'query_embeddings':[[1,0,0]],'n_results':-1}|n_results: invalid value: integer `-1`, expected u32 at line 1 column 44",
                "{'query_embeddings':[[1,0,0]],'include':['data']}|include[0]: unknown variant `data`, expected one of `distances`, `documents`, `embeddings`, `metadatas`, `uris` at line 1 column 47"
            })
    void anotherShapeIsRefused(String json, String problem) {
        client.post(client.collectionOfThree() + "/query", json).isWrongShape(problem);
    }

    @Test
    void idsFiltersAndDocumentsNarrowAQueryTogether() {
        String collection = client.collectionOfThree();
        String query = "{'query_embeddings':[[1,0,0]],'ids':['b','c','zzz'],'where':{'k':{'$ne':1}},"
                + "'where_document':{'$contains':'o'}}";
        assertIds("[['b']]", client.post(collection + "/query", query));
        assertIds("[[]]", client.post(collection + "/query", query.replace("'b',", "")));
    }

    @Test
    void innerProductsMayMakeNegativeDistancesAndCosinesLieBetweenNoughtAndTwo() {
        String cosine = client.collection(",'configuration':{'hnsw':{'space':'cosine'}}");
        String product = client.collection(",'configuration':{'hnsw':{'space':'ip'}}");
        for (String collection : new String[] {cosine, product}) {
            client.post(collection + "/add", "{'ids':['same','across','against'],'embeddings':[[2,0],[0,2],[-2,0]]}")
                    .is(201, "{}");
        }
        String query = "{'query_embeddings':[[1,0]]," + ALL + "}";
        assertField("distances", "[[0.0,1.0,2.0]]", client.post(cosine + "/query", query));
        assertField("distances", "[[-1.0,1.0,3.0]]", client.post(product + "/query", query));
        assertField("embeddings", "[[[2.0,0.0],[0.0,2.0],[-2.0,0.0]]]", client.post(cosine + "/query", query));
    }
}
