package io.quiver.loadtest.client;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.loadtest.server.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chroma.vectorstore.ChromaApi;
import org.springframework.ai.chroma.vectorstore.ChromaApi.AddEmbeddingsRequest;
import org.springframework.ai.chroma.vectorstore.ChromaApi.CreateCollectionRequest;
import org.springframework.ai.chroma.vectorstore.ChromaApi.DeleteEmbeddingsRequest;
import org.springframework.ai.chroma.vectorstore.ChromaApi.GetEmbeddingsRequest;
import org.springframework.ai.chroma.vectorstore.ChromaApi.QueryRequest;
import org.springframework.ai.chroma.vectorstore.ChromaApi.QueryRequest.Include;

/** Spring AI's Chroma client below its store: what the store has no words for. */
class SpringAiApiStoryTest {
    private static final String TENANT = "sherwood";
    private static final String DATABASE = "forest";
    private static final int RECORDS = 10_000;
    private static final int BATCH = 1_000;

    @TempDir
    Path directory;

    @Test
    void createsEachSpaceAddsTenThousandPagesAndDeletes() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            ChromaApi api =
                    ChromaApi.builder().baseUrl(server.http().toString()).build();
            api.createTenant(TENANT);
            api.createDatabase(TENANT, DATABASE);
            measuresInEachSpace(api);
            pagesThroughMany(api);
            saysWhatIsNotThere(api);
        }
    }

    private static void measuresInEachSpace(ChromaApi api) {
        assertEquals(5, distance(api, "l2"), 1e-6);
        assertEquals(1 - 1 / Math.sqrt(5), distance(api, "cosine"), 1e-6);
        assertEquals(1 - 2, distance(api, "ip"), 1e-6);
        assertEquals(3, requireNonNull(api.listCollections(TENANT, DATABASE)).size());
    }

    /** From (1, 2) to (2, 0). */
    private static double distance(ChromaApi api, String space) {
        String id = create(api, "space-" + space, Map.of("hnsw:space", space));
        api.upsertEmbeddings(
                TENANT, DATABASE, id, new AddEmbeddingsRequest("a", new float[] {1, 2}, Map.of("wood", "ash"), "text"));
        var found = api.queryCollection(TENANT, DATABASE, id, new QueryRequest(new float[] {2, 0}, 1));
        return requireNonNull(found).distances().getFirst().getFirst();
    }

    private static void pagesThroughMany(ChromaApi api) {
        String id = create(api, "many", Map.of("kind", "arrows"));
        for (int from = 0; from < RECORDS; from += BATCH) {
            api.upsertEmbeddings(TENANT, DATABASE, id, records(from, from + BATCH));
        }
        assertEquals(RECORDS, api.countEmbeddings(TENANT, DATABASE, id));
        assertEquals(names(0, RECORDS), pages(api, id, 3_000));
        assertEquals(List.of("r7777"), nearest(api, id, 7_777, null));
        assertEquals(List.of("r7770"), nearest(api, id, 7_771, Map.of("tens", Map.of("$eq", 0))));
        api.deleteEmbeddings(
                TENANT, DATABASE, id, new DeleteEmbeddingsRequest(null, Map.of("tens", Map.of("$gte", 5))));
        assertEquals(RECORDS / 2, api.countEmbeddings(TENANT, DATABASE, id));
    }

    private static AddEmbeddingsRequest records(int from, int to) {
        List<float[]> embeddings = new ArrayList<>();
        List<Map<String, Object>> metadata = new ArrayList<>();
        for (int i = from; i < to; i++) {
            embeddings.add(new float[] {i, 0});
            metadata.add(Map.of("tens", i % 10));
        }
        return new AddEmbeddingsRequest(names(from, to), embeddings, metadata, names(from, to));
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "r" + i).toList();
    }

    private static List<String> pages(ChromaApi api, String id, int size) {
        List<String> all = new ArrayList<>();
        List<String> page;
        do {
            var request = new GetEmbeddingsRequest(null, null, size, all.size(), List.of(Include.DOCUMENTS));
            page = requireNonNull(api.getEmbeddings(TENANT, DATABASE, id, request))
                    .documents();
            all.addAll(page);
        } while (!page.isEmpty());
        return all;
    }

    private static List<String> nearest(ChromaApi api, String id, int value, @Nullable Map<String, Object> where) {
        QueryRequest request = new QueryRequest(List.of(new float[] {value, 0}), 1, where, List.of(Include.DISTANCES));
        return requireNonNull(api.queryCollection(TENANT, DATABASE, id, request))
                .ids()
                .getFirst();
    }

    private static void saysWhatIsNotThere(ChromaApi api) {
        assertNull(api.getCollection(TENANT, DATABASE, "nowhere"));
        assertNull(api.getTenant("nobody"));
        String id = create(api, "three", Map.of("hnsw:space", "l2"));
        api.upsertEmbeddings(
                TENANT, DATABASE, id, new AddEmbeddingsRequest("a", new float[] {1, 2, 3}, Map.of("k", 1), "text"));
        assertThrows(
                RuntimeException.class,
                () -> api.queryCollection(TENANT, DATABASE, id, new QueryRequest(new float[] {1}, 1)));
        api.deleteCollection(TENANT, DATABASE, "three");
        assertNull(api.getCollection(TENANT, DATABASE, "three"));
    }

    private static String create(ChromaApi api, String name, Map<String, Object> metadata) {
        return requireNonNull(api.createCollection(TENANT, DATABASE, new CreateCollectionRequest(name, metadata)))
                .id();
    }
}
