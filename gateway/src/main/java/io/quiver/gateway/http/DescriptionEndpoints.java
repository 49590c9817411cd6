package io.quiver.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The description of the API, for machines and for people: files that are part of the program. */
final class DescriptionEndpoints {
    static final String OPENAPI = "openapi.json";

    private static final String DOCS = "docs.html";

    List<Route> routes() {
        return List.of(
                Route.free("/openapi.json", answering(OPENAPI, AnswerWriter.JSON)),
                Route.free("/docs", answering(DOCS, "text/html; charset=utf-8")));
    }

    private static Route.Endpoint answering(String file, String contentType) {
        Answer answer = new Answer.Encoded(200, Map.of(), contentType, Buffer.buffer(read(file)));
        return (exchange, body) -> Mono.just(answer);
    }

    static byte[] read(String file) {
        try (InputStream in = DescriptionEndpoints.class.getResourceAsStream(file)) {
            return Objects.requireNonNull(in, file).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
