package io.quiver.gateway.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.compactor.GraphSettings;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.admission.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigurationTest {
    @TempDir
    Path directory;

    @Test
    void isSafeByDefault() {
        ServerConfiguration configuration = flags(Map.of());
        assertEquals("127.0.0.1", configuration.network().host());
        assertEquals(8000, configuration.network().httpPort());
        assertEquals(8815, configuration.network().flightPort());
        assertEquals(41_943_040, configuration.network().http().bodyBytesMax());
        assertEquals(Path.of("./quiver-data"), configuration.dataDirectory());
        assertFalse(configuration.allowReset());
        assertFalse(configuration.network().isInsecure());
    }

    @Test
    void readsOriginsWithCommasBetween() {
        assertEquals(Set.of(), flags(Map.of()).network().origins());
        assertEquals(
                Set.of("https://app.example.org", "http://localhost:3000"),
                flags(Map.of("http.cors-allow-origins", "https://app.example.org, http://localhost:3000"))
                        .network()
                        .origins());
        for (String wrong : List.of("app.example.org", "https://app.example.org/", "https://a,", "https://a b")) {
            assertThrows(ConfigurationException.class, () -> flags(Map.of("http.cors-allow-origins", wrong)));
        }
    }

    @Test
    void readsNestedAndDottedNames() throws IOException {
        Path file = file(
                "http: {idle-timeout: 5 min}\ncache.bytes-max: 1 MiB\nadmission:\n  search:\n    units-per-second: 1e6\n");
        ServerConfiguration configuration = ServerConfiguration.read(file, Map.of(), Map.of());
        assertEquals(
                Duration.ofMinutes(5),
                configuration.network().http().connections().idleMax());
        assertEquals(1 << 20, configuration.cacheBytesMax());
        assertEquals(new Rate(1e6, 1e7), configuration.admission().rate("any", OperationKind.SEARCH));
    }

    @Test
    void letsTheEnvironmentOverrideTheFileAndFlagsBoth() throws IOException {
        Path file = file("http-port: 1\nflight-port: 2\nrequest-deadline: 3 s\n");
        Map<String, String> environment = Map.of("QUIVER_FLIGHT_PORT", "20", "QUIVER_REQUEST_DEADLINE", "4 s");
        ServerConfiguration configuration =
                ServerConfiguration.read(file, environment, Map.of("request-deadline", "5 s"));
        assertEquals(1, configuration.network().httpPort());
        assertEquals(20, configuration.network().flightPort());
        assertEquals(Duration.ofSeconds(5), configuration.requestDeadline());
    }

    @ParameterizedTest
    @CsvSource({
        "htp-port: 1,unknown setting 'htp-port' (from FILE): did you mean 'http-port'?",
        "http: {idle-timeot: 1 s},unknown setting 'http.idle-timeot' (from FILE): did you mean 'http.idle-timeout'?",
        "x: 1,unknown setting 'x' (from FILE)",
        "http-port: 70000,'http-port must be a whole number in 0..65535, not ''70000'' (from FILE)'",
        "http-port: many,'http-port must be a whole number in 0..65535, not ''many'' (from FILE)'",
        "allow-reset: perhaps,'allow-reset must be one of true, false, not ''perhaps'' (from FILE)'",
        "request-deadline: 10,'request-deadline must be a time from 1 ms to 3600 s, as in 500 ms, 30 s or 5 min, not ''10'' (from FILE)'",
        "http.body-bytes-max: 5 TB,'http.body-bytes-max must be bytes, as in 512 KiB, 40 MiB or 1 GiB, at most 1073741823, not ''5 TB'' (from FILE)'",
        "[1],'FILE: expected names with values, found ARRAY'",
        "http: [1],'FILE: expected a value for http, found ARRAY'",
        "http-port: 8815,'http-port and flight-port must differ, both are 8815'",
    })
    void saysWhatIsWrongInAFile(String yaml, String message) throws IOException {
        Path file = file(yaml);
        var failure =
                assertThrows(ConfigurationException.class, () -> ServerConfiguration.read(file, Map.of(), Map.of()));
        assertEquals(message.replace("FILE", file.toString()), failure.getMessage());
    }

    @Test
    void refusesWhatIsNotYamlOrNamesASettingTwice() throws IOException {
        Path broken = file("http: {");
        assertThrows(ConfigurationException.class, () -> ServerConfiguration.read(broken, Map.of(), Map.of()));
        Path twice = file("http-port: 1\nhttp-port: 2\n");
        assertThrows(ConfigurationException.class, () -> ServerConfiguration.read(twice, Map.of(), Map.of()));
        Path absent = directory.resolve("absent.yaml");
        assertThrows(ConfigurationException.class, () -> ServerConfiguration.read(absent, Map.of(), Map.of()));
    }

    @Test
    void takesAnEmptyFileForNoSettings() throws IOException {
        assertEquals(
                8000,
                ServerConfiguration.read(file("# nothing\n"), Map.of(), Map.of())
                        .network()
                        .httpPort());
    }

    @Test
    void suggestsTheNearestVariable() {
        var failure = assertThrows(
                ConfigurationException.class,
                () -> ServerConfiguration.read(null, Map.of("QUIVER_HTTPPORT", "1"), Map.of()));
        assertEquals(
                "unknown variable 'QUIVER_HTTPPORT' (from the environment): did you mean 'QUIVER_HTTP_PORT'?",
                failure.getMessage());
    }

    @Test
    void doesNotMindVariablesOfTheLauncherAndOfServiceLinks() {
        Map<String, String> environment = Map.of(
                "QUIVER_JAVA",
                "/jdk",
                "QUIVER_SERVICE_HOST",
                "10.0.0.1",
                "QUIVER_PORT",
                "tcp://10.0.0.1:8000",
                "PATH",
                "/");
        assertEquals(
                8000,
                ServerConfiguration.read(null, environment, Map.of()).network().httpPort());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.9.9.9"})
    void listensOnLoopbackWithoutAsking(String host) {
        assertEquals(host, flags(Map.of("host", host)).network().host());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void listensElsewhereOnlyWhenToldThatItIsInsecure(String host) {
        var failure = assertThrows(ConfigurationException.class, () -> flags(Map.of("host", host)));
        assertTrue(failure.toString().contains("--insecure"), failure.toString());
        assertEquals(
                host, flags(Map.of("host", host, "insecure", "true")).network().host());
    }

    /** Loopback or not, with authentication or not, with TLS or not, told that it is insecure or not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void listensWhereStrangersAreWithAuthenticationAndTlsAlone(int cell) {
        boolean isLoopback = (cell & 1) != 0;
        boolean hasAuth = (cell & 2) != 0;
        boolean hasTls = (cell & 4) != 0;
        boolean isInsecure = (cell & 8) != 0;
        Map<String, String> flags = new HashMap<>(Map.of("host", isLoopback ? "127.0.0.1" : "0.0.0.0"));
        flags.put("auth.enabled", Boolean.toString(hasAuth));
        flags.put("insecure", Boolean.toString(isInsecure));
        if (hasTls) {
            flags.putAll(Map.of("tls.certificate", "server.pem", "tls.key", "server.key"));
        }
        if (isLoopback || isInsecure || hasAuth && hasTls) {
            assertEquals(hasAuth, flags(flags).auth().isEnabled());
        } else {
            var failure = assertThrows(ConfigurationException.class, () -> flags(flags));
            assertTrue(failure.toString().contains("host must be a loopback address"), failure.toString());
        }
    }

    @Test
    void wantsSettingsOfTlsThatBelongTogether() {
        for (Map<String, String> wrong : List.of(
                Map.of("tls.certificate", "c"),
                Map.of("tls.key", "k"),
                Map.of("tls.client-authorities", "a"),
                Map.of("tls.certificate", "c", "tls.key", "k", "tls.client-required", "true"),
                Map.of("tls.certificate", "c", "tls.key", "k", "auth.subjects-file", "s"))) {
            assertThrows(ConfigurationException.class, () -> flags(wrong), wrong.toString());
        }
    }

    @Test
    void readsWhichFormGraphsHave() {
        assertEquals(GraphSettings.Form.AUTO, flags(Map.of()).segments().graphForm());
        assertEquals(
                GraphSettings.Form.COMPACT,
                flags(Map.of("graph.form", "compact")).segments().graphForm());
        assertThrows(ConfigurationException.class, () -> flags(Map.of("graph.form", "small")));
    }

    @Test
    void readsHowGoodAGraphMustBe() {
        assertEquals(0.97, flags(Map.of()).segments().graphRecallFloor());
        assertEquals(0.9, flags(Map.of("graph.recall-floor", "0.9")).segments().graphRecallFloor());
        var failure = assertThrows(ConfigurationException.class, () -> flags(Map.of("graph.recall-floor", "97")));
        assertTrue(failure.toString().contains("0..1"), failure.toString());
    }

    @Test
    void readsWhatHoldsForSingleTenants() throws IOException {
        Path tenants = Files.writeString(
                directory.resolve("tenants.json"), "{\"acme\": {\"search\": {\"units_per_second\": 500}}}");
        var admission = flags(
                        Map.of("admission.tenants-file", tenants.toString(), "admission.search.units-per-second", "7"))
                .admission();
        assertEquals(new Rate(500, 5_000), admission.rate("acme", OperationKind.SEARCH));
        assertEquals(new Rate(7, 70), admission.rate("other", OperationKind.SEARCH));
        assertEquals(Rate.UNLIMITED, admission.rate("acme", OperationKind.WRITE));
        Files.writeString(tenants, "{\"acme\": {\"serach\": {\"units_per_second\": 500}}}");
        var failure = assertThrows(
                ConfigurationException.class, () -> flags(Map.of("admission.tenants-file", tenants.toString())));
        assertTrue(failure.toString().contains("'serach'"), failure.toString());
    }

    @Test
    void describesEverySettingOnItsPage() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("quiver.root"), "docs", "configuration.md"));
        for (Setting setting : Setting.values()) {
            String row = "| `%s` | `%s` | %s |".formatted(setting.key(), setting.fallback(), setting.meaning());
            assertTrue(page.contains(row), "docs/configuration.md lacks: " + row);
        }
    }

    private static ServerConfiguration flags(Map<String, String> flags) {
        return ServerConfiguration.read(null, Map.of(), flags);
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "quiver", ".yaml"), yaml);
    }
}
