package io.quiver.gateway.http;

import io.quiver.gateway.http.TestClient.Reply;

/** Four records on a line, and searches of them, for the tests of section 7 of the contract. */
abstract class SearchFixture extends ServerFixture {
    /** Squared distances of a, b, c, d: 0, 1, 4, 9 from the first, 9, 4, 1, 0 from the second. */
    static final String FIRST = "{'$knn':{'query':[0,0]}}";

    static final String SECOND = "{'$knn':{'query':[3,0]}}";

    /** Inserted in this order: b, d, a, c. */
    String line() {
        String collection = client.collection();
        client.post(collection + "/add", """
                {'ids':['b','d','a','c'],'embeddings':[[1,0],[3,0],[0,0],[2,0]],
                 'documents':['of yew','of elm','of ash',null],
                 'metadatas':[{'kind':'x','n':1},{'kind':'y','n':2.5},{'kind':'x','n':1.0},null]}""").is(201, "{}");
        return collection;
    }

    Reply search(String payload) {
        return searches(payload);
    }

    Reply searches(String... payloads) {
        return client.post(line() + "/search", "{'searches':[" + String.join(",", payloads) + "]}");
    }

    static String ranked(String rank) {
        return "{'rank':" + rank + ",'select':{'keys':['#score']}}";
    }

    /** A search for all records but those beyond {@code limit}. */
    static String knn(String query, String more) {
        return "{'$knn':{'query':" + query + more + "}}";
    }

    void assertRanked(String rank, String ids, String scores) {
        Reply reply = search(ranked(rank));
        assertIds("[" + ids + "]", reply);
        assertField("scores", "[" + scores + "]", reply);
    }
}
