package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.gateway.http.RouteTable.Match;
import io.quiver.log.record.QuiverException;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class RouteTableTest {
    private final RouteTable table = new RouteTable();

    RouteTableTest() {
        for (String template : List.of(
                "/t",
                "/t/",
                "/t/{tenant}",
                "/t/{tenant}/c/{name}",
                "/t/{tenant}/c/by-id/{id}",
                "/t/{tenant}/c/{name}/get",
                "/old/{any*}")) {
            table.add(Route.free(template, (_, _) -> Mono.empty()));
        }
    }

    @Test
    void findsRoutesWithTheirParameters() {
        assertFound("/t", "/t");
        assertFound("/t/", "/t/");
        assertFound("/t/{tenant}", "/t/a", "a");
        assertFound("/t/{tenant}/c/{name}", "/t/a/c/b", "a", "b");
        assertFound("/t/{tenant}/c/by-id/{id}", "/t/a/c/by-id/b", "a", "b");
        assertFound("/old/{any*}", "/old/a");
        assertFound("/old/{any*}", "/old/a/b/c");
    }

    @Test
    void letsACollectionBeCalledLikeAPartOfAPath() {
        assertFound("/t/{tenant}/c/{name}", "/t/c/c/by-id", "c", "by-id");
        assertFound("/t/{tenant}/c/by-id/{id}", "/t/a/c/by-id/get", "a", "get");
    }

    @Test
    void decodesParametersAfterSplitting() {
        assertFound("/t/{tenant}", "/t/a%2Fb", "a/b");
        assertFound("/t/{tenant}", "/t/..", "..");
        assertFound("/t/{tenant}", "/t/%E5%90%91+x", "向+x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/x", "//t", "/t/a/", "/t//c/b", "/t/a/c", "/t/a/c/b/x", "/old", "/old/", "*"})
    void findsNothingElse(String path) {
        assertEquals(new Match.Unknown(), table.find(HttpMethod.GET, path));
    }

    @Test
    void tellsAWrongMethodFromAnUnknownPath() {
        assertEquals(new Match.WrongMethod(), table.find(HttpMethod.POST, "/t/a"));
        assertInstanceOf(Match.Found.class, table.find(HttpMethod.HEAD, "/t/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/t/%", "/t/%1", "/t/%zz", "/t/%FF", "/t/%C0%80"})
    void refusesWhatIsNotEncodedAsUrlsAre(String path) {
        assertThrows(QuiverException.class, () -> table.find(HttpMethod.GET, path));
    }

    private void assertFound(String template, String path, String... parameters) {
        Match.Found found = assertInstanceOf(Match.Found.class, table.find(HttpMethod.GET, path));
        assertEquals(template, found.route().template());
        assertEquals(List.of(parameters), found.parameters());
    }
}
