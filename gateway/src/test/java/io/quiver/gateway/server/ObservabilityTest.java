package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promised to operators, against what a server says after real traffic. */
@SuppressWarnings("try") // closing may be interrupted
class ObservabilityTest {
    private static final Path ROOT = Path.of(System.getProperty("quiver.root"));
    private static final Path PAGE = ROOT.resolve("docs/observability.md");
    private static final Path DASHBOARD = ROOT.resolve("deploy/grafana-dashboard.json");
    private static final Path ALERTS = ROOT.resolve("deploy/prometheus-alerts.yaml");

    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";

    private static final Pattern ROW = Pattern.compile("\\| `(quiver_\\w+)` \\|(.*?)\\| (\\w+) \\| .+ \\|");
    private static final Pattern METRIC = Pattern.compile("\\b(?:quiver|jvm|process|system|vertx)_\\w+");

    private static ScrapedMetrics scraped;

    @BeforeAll
    static void visitAServer(@TempDir Path directory) throws Exception {
        Map<String, String> flags =
                Map.of("backup.directory", directory.resolve("backups").toString());
        try (RunningServer server = RunningServer.start(directory.resolve("data"), flags)) {
            TrainingVisit.to(server.http());
            visitFlight(server.flight());
            visitWebSocket(server.http());
            System.gc();
            scraped = ScrapedMetrics.read(metrics(server.http()));
        }
    }

    private static void visitFlight(URI server) throws InterruptedException {
        Location location = Location.forGrpcInsecure(server.getHost(), server.getPort());
        try (RootAllocator allocator = new RootAllocator();
                FlightClient client = FlightClient.builder(allocator, location).build()) {
            client.listActions().forEach(_ -> {});
        }
    }

    private static void visitWebSocket(URI server) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest training = HttpRequest.newBuilder(server.resolve(COLLECTIONS + "/training"))
                    .build();
            JsonNode collection = new ObjectMapper()
                    .readTree(client.send(training, BodyHandlers.ofString()).body());
            OneAnswer.to(
                    "{\"type\":\"query\",\"id\":1,\"query_embeddings\":[[1,0]],\"n_results\":1}",
                    client,
                    server,
                    COLLECTIONS + "/" + collection.get("id").textValue());
        }
    }

    private static String metrics(URI server) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(server.resolve("/metrics")).build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() throws IOException {
        assertEquals(lines(documented()), lines(scraped.ours()));
    }

    private static Map<String, ScrapedMetrics.Family> documented() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> new ScrapedMetrics.Family(row.group(3), labels(row.group(2))),
                        (a, b) -> {
                            throw new AssertionError("documented twice: " + a + b);
                        },
                        TreeMap::new));
    }

    private static Set<String> labels(String cell) {
        return Arrays.stream(cell.replace("`", "").split(","))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String lines(Map<String, ScrapedMetrics.Family> families) {
        return families.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void theDashboardShowsWhatThereIs() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
        var expressions = dashboard.findValuesAsText("expr");
        assertTrue(expressions.size() > 30, expressions::toString);
        expressions.forEach(ObservabilityTest::requireKnown);
        assertEquals(
                dashboard.get("panels").size(),
                Set.copyOf(dashboard.findValues("gridPos")).size());
    }

    @Test
    void everyAlertIsOfWhatThereIsAndIsExplained() throws IOException {
        String page = Files.readString(PAGE);
        JsonNode rules = new YAMLMapper()
                .readTree(Files.readString(ALERTS))
                .get("groups")
                .get(0)
                .get("rules");
        assertTrue(rules.size() >= 8, rules::toString);
        for (JsonNode rule : rules) {
            String name = rule.get("alert").textValue();
            JsonNode annotations = rule.get("annotations");
            requireKnown(rule.get("expr").textValue());
            assertTrue(annotations.get("description").textValue().length() > 20, name);
            assertTrue(
                    Set.of("critical", "warning")
                            .contains(rule.get("labels").get("severity").textValue()),
                    name);
            assertEquals(
                    "docs/observability.md#" + name.toLowerCase(Locale.ROOT),
                    annotations.get("runbook").textValue());
            assertTrue(page.contains("\n### " + name + "\n"), "no section for " + name);
        }
    }

    private static void requireKnown(String expression) {
        Set<String> used = METRIC.matcher(expression)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(!used.isEmpty() || expression.contains("up{"), expression);
        used.removeAll(scraped.series());
        assertEquals(Set.of(), used, expression);
    }
}
