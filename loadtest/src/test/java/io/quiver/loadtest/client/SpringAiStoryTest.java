package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.loadtest.server.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chroma.vectorstore.ChromaApi;
import org.springframework.ai.chroma.vectorstore.ChromaVectorStore;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.vectorstore.SearchRequest;

/** Spring AI's Chroma store, unmodified, with an embedding model that counts letters. */
class SpringAiStoryTest {
    @TempDir
    Path directory;

    @Test
    void addsSearchesFiltersReplacesAndDeletes() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            ChromaApi api =
                    ChromaApi.builder().baseUrl(server.http().toString()).build();
            ChromaVectorStore store = ChromaVectorStore.builder(api, new LetterCounts())
                    .collectionName("arrows")
                    .initializeSchema(true)
                    .build();
            store.afterPropertiesSet();
            store.add(List.of(
                    new Document("1", "aaa", Map.of("wood", "ash", "weight", 3)),
                    new Document("2", "aab", Map.of("wood", "yew", "weight", 5)),
                    new Document("3", "ccc", Map.of("wood", "oak", "weight", 8))));

            assertEquals(List.of("1", "2", "3"), ids(search(store, "")));
            assertEquals("aaa", search(store, "").getFirst().getText());
            assertEquals(List.of("2", "3"), ids(search(store, "weight > 3")));
            assertEquals(List.of("1"), ids(search(store, "wood in ['ash', 'elm'] && weight <= 3")));
            assertEquals(List.of("2", "3"), ids(search(store, "wood != 'ash'")));

            filtersByEveryOperator(store);

            store.add(List.of(new Document("3", "aaa", Map.of("wood", "elm"))));
            assertEquals(List.of("1", "3", "2"), ids(search(store, "")));
            store.delete(List.of("1"));
            assertEquals(List.of("3", "2"), ids(search(store, "")));
            store.delete("wood == 'yew'");
            assertEquals(List.of("3"), ids(search(store, "")));
            assertTrue(search(store, "wood == 'ash'").isEmpty());
        }
    }

    private static void filtersByEveryOperator(ChromaVectorStore store) {
        assertEquals(List.of("1"), ids(search(store, "wood == 'ash'")));
        assertEquals(List.of("1", "3"), ids(search(store, "weight != 5")));
        assertEquals(List.of("2", "3"), ids(search(store, "weight >= 5")));
        assertEquals(List.of("1"), ids(search(store, "weight < 5")));
        assertEquals(List.of("1", "2"), ids(search(store, "weight <= 5")));
        assertEquals(List.of("2", "3"), ids(search(store, "wood nin ['ash', 'elm']")));
        assertEquals(List.of("1", "3"), ids(search(store, "weight < 4 || weight > 7")));
        assertEquals(List.of("2"), ids(search(store, "weight > 3 && weight < 8")));
    }

    private static List<Document> search(ChromaVectorStore store, String filter) {
        SearchRequest.Builder request =
                SearchRequest.builder().query("aaa").topK(10).similarityThresholdAll();
        return store.similaritySearch(
                filter.isEmpty()
                        ? request.build()
                        : request.filterExpression(filter).build());
    }

    private static List<String> ids(List<Document> documents) {
        return documents.stream().map(Document::getId).toList();
    }

    /** How often a, b and c stand in a text. */
    private static final class LetterCounts implements EmbeddingModel {
        @Override
        public EmbeddingResponse call(EmbeddingRequest request) {
            List<String> texts = request.getInstructions();
            return new EmbeddingResponse(IntStream.range(0, texts.size())
                    .mapToObj(i -> new Embedding(counts(texts.get(i)), i))
                    .toList());
        }

        @Override
        public float[] embed(Document document) {
            return counts(String.valueOf(document.getText()));
        }

        private static float[] counts(String text) {
            float[] counts = new float[3];
            text.chars().filter(c -> c >= 'a' && c <= 'c').forEach(c -> counts[c - 'a']++);
            return counts;
        }
    }
}
