package io.quiver.gateway.limits;

import java.util.Collections;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How to meet one limit from outside.
 *
 * @param limit its name in {@code /limits}
 * @param status what is answered beyond it
 * @param request the whole of one that asks just so much; {@code COLLECTION} stands for the path of an empty collection
 */
record LimitRow(String limit, int status, IntFunction<String> request) {
    static final String COLLECTION = "COLLECTION";

    private static final String HEAD = "GET /api/v2/version HTTP/1.1\r\n";
    private static final String CLOSE = "Connection: close\r\nHost: x\r\n";

    @Override
    public String toString() {
        return limit + ": " + request.apply(1).lines().findFirst().orElse("");
    }

    /** A request whose body is made of a number. */
    private static LimitRow post(String limit, int status, String operation, IntFunction<String> body) {
        return new LimitRow(limit, status, n -> post(operation, body.apply(n)));
    }

    private static String post(String operation, String body) {
        return RawHttp.request("POST", COLLECTION + operation, body.replace('\'', '"'));
    }

    /** The first line and the header lines of requests, and their bodies as such. */
    static LimitRow[] ofHttp() {
        return new LimitRow[] {
            post("http.body-bytes-max", 413, "/get", n -> "{" + " ".repeat(n - 2) + "}"),
            new LimitRow(
                    "http.uri-bytes-max",
                    414,
                    n -> padded("GET /api/v2/version?x=", n, " HTTP/1.1") + "\r\n" + CLOSE + "\r\n"),
            new LimitRow("http.headers-max", 431, n -> HEAD + CLOSE + "x: 1\r\n".repeat(n - 2) + "\r\n"),
            new LimitRow("http.header-bytes-max", 431, n -> HEAD + headers(n) + "\r\n"),
            post("http.json-depth-max", 400, "/get", n -> "{'x':" + "[".repeat(n - 1) + "]".repeat(n - 1) + "}"),
            post("http.json-depth-max", 400, "/get", n -> "{'x':" + "{'y':".repeat(n - 1) + "1" + "}".repeat(n)),
        };
    }

    /** What one request names, and what one query asks. */
    static LimitRow[] ofRequests() {
        return new LimitRow[] {
            post("request.ids-max", 400, "/get", n -> "{'ids':" + ids(n) + "}"),
            post("request.ids-max", 400, "/delete", n -> "{'ids':" + ids(n) + "}"),
            post("request.ids-max", 400, "/query", n -> "{'query_embeddings':[[1]],'ids':" + ids(n) + "}"),
            post("request.ids-max", 400, "/add", n -> "{'ids':" + ids(n) + ",'embeddings':" + repeated("[1]", n) + "}"),
            post("request.ids-max", 400, "/conditional/commit", n -> commit(n)),
            post("query.embeddings-max", 400, "/query", n -> "{'query_embeddings':" + repeated("[1]", n) + "}"),
            post("query.searches-max", 400, "/search", n -> "{'searches':" + repeated("{}", n) + "}"),
            post("query.k-max", 400, "/query", n -> "{'query_embeddings':[[1]],'n_results':" + n + "}"),
            post(
                    "query.k-max",
                    400,
                    "/search",
                    n -> "{'searches':[{'rank':{'$knn':{'query':[1],'limit':" + n + "}}}]}"),
            post("query.ef-max", 400, "/query", n -> "{'query_embeddings':[[1]],'n_results':1,'ef':" + n + "}"),
            post("query.ef-max", 400, "/explain", n -> "{'query_embeddings':[[1]],'n_results':1,'ef':" + n + "}"),
        };
    }

    static LimitRow[] ofFilters() {
        return new LimitRow[] {
            post("filter.depth-max", 400, "/get", n -> "{'where':" + nested(n, "{'k':1}") + "}"),
            post("filter.depth-max", 400, "/delete", n -> "{'where':" + nested(n, "{'k':1}") + "}"),
            post("filter.depth-max", 400, "/get", n -> "{'where_document':" + nested(n, "{'$contains':'x'}") + "}"),
            post("filter.terms-max", 400, "/get", n -> "{'where':{'$or':" + repeated("{'k':1}", n - 1) + "}}"),
            post("filter.in-values-max", 400, "/get", n -> "{'where':{'k':{'$in':" + repeated("1", n) + "}}}"),
            post("filter.in-values-max", 400, "/get", n -> "{'where':{'#id':{'$nin':" + ids(n) + "}}}"),
            post(
                    "filter.regex-bytes-max",
                    400,
                    "/get",
                    n -> "{'where_document':{'$regex':'[" + "x".repeat(n - 2) + "]'}}"),
        };
    }

    static LimitRow[] ofRecords() {
        return new LimitRow[] {
            post("record.dimension-max", 400, "/add", n -> "{'ids':['a'],'embeddings':[" + repeated("1", n) + "]}"),
            post("record.id-bytes-max", 400, "/add", n -> "{'ids':['" + "i".repeat(n) + "'],'embeddings':[[1]]}"),
            record("record.document-bytes-max", n -> "'documents':['" + "d".repeat(n) + "']"),
            record("record.uri-bytes-max", n -> "'uris':['" + "u".repeat(n) + "']"),
            record("record.metadata-keys-max", n -> "'metadatas':[{" + keys(n) + "}]"),
            record("record.metadata-bytes-max", n -> "'metadatas':[{'k':'" + "v".repeat(n - 1) + "'}]"),
        };
    }

    /** Only where filters may not be so deep that the JSON around them is too deep first. */
    static LimitRow ofSearchFilters() {
        return post("filter.depth-max", 400, "/search", n -> "{'searches':[{'filter':" + nested(n, "{'k':1}") + "}]}");
    }

    /** Only where one request may name more than one write may have. */
    static LimitRow ofBatches() {
        return post(
                "record.batch-max",
                400,
                "/upsert",
                n -> "{'ids':" + ids(n) + ",'embeddings':" + repeated("[1]", n) + "}");
    }

    private static LimitRow record(String limit, IntFunction<String> columns) {
        return post(limit, 400, "/upsert", n -> "{'ids':['a'],'embeddings':[[1]]," + columns.apply(n) + "}");
    }

    private static String padded(String before, int length, String after) {
        return before + "a".repeat(length - before.length() - after.length()) + after;
    }

    /** Header lines of so many bytes, without their ends. */
    private static String headers(int bytes) {
        String close = CLOSE.replace("\r\n", "");
        return CLOSE + "x: " + "a".repeat(bytes - close.length() - 3) + "\r\n";
    }

    private static String commit(int count) {
        return "{'operations':[{'operation':'upsert','payload':{'ids':" + ids(count) + ",'embeddings':"
                + repeated("[1]", count) + "}}]}";
    }

    private static String nested(int depth, String innermost) {
        return "{'$and':[".repeat(depth - 1) + innermost + "]}".repeat(depth - 1);
    }

    private static String repeated(String element, int count) {
        return "[" + String.join(",", Collections.nCopies(count, element)) + "]";
    }

    private static String ids(int count) {
        return IntStream.range(0, count).mapToObj("'i%d'"::formatted).collect(Collectors.joining(",", "[", "]"));
    }

    private static String keys(int count) {
        return IntStream.range(0, count).mapToObj("'k%d':1"::formatted).collect(Collectors.joining(","));
    }
}
