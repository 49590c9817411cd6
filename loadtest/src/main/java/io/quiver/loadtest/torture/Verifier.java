package io.quiver.loadtest.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.loadtest.door.HttpConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads everything back and lists every broken promise. */
final class Verifier {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 5_000;

    private Verifier() {}

    /** Problems found, none for an honest server; settles what was pending by what is there. */
    static List<String> verify(URI server, String collectionPath, List<Writer> writers) throws IOException {
        Map<String, List<Integer>> versions = read(server, collectionPath);
        List<String> problems = new ArrayList<>();
        for (Writer writer : writers) {
            writer.batches().replaceAll((batch, state) -> {
                String key = writer.number() + "-" + batch;
                return settle(key, state, versions.getOrDefault(key, List.of()), problems);
            });
            writer.batches().keySet().forEach(batch -> versions.remove(writer.number() + "-" + batch));
        }
        versions.keySet().forEach(key -> problems.add("batch " + key + " was never written"));
        return problems;
    }

    private static BatchState settle(String key, BatchState state, List<Integer> seen, List<String> problems) {
        TreeSet<Integer> distinct = new TreeSet<>(seen);
        boolean isWhole = seen.isEmpty() || (seen.size() == state.size() && distinct.size() == 1);
        if (!isWhole) {
            problems.add("batch %s is in parts: %d of %d records, versions %s"
                    .formatted(key, seen.size(), state.size(), distinct));
            return state;
        }
        int version = seen.isEmpty() ? 0 : distinct.first();
        if (!state.allows(version)) {
            problems.add("batch %s has version %d, acknowledged was %d, pending %s"
                    .formatted(key, version, state.version(), state.pending()));
        }
        return state.seen(version);
    }

    /** The versions of the records of each batch; a record whose parts disagree counts as version -1. */
    private static Map<String, List<Integer>> read(URI server, String path) throws IOException {
        Map<String, List<Integer>> versions = new HashMap<>();
        try (HttpConnection connection = new HttpConnection(server)) {
            for (int offset = 0, count = PAGE; count == PAGE; offset += PAGE) {
                String body = "{\"limit\":%d,\"offset\":%d,\"include\":[\"metadatas\",\"documents\",\"embeddings\"]}"
                        .formatted(PAGE, offset);
                JsonNode page = JSON.readTree(connection
                        .send("POST", path + "/get", body.getBytes(StandardCharsets.UTF_8))
                        .expectSuccess()
                        .body());
                count = page.get("ids").size();
                for (int i = 0; i < count; i++) {
                    String id = page.get("ids").get(i).asText();
                    versions.computeIfAbsent(id.substring(0, id.lastIndexOf('-')), _ -> new ArrayList<>())
                            .add(version(page, i));
                }
            }
        }
        return versions;
    }

    private static int version(JsonNode page, int i) {
        int version = page.get("metadatas").get(i).get("version").asInt();
        boolean agrees = page.get("documents").get(i).asText().equals("version " + version)
                && page.get("embeddings").get(i).get(3).asInt() == version;
        return agrees ? version : -1;
    }
}
