package io.quiver.gateway.http;

import io.quiver.log.record.QuiverException;
import io.vertx.core.http.HttpMethod;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path by its segments: literal ones first, then a parameter, then the rest of the path.
 *
 * <p>Templates are written as in OpenAPI, {@code /tenants/{tenant}}; {@code {any*}} at the end stands for one or more
 * segments. A path is split before it is decoded, and never normalised: {@code ..} and an encoded slash are characters
 * of a name like others.
 *
 * <p>Filled before use, then safe on every thread.
 */
final class RouteTable {
    private final Node root = new Node();
    private final List<Route> routes = new ArrayList<>();

    /** What there is at a path. */
    sealed interface Match {
        /**
         * A route.
         *
         * @param parameters decoded, in the order of the template
         */
        record Found(Route route, List<String> parameters) implements Match {}

        record WrongMethod() implements Match {}

        record Unknown() implements Match {}
    }

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<HttpMethod, Route> routes = new LinkedHashMap<>();

        @Nullable Node parameter;

        @Nullable Node rest;
    }

    /** Adds a route; there must be none of its method and path. */
    void add(Route route) {
        Node node = root;
        for (String segment : split(route.template())) {
            node = child(node, segment);
        }
        if (node.routes.putIfAbsent(route.method(), route) != null) {
            throw new IllegalArgumentException("two routes for %s %s".formatted(route.method(), route.template()));
        }
        routes.add(route);
    }

    private static Node child(Node node, String segment) {
        if (!segment.startsWith("{")) {
            return node.literals.computeIfAbsent(segment, _ -> new Node());
        }
        boolean isRest = segment.endsWith("*}");
        Node known = isRest ? node.rest : node.parameter;
        Node child = known == null ? new Node() : known;
        if (isRest) {
            node.rest = child;
        } else {
            node.parameter = child;
        }
        return child;
    }

    /** All routes, in the order in which they were added. */
    Collection<Route> routes() {
        return Collections.unmodifiableList(routes);
    }

    /** Throws {@link QuiverException} where a parameter is not encoded as URLs are. */
    Match find(HttpMethod method, String path) {
        List<String> segments = split(path);
        List<String> parameters = new ArrayList<>(3);
        Node node = find(root, segments, 0, parameters);
        if (node == null) {
            return new Match.Unknown();
        }
        Route route = node.routes.get(method);
        if (route == null && HttpMethod.HEAD.equals(method)) {
            route = node.routes.get(HttpMethod.GET);
        }
        parameters.replaceAll(RouteTable::decode);
        return route == null ? new Match.WrongMethod() : new Match.Found(route, parameters);
    }

    private static @Nullable Node find(Node node, List<String> segments, int at, List<String> parameters) {
        if (at == segments.size()) {
            return node.routes.isEmpty() ? null : node;
        }
        String segment = segments.get(at);
        Node literal = node.literals.get(segment);
        Node found = literal == null ? null : find(literal, segments, at + 1, parameters);
        if (found == null && node.parameter != null && !segment.isEmpty()) {
            parameters.add(segment);
            found = find(node.parameter, segments, at + 1, parameters);
            if (found == null) {
                parameters.removeLast();
            }
        }
        return found == null && !segment.isEmpty() ? node.rest : found;
    }

    /** The segments behind the first slash; a path that ends with a slash has an empty last one. */
    private static List<String> split(String path) {
        List<String> segments = new ArrayList<>(10);
        int from = 1;
        int slash;
        while ((slash = path.indexOf('/', from)) >= 0) {
            segments.add(path.substring(from, slash));
            from = slash + 1;
        }
        segments.add(from <= path.length() ? path.substring(from) : "");
        return segments;
    }

    private static String decode(String segment) {
        return segment.indexOf('%') < 0 ? segment : decodeEscapes(segment);
    }

    private static String decodeEscapes(String segment) {
        byte[] encoded = segment.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                decoded.put((byte) (hexDigit(encoded, i + 1) << 4 | hexDigit(encoded, i + 2)));
                i += 2;
            } else {
                decoded.put(encoded[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException e) {
            throw QuiverException.invalid("Invalid URL: a part of the path is not UTF-8");
        }
    }

    private static int hexDigit(byte[] encoded, int at) {
        int digit = at < encoded.length ? Character.digit(encoded[at], 16) : -1;
        if (digit < 0) {
            throw QuiverException.invalid("Invalid URL: a percent sign in the path without two hexadecimal digits");
        }
        return digit;
    }
}
