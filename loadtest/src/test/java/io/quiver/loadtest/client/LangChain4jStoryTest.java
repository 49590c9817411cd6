package io.quiver.loadtest.client;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's Chroma store, unmodified, with API V2. */
class LangChain4jStoryTest {
    private static final int MANY = 10_000;

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

            filtersByEveryOperator(store);
            assertThrows(
                    RuntimeException.class,
                    () -> store.search(EmbeddingSearchRequest.builder()
                            .queryEmbedding(embedding(1, 0))
                            .build()));

            store.removeAll(List.of("yew"));
            assertEquals(List.of("ash", "oak"), ids(search(store, null)));
            store.removeAll(metadataKey("weight").isEqualTo(8));
            assertEquals(List.of("ash"), ids(search(store, null)));
            store.removeAll();
            assertTrue(search(store, null).matches().isEmpty());
            addsMany(store);
        }
    }

    private static void filtersByEveryOperator(ChromaEmbeddingStore store) {
        assertEquals(List.of("yew"), ids(search(store, metadataKey("weight").isEqualTo(5))));
        assertEquals(
                List.of("ash", "oak"), ids(search(store, metadataKey("weight").isNotEqualTo(5))));
        assertEquals(
                List.of("yew", "oak"), ids(search(store, metadataKey("weight").isGreaterThanOrEqualTo(5))));
        assertEquals(
                List.of("ash", "yew"), ids(search(store, metadataKey("weight").isLessThanOrEqualTo(5))));
        assertEquals(List.of("oak"), ids(search(store, metadataKey("weight").isNotIn(3, 5))));
        assertEquals(
                List.of("ash", "oak"),
                ids(search(
                        store,
                        metadataKey("weight")
                                .isLessThan(4)
                                .or(metadataKey("weight").isGreaterThan(7)))));
        assertEquals(
                List.of("oak"),
                ids(search(store, Filter.not(metadataKey("weight").isLessThanOrEqualTo(5)))));
    }

    private static void addsMany(ChromaEmbeddingStore store) {
        List<String> ids = IntStream.range(0, MANY).mapToObj(i -> "r" + i).toList();
        store.addAll(
                ids,
                IntStream.range(0, MANY)
                        .mapToObj(i -> turned(0.05 + (MANY - i) * 3e-4))
                        .toList(),
                IntStream.range(0, MANY)
                        .mapToObj(i -> segment("number " + i, i))
                        .toList());
        assertEquals("r9999", ids(search(store, null)).getFirst());
        assertEquals(
                "r99", ids(search(store, metadataKey("weight").isLessThan(100))).getFirst());
        store.removeAll(metadataKey("weight").isGreaterThan(9));
        assertEquals(Set.copyOf(ids.subList(0, 10)), Set.copyOf(ids(search(store, null))));
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

    /** A direction so far from that of all searches, in radians. */
    private static Embedding turned(double angle) {
        return embedding((float) Math.cos(angle), (float) Math.sin(angle), 0);
    }

    private static TextSegment segment(String text, int weight) {
        return TextSegment.from(text, new Metadata().put("weight", weight).put("kind", "arrow"));
    }
}
