package io.quiver.gateway.http;

import com.fasterxml.jackson.databind.node.TextNode;
import io.quiver.log.record.QuiverException;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Reads parameters behind the question mark. */
final class Pages {
    private static final long U32_MAX = 0xFFFF_FFFFL;

    private Pages() {}

    /** Entries wanted; all where the caller does not say. */
    static int limit(Exchange exchange) {
        return count(exchange, "limit", Integer.MAX_VALUE);
    }

    /** Entries to leave out before. */
    static int offset(Exchange exchange) {
        return count(exchange, "offset", 0);
    }

    static @Nullable String text(Exchange exchange, String name) {
        try {
            return exchange.request().getParam(name);
        } catch (IllegalArgumentException e) {
            throw refused("not encoded as URLs are");
        }
    }

    /** All parameters as the fields of one object: their values are JSON. */
    static RequestBody asJson(Exchange exchange) {
        StringJoiner fields = new StringJoiner(",", "{", "}");
        try {
            exchange.request()
                    .params()
                    .forEach((name, value) -> fields.add(new TextNode(name).toString() + ':' + value));
        } catch (IllegalArgumentException e) {
            throw refused("not encoded as URLs are");
        }
        byte[] json = fields.toString().getBytes(StandardCharsets.UTF_8);
        return new RequestBody(json, json.length, exchange.parts().settings().limits());
    }

    static QuiverException refused(String problem) {
        return QuiverException.invalid("Failed to deserialize query string: " + problem);
    }

    private static int count(Exchange exchange, String name, int unsaid) {
        String text = text(exchange, name);
        if (text == null) {
            return unsaid;
        }
        try {
            long count = Long.parseLong(text);
            if (count >= 0 && count <= U32_MAX) {
                return (int) Math.min(count, Integer.MAX_VALUE);
            }
        } catch (NumberFormatException e) {
            // refused below, like a number out of range
        }
        throw refused(name + ": invalid digit found in string");
    }
}
