package io.quiver.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.limits.RawHttp.Reply;
import io.quiver.gateway.server.RunningServer;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Meets every limit from outside: what {@code /limits} says is accepted, and one more is refused in Chroma's form, on a
 * server with the defaults and on one where every limit is set.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsTest {
    private static final String DATABASES = "/api/v2/tenants/default_tenant/databases";
    private static final String COLLECTIONS = DATABASES + "/default_database/collections";

    /** Other values than the defaults, small ones. */
    private static final Map<String, String> SET = Map.ofEntries(
            Map.entry("http.body-bytes-max", "100 KiB"),
            Map.entry("http.uri-bytes-max", "300"),
            Map.entry("http.header-bytes-max", "400"),
            Map.entry("http.headers-max", "12"),
            Map.entry("http.json-depth-max", "20"),
            Map.entry("request.ids-max", "50"),
            Map.entry("query.embeddings-max", "5"),
            Map.entry("query.searches-max", "3"),
            Map.entry("query.k-max", "100"),
            Map.entry("query.ef-max", "200"),
            Map.entry("filter.depth-max", "4"),
            Map.entry("filter.terms-max", "16"),
            Map.entry("filter.in-values-max", "9"),
            Map.entry("filter.regex-bytes-max", "20"),
            Map.entry("record.dimension-max", "33"),
            Map.entry("record.id-bytes-max", "10"),
            Map.entry("record.document-bytes-max", "1000"),
            Map.entry("record.uri-bytes-max", "30"),
            Map.entry("record.metadata-keys-max", "7"),
            Map.entry("record.metadata-bytes-max", "100"),
            Map.entry("record.batch-max", "50"),
            Map.entry("catalog.tenants-max", "3"),
            Map.entry("catalog.databases-per-tenant-max", "3"));

    /** What other tests meet: most take time, or several connections. */
    private static final Set<String> ELSEWHERE = Set.of(
            "admission.in-flight-max", // OverloadTest
            "request-deadline", // DeadlineTest
            "http.connections-max", // HostileCallersTest
            "http.connections-per-address-max",
            "http.header-timeout",
            "http.body-rate-min",
            "http.body-window",
            "http.idle-timeout",
            "http.keep-alive",
            "http2.streams-max", // Http2AbuseTest
            "http2.resets-max",
            "http2.resets-window",
            "http.stall-max", // StalledReaderTest
            "record.in-flight-bytes-max", // RecordWriterTest
            "quota.tenant.records-max", // QuotaContractTest
            "quota.tenant.bytes-max",
            "quota.tenant.collections-max",
            "quota.database.records-max",
            "quota.database.bytes-max",
            "quota.database.collections-max",
            "quota.collection.records-max",
            "quota.collection.bytes-max",
            "quota.collection.dimension-max",
            "quota.collection.k-max",
            "stream.connections-max", // StreamLimitsTest
            "stream.message-bytes-max",
            "stream.in-flight-max",
            "stream.running-max",
            "stream.buffered-bytes-max",
            "stream.credit-initial",
            "stream.idle-max",
            "stream.slow-max",
            "flight.message-bytes-max",
            "flight.header-bytes-max",
            "flight.calls-max",
            "flight.call-max",
            "flight.stall-max", // StalledScansTest
            "flight.idle-max",
            "flight.connections-max", // FlightAbuseTest
            "flight.connections-per-address-max",
            "flight.resets-max",
            "flight.resets-window");

    private RunningServer usual;
    private RunningServer set;
    private RunningServer few;
    private String written = "";

    @BeforeAll
    void start(@TempDir Path one, @TempDir Path two, @TempDir Path three) {
        usual = RunningServer.start(one, Map.of());
        set = RunningServer.start(two, SET);
        few = RunningServer.start(
                three,
                Map.of("catalog.collections-per-tenant-max", "3", "request.ids-max", "60", "record.batch-max", "40"));
        written = collection(few.http());
    }

    @AfterAll
    void stop() {
        usual.close();
        set.close();
        few.close();
    }

    static Stream<LimitRow> rows() {
        return Stream.of(LimitRow.ofHttp(), LimitRow.ofRequests(), LimitRow.ofFilters(), LimitRow.ofRecords())
                .flatMap(Stream::of);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void holdsByDefault(LimitRow row) {
        meet(row, usual.http());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void holdsAsItIsSet(LimitRow row) {
        assertTrue(SET.containsKey(row.limit()), row.limit());
        meet(row, set.http());
    }

    @Test
    void holdsForWritesThatARequestMayMake() {
        meet(LimitRow.ofBatches(), few.http(), written);
    }

    @Test
    void holdsForFiltersOfSearches() {
        meet(LimitRow.ofSearchFilters(), set.http());
    }

    private static void meet(LimitRow row, URI server) {
        meet(row, server, collection(server));
    }

    private static void meet(LimitRow row, URI server, String collection) {
        int most = (int) limit(server, row.limit());
        Reply accepted = RawHttp.send(server, request(row, most, collection));
        assertTrue(accepted.status() / 100 == 2, most + ": " + accepted.status() + " " + accepted.body());
        Reply refused = RawHttp.send(server, request(row, most + 1, collection));
        assertEquals(row.status(), refused.status(), refused.body());
        assertTrue(refused.isProblem(), refused.head() + refused.body());
    }

    private static String request(LimitRow row, int count, String collection) {
        return row.request().apply(count).replace(LimitRow.COLLECTION, collection);
    }

    private static String collection(URI server) {
        Reply created = create(server, COLLECTIONS, "c-" + UUID.randomUUID());
        assertEquals(200, created.status(), created.body());
        return COLLECTIONS + "/" + created.json().get("id").textValue();
    }

    private static Reply create(URI server, String path, String name) {
        return RawHttp.send(server, "POST", path, "{\"name\":\"%s\"}".formatted(name));
    }

    @Test
    void holdsForTenants() {
        fill("catalog.tenants-max", set.http(), server -> create(server, "/api/v2/tenants", "t-" + UUID.randomUUID()));
    }

    @Test
    void holdsForDatabases() {
        fill(
                "catalog.databases-per-tenant-max",
                set.http(),
                server -> create(server, DATABASES, "d-" + UUID.randomUUID()));
    }

    @Test
    void holdsForCollections() {
        fill(
                "catalog.collections-per-tenant-max",
                few.http(),
                server -> create(server, COLLECTIONS, "c-" + UUID.randomUUID()));
    }

    /** Makes more until that is refused; what is there at the beginning counts too. */
    private static void fill(String limit, URI server, Function<URI, Reply> create) {
        int made = 0;
        Reply reply = create.apply(server);
        while (reply.status() == 200) {
            made++;
            assertTrue(made <= limit(server, limit), "more than the limit");
            reply = create.apply(server);
        }
        assertTrue(made > 0, made + " were made");
        assertEquals(422, reply.status(), reply.body());
        assertTrue(
                reply.json().get("message").textValue().contains("exceeds limit of " + limit(server, limit)),
                reply.body());
    }

    /** Nothing is listed that no test meets, and nothing is set here that is not listed. */
    @Test
    void meetsEveryLimitThatIsListed() {
        Set<String> met = new HashSet<>(ELSEWHERE);
        rows().forEach(row -> met.add(row.limit()));
        met.addAll(List.of(
                "record.batch-max",
                "catalog.tenants-max",
                "catalog.databases-per-tenant-max",
                "catalog.collections-per-tenant-max"));
        Set<String> listed = limits(usual.http())
                .filter(limit -> limit.get("setting").booleanValue())
                .map(limit -> limit.get("name").textValue())
                .collect(Collectors.toSet());
        assertEquals(met, listed);
    }

    private static Stream<JsonNode> limits(URI server) {
        Reply reply = RawHttp.send(server, "GET", "/limits", "");
        assertEquals(200, reply.status(), reply.body());
        return StreamSupport.stream(reply.json().get("limits").spliterator(), false);
    }

    private static long limit(URI server, String name) {
        return limits(server)
                .filter(limit -> limit.get("name").textValue().equals(name))
                .findFirst()
                .orElseThrow()
                .get("value")
                .longValue();
    }
}
