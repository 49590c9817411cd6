package io.quiver.loadtest.door;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quiver.loadtest.data.Vectors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A connection that adds with base64 embeddings, as Chroma's clients do, and asks with arrays of numbers. Each question
 * carries a field of its own, which servers ignore, so that none is answered from a cache.
 */
final class HttpSession implements Session {
    private static final JsonFactory JSON = new JsonFactory();

    private final HttpConnection connection;
    private final String path;
    private final String queryFields;
    private final StringBuilder body = new StringBuilder();
    private final long nonce = System.nanoTime();
    private long questions;

    HttpSession(HttpConnection connection, String path, String queryFields) {
        this.connection = connection;
        this.path = path;
        this.queryFields = queryFields;
    }

    @Override
    public void add(Vectors vectors, int from, int to) throws IOException {
        body.setLength(0);
        body.append("{\"ids\":[");
        for (int row = from; row < to; row++) {
            body.append(row == from ? "\"" : ",\"").append(row).append('"');
        }
        body.append("],\"embeddings\":[");
        byte[] bytes = new byte[vectors.dimension() * Float.BYTES];
        for (int row = from; row < to; row++) {
            vectors.get(row).copyTo(MemorySegment.ofArray(bytes), 0);
            body.append(row == from ? "\"" : ",\"")
                    .append(Base64.getEncoder().encodeToString(bytes))
                    .append('"');
        }
        body.append("]}");
        send("/add");
    }

    @Override
    public int[][] search(Vectors queries, int from, int to, int k) throws IOException {
        body.setLength(0);
        new QueryBody(k, queryFields).append(body, queries, from, to, nonce + "-" + questions++);
        return rows(send("/query").body(), to - from);
    }

    private HttpConnection.Answer send(String operation) throws IOException {
        return connection
                .send("POST", path + operation, body.toString().getBytes(StandardCharsets.US_ASCII))
                .expectSuccess();
    }

    /** The ids of an answer, which are rows in digits. */
    private static int[][] rows(byte[] answer, int queries) throws IOException {
        int[][] rows = new int[queries][];
        try (JsonParser parser = JSON.createParser(answer)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME
                    && !parser.currentName().equals("ids")) {
                parser.nextToken();
                parser.skipChildren();
            }
            parser.nextToken();
            for (int query = 0; query < queries; query++) {
                parser.nextToken();
                rows[query] = idsOfOne(parser);
            }
        }
        return rows;
    }

    private static int[] idsOfOne(JsonParser parser) throws IOException {
        int[] rows = new int[16];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            rows = count == rows.length ? Arrays.copyOf(rows, count * 2) : rows;
            rows[count++] = Integer.parseInt(parser.getText());
        }
        return Arrays.copyOf(rows, count);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
