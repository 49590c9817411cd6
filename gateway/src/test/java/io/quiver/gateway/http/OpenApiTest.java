package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the description of the API and the routes together, so that neither drifts. */
class OpenApiTest {
    private final JsonNode api = Json.MAPPER.readTree(DescriptionEndpoints.read(DescriptionEndpoints.OPENAPI));

    OpenApiTest() throws IOException {}

    @Test
    void describesEveryRouteAndNoOther(@TempDir Path directory) {
        Set<String> served = new TreeSet<>();
        try (TestServer server = TestServer.start(directory)) {
            server.api().routes().forEach(route -> served.add(route.method() + " " + route.template()));
        }
        Set<String> described = new TreeSet<>();
        api.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertEquals(served, described);
    }

    @Test
    void declaresEveryParameterOfAPath() {
        api.get("paths").properties().forEach(path -> {
            Set<String> inPath = new TreeSet<>();
            Matcher matcher = Pattern.compile("\\{(\\w+)\\*?}").matcher(path.getKey());
            while (matcher.find()) {
                inPath.add(matcher.group(1));
            }
            path.getValue().forEach(operation -> assertEquals(inPath, declared(operation), path.getKey()));
        });
    }

    @Test
    void refersOnlyToWhatItHas() {
        int references = 0;
        for (JsonNode reference : api.findValues("$ref")) {
            String pointer = reference.textValue().substring(1);
            assertFalse(api.at(pointer).isMissingNode(), pointer);
            references++;
        }
        assertTrue(references > 100, references + " references");
    }

    @Test
    void needsNothingFromElsewhereToBeShown() {
        String page = new String(DescriptionEndpoints.read("docs.html"), StandardCharsets.UTF_8);
        assertFalse(page.contains("http://") || page.contains("https://") || page.contains("src="), page);
    }

    private Set<String> declared(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        operation.path("parameters").forEach(parameter -> {
            JsonNode found = parameter.has("$ref")
                    ? api.at(parameter.get("$ref").textValue().substring(1))
                    : parameter;
            if (found.get("in").textValue().equals("path")) {
                names.add(found.get("name").textValue());
            }
        });
        return names;
    }
}
