package io.quiver.loadtest.client;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.chroma.ChromaApiVersion;
import dev.langchain4j.store.embedding.chroma.ChromaEmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's Chroma store, unmodified, with API V2. */
class LangChain4jStoryTest {
    @TempDir
    Path directory;

    @Test
    void addsSearchesFiltersReplacesAndRemoves() throws IOException {
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            ChromaEmbeddingStore store = ChromaEmbeddingStore.builder()
                    .apiVersion(ChromaApiVersion.V2)
                    .baseUrl(server.http().toString())
                    .collectionName("arrows")
                    .build();
            store.addAll(
                    List.of("ash", "yew", "oak"),
                    List.of(embedding(1, 0, 0), embedding(0.9f, 0.1f, 0), embedding(0, 0, 1)),
                    List.of(segment("of ash", 3), segment("of yew", 5), segment("of oak", 8)));

            assertEquals(List.of("ash", "yew", "oak"), ids(search(store, null)));
            assertEquals(1.0, search(store, null).matches().getFirst().score(), 1e-6);
            assertEquals(
                    "of ash",
                    search(store, null).matches().getFirst().embedded().text());

            assertEquals(
                    List.of("yew", "oak"),
                    ids(search(store, metadataKey("weight").isGreaterThan(3))));
            assertEquals(List.of("oak"), ids(search(store, metadataKey("weight").isIn(8, 9))));
            assertEquals(
                    List.of("ash"),
                    ids(search(
                            store,
                            metadataKey("weight")
                                    .isLessThan(5)
                                    .and(metadataKey("kind").isEqualTo("arrow")))));

            store.removeAll(List.of("yew"));
            assertEquals(List.of("ash", "oak"), ids(search(store, null)));
            store.removeAll(metadataKey("weight").isEqualTo(8));
            assertEquals(List.of("ash"), ids(search(store, null)));
            store.removeAll();
            assertTrue(search(store, null).matches().isEmpty());
        }
    }

    private static EmbeddingSearchResult<TextSegment> search(ChromaEmbeddingStore store, @Nullable Filter filter) {
        return store.search(EmbeddingSearchRequest.builder()
                .queryEmbedding(embedding(1, 0, 0))
                .maxResults(10)
                .filter(filter)
                .build());
    }

    private static List<String> ids(EmbeddingSearchResult<TextSegment> found) {
        return found.matches().stream().map(EmbeddingMatch::embeddingId).toList();
    }

    private static Embedding embedding(float... values) {
        return Embedding.from(values);
    }

    private static TextSegment segment(String text, int weight) {
        return TextSegment.from(text, new Metadata().put("weight", weight).put("kind", "arrow"));
    }
}
