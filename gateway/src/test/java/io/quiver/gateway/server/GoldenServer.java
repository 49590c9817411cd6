package io.quiver.gateway.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.gateway.limits.MetricsPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The data directory of a server of this version, with something of every format in it, and what that server answered:
 * {@code src/test/resources/golden/server-v1.zip}, which {@link #main} wrote and nothing writes again. A later version
 * of a format gets a file of its own beside it.
 */
final class GoldenServer {
    static final String FILE = "/golden/server-v1.zip";

    private static final String ANSWERS = "answers.json";
    private static final String D = "/api/v2/tenants/default_tenant/databases/default_database";

    /** What is written is compacted at once, and segments of a few dozen rows get graphs. */
    private static final Map<String, String> COMPACTING = Map.of("graph.rows-min", "64", "compaction.age-max", "50 ms");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Compacted from documents, by the server. */
    private static final String WORDS =
            ",'schema':{'defaults':{},'keys':{'words':{'sparse_vector':{'sparse_vector_index':"
                    + "{'enabled':true,'config':{'source_key':'#document','bm25':true}}}}}}";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI server;
    private final Random random = new Random(7);

    private GoldenServer(URI server) {
        this.server = server;
    }

    /** Unpacks the directory; returns the questions with their answers. */
    static JsonNode unpack(Path target) throws IOException {
        JsonNode answers = JSON.missingNode();
        try (InputStream file = Objects.requireNonNull(GoldenServer.class.getResourceAsStream(FILE));
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(ANSWERS)) {
                    answers = JSON.readTree(zip.readAllBytes());
                } else {
                    Path path = target.resolve(entry.getName());
                    Files.createDirectories(path.getParent());
                    Files.copy(zip, path);
                }
            }
        }
        return answers;
    }

    /** What a server answers to a question of {@link #unpack}. */
    static JsonNode ask(URI server, JsonNode question) throws IOException {
        return new GoldenServer(server)
                .send(
                        question.get("method").asText(),
                        question.get("path").asText(),
                        question.get("body").asText());
    }

    private JsonNode send(String method, String path, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        HttpResponse<String> response =
                http.sendAsync(request, BodyHandlers.ofString()).join();
        if (response.statusCode() >= 300) {
            throw new IOException(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    private JsonNode post(String path, String body) throws IOException {
        return send("POST", path, body.replace('\'', '"'));
    }

    /** Writes the file; the argument is where to. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("quiver-golden");
        ArrayNode answers = JSON.createArrayNode();
        try (RunningServer running = RunningServer.start(directory, COMPACTING)) {
            new GoldenServer(running.http()).write();
        }
        try (RunningServer running = RunningServer.start(directory, Map.of())) {
            new GoldenServer(running.http()).leaveInTheLog().askAll(answers);
        }
        try (OutputStream file = Files.newOutputStream(Path.of(arguments[0]));
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry(ANSWERS));
            zip.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(answers));
            pack(directory, zip);
        }
    }

    private static void pack(Path directory, ZipOutputStream zip) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = directory.relativize(file).toString();
                if (!name.endsWith(".spare")) {
                    zip.putNextEntry(new ZipEntry(name));
                    Files.copy(file, zip);
                }
            }
        }
    }

    private void write() throws IOException {
        post("/api/v2/tenants", "{'name':'other'}");
        post("/api/v2/tenants/other/databases", "{'name':'archive'}");
        String l2 = create("euclid", "");
        String cosine = create("cosine", ",'configuration':{'hnsw':{'space':'cosine'}}");
        add(l2, 0, 100, 16);
        add(cosine, 0, 100, 24);
        addTexts(create("texts", WORDS));
        awaitCompacted();
        post(l2 + "/delete", "{'ids':['id-3','id-4','id-50']}");
        post(l2 + "/update", "{'ids':['id-5'],'metadatas':[{'int':77}],'documents':['changed']}");
        awaitCompacted();
    }

    private GoldenServer leaveInTheLog() throws IOException {
        post(collection("euclid") + "/fork", "{'new_name':'fork'}");
        post(collection("fork") + "/delete", "{'ids':['id-7']}");
        add(collection("cosine"), 100, 110, 24);
        create("dropped", "");
        send("DELETE", D + "/collections/dropped", "");
        return this;
    }

    private String create(String name, String more) throws IOException {
        post(D + "/collections", "{'name':'" + name + "'" + more + "}");
        return collection(name);
    }

    private String collection(String name) throws IOException {
        return D + "/collections/"
                + send("GET", D + "/collections/" + name, "").get("id").asText();
    }

    /** Graphs come a little after their segments. */
    private void awaitCompacted() throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (MetricsPage.metric(server, "quiver_delta_rows") > 0
                || MetricsPage.metric(server, "quiver_graph_waiting_count") > 0) {
            if (System.nanoTime() > end) {
                throw new IOException("not compacted in " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    private void add(String collection, int from, int to, int dimension) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode ids = body.putArray("ids");
        ArrayNode embeddings = body.putArray("embeddings");
        ArrayNode metadatas = body.putArray("metadatas");
        ArrayNode documents = body.putArray("documents");
        for (int i = from; i < to; i++) {
            ids.add("id-" + i);
            ArrayNode embedding = embeddings.addArray();
            random.ints(dimension, -50, 51).forEach(embedding::add);
            ObjectNode metadata = metadatas.addObject();
            metadata.put("int", i % 10)
                    .put("real", i / 4.0)
                    .put("text", "t" + i % 7)
                    .put("bool", i % 2 == 0);
            metadata.putArray("tags").add("a" + i % 3).add("b" + i % 5);
            documents.add("document number " + i + " of the golden server");
        }
        send("POST", collection + "/add", JSON.writeValueAsString(body));
    }

    private void addTexts(String collection) throws IOException {
        post(collection + "/add", """
                {'ids':['a','b','c','d'],'embeddings':[[1,0],[0,1],[1,1],[2,1]],
                 'documents':['quick brown foxes','lazy brown dogs','quick dogs','nothing of that']}""");
    }

    private void askAll(ArrayNode answers) throws IOException {
        String l2 = collection("euclid");
        String cosine = collection("cosine");
        ask(answers, "GET", D + "/collections", "");
        ask(answers, "GET", "/api/v2/tenants/other/databases/archive", "");
        ask(answers, "GET", cosine + "/count", "");
        ask(answers, "GET", l2 + "/fork_count", "");
        ask(answers, "POST", l2 + "/get", "{'where':{'int':{'$gte':8}}}");
        ask(
                answers,
                "POST",
                l2 + "/get",
                "{'ids':['id-3','id-5','id-7'],'include':['documents','embeddings','metadatas']}");
        ask(answers, "POST", l2 + "/get", "{'where_document':{'$contains':'number 1'}}");
        ask(answers, "POST", collection("fork") + "/get", "{'ids':['id-6','id-7']}");
        ask(answers, "POST", cosine + "/get", "{'where':{'tags':{'$contains':'b4'}},'limit':5,'offset':2}");
        askNearest(answers, l2, 16, "");
        askNearest(answers, l2, 16, ",'where':{'text':'t3'}");
        askNearest(answers, cosine, 24, "");
        ask(answers, "POST", collection("texts") + "/search", """
                {'searches':[{'rank':{'$knn':{'query':'quick dogs','key':'words','limit':4}},
                 'limit':{'limit':4},'select':{'keys':['#score','#document']}}]}""");
    }

    private void askNearest(ArrayNode answers, String collection, int dimension, String more) throws IOException {
        ask(
                answers,
                "POST",
                collection + "/query",
                "{'query_embeddings':[%s,%s],'n_results':7,'include':['distances','documents','metadatas']%s}"
                        .formatted(vector(dimension), vector(dimension), more));
    }

    private String vector(int dimension) {
        return random.ints(dimension, -50, 51).boxed().toList().toString();
    }

    private void ask(ArrayNode answers, String method, String path, String body) throws IOException {
        String json = body.replace('\'', '"');
        answers.addObject()
                .put("method", method)
                .put("path", path)
                .put("body", json)
                .set("answer", send(method, path, json));
    }
}
