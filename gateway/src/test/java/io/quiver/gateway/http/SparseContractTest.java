package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sparse vectors among the metadata: section 4 of the contract, and fixture F27 as a correct server answers it. */
class SparseContractTest extends ServerFixture {
    private static final String SPARSE =
            "{'#type':'sparse_vector','indices':[1,4294967295],'values':[0.5,-2.0],'tokens':['a','b']}";

    @Test
    void comesBackWithItsType() {
        String collection = client.collection();
        client.post(
                        collection + "/add",
                        "{'ids':['a','b'],'embeddings':[[1],[2]],'metadatas':[{'sp':" + SPARSE
                                + ",'n':1},{'sp':{'indices':[7],'values':[1]}}]}")
                .is(201, "{}");
        assertField(
                "metadatas",
                "[{'sp':" + SPARSE + ",'n':1},{'sp':{'#type':'sparse_vector','indices':[7],'values':[1.0]}}]",
                client.post(collection + "/get", "{}"));
        Reply query = client.post(collection + "/query", "{'query_embeddings':[[2]],'n_results':1}");
        assertEquals(
                "[[{\"sp\":{\"#type\":\"sparse_vector\",\"indices\":[7],\"values\":[1.0]}}]]",
                query.json().get("metadatas").toString());
    }

    @Test
    void updatesReplaceAndRemoveIt() {
        String collection = client.collection();
        String write = "{'ids':['a'],'embeddings':[[1]],'metadatas':[%s]}";
        client.post(collection + "/add", write.formatted("{'sp':" + SPARSE + ",'tq':" + SPARSE + "}"));
        client.post(collection + "/update", write.formatted("{'sp':{'indices':[],'values':[]},'tq':null,'n':1}"))
                .is(200, "{}");
        assertField(
                "metadatas",
                "[{'sp':{'#type':'sparse_vector','indices':[],'values':[]},'n':1}]",
                client.post(collection + "/get", "{}"));
        client.post(collection + "/upsert", write.formatted("{'sp':'text'}")).is(200, "{}");
        assertField("metadatas", "[{'sp':'text','n':1}]", client.post(collection + "/get", "{}"));
    }

    @Test
    void noFilterComparesWithIt() {
        String collection = client.collection();
        client.post(
                collection + "/add",
                "{'ids':['a','b'],'embeddings':[[1],[2]],'metadatas':[{'sp':" + SPARSE + "},{'sp':1}]}");
        assertIds("['b']", client.post(collection + "/get", "{'where':{'sp':1}}"));
        assertIds("['b']", client.post(collection + "/get", "{'where':{'sp':{'$gte':0}}}"));
        assertIds("['a']", client.post(collection + "/get", "{'where':{'sp':{'$ne':1}}}"));
        assertIds("[]", client.post(collection + "/get", "{'where':{'sp':{'$contains':1}}}"));
        assertEquals(
                400,
                client.post(collection + "/get", "{'where':{'sp':{'$eq':" + SPARSE + "}}}")
                        .status());
    }

    @Test
    void theSchemaNotesItsKey() {
        String collection = client.collection();
        client.post(collection + "/add", "{'ids':['a'],'embeddings':[[1]],'metadatas':[{'sp':" + SPARSE + "}]}");
        String id = collection.substring(collection.lastIndexOf('/') + 1);
        JsonNode key =
                client.get(TestClient.D + "/collections/by-id/" + id).json().at("/schema/keys/sp");
        assertEquals(
                TestClient.parse(
                        "{'sparse_vector':{'sparse_vector_index':{'enabled':false,'config':{'embedding_function':{'type':'unknown'},'bm25':false}}}}"
                                .replace('\'', '"')),
                key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'indices':[1],'values':[]}|400|a sparse vector has as many values as indices",
                "{'indices':[2,1],'values':[1,2]}|400|the indices of a sparse vector ascend strictly",
                "{'indices':[1],'values':[1e39]}|400|the values of a sparse vector are finite",
                "{'indices':[-1],'values':[1]}|422|expected an index of 32 bits, found -1",
                "{'indices':['x'],'values':[1]}|422|expected an index of 32 bits, found x",
                "{'#type':'sparse_vector'}|422|expected a value or an array of values, found an object",
                "{'#type':'other','indices':[],'values':[]}|422|expected the #type 'sparse_vector', found other",
            })
    void refusesABrokenOne(String sparse, int status, String problem) {
        Reply reply = client.post(
                client.collection() + "/add", "{'ids':['a'],'embeddings':[[1]],'metadatas':[{'sp':" + sparse + "}]}");
        assertEquals(status, reply.status(), reply.body());
        String message = reply.json().get("message").textValue().replaceAll(" at line 1 column \\d+$", "");
        String begin = status == 400
                ? "Validation error: metadatas[0]: sp: "
                : "Failed to deserialize the JSON body into the target type: metadatas[0]: sp: ";
        assertEquals(begin + problem, message);
    }

    @Test
    void isAsAMapSaysAfterRandomWrites() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String collection = client.collection();
        Map<String, String> model = new LinkedHashMap<>();
        for (int i = 0; i < 150; i++) {
            write(collection, "r" + random.nextInt(20), random, model);
        }
        Reply found = client.post(collection + "/get", "{'include':['metadatas']}");
        assertField("ids", TestClient.parse(quoted(model)).toString(), found);
        assertField("metadatas", "[" + String.join(",", model.values()) + "]", found);
    }

    private void write(String collection, String id, Random random, Map<String, String> model) {
        String metadata = "{'sp':" + sparse(random) + "}";
        String body = "{'ids':['%s'],'embeddings':[[1]],'metadatas':[%s]}".formatted(id, metadata);
        switch (random.nextInt(4)) {
            case 0 -> {
                client.post(collection + "/add", body).is(201, "{}");
                model.putIfAbsent(id, metadata);
            }
            case 1 -> {
                client.post(collection + "/update", body).is(200, "{}");
                model.computeIfPresent(id, (_, _) -> metadata);
            }
            case 2 -> {
                client.post(collection + "/upsert", body).is(200, "{}");
                model.put(id, metadata);
            }
            default -> {
                client.post(collection + "/delete", "{'ids':['" + id + "']}").is(200, "{'deleted':1}");
                model.remove(id);
            }
        }
    }

    private static String quoted(Map<String, String> model) {
        return model.keySet().stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }

    private static String sparse(Random random) {
        int count = 1 + random.nextInt(5);
        String indices = IntStream.range(0, count)
                .mapToObj(i -> String.valueOf(i * 800_000_000L + random.nextInt(1_000)))
                .collect(Collectors.joining(","));
        String values = IntStream.range(0, count)
                .mapToObj(_ -> String.format(Locale.ROOT, "%.1f", random.nextInt(-20, 20) / 2.0))
                .collect(Collectors.joining(","));
        return "{'#type':'sparse_vector','indices':[%s],'values':[%s]}".formatted(indices, values);
    }
}
