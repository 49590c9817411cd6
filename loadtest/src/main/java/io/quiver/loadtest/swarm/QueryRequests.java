package io.quiver.loadtest.swarm;

import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.door.QueryBody;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Queries of one embedding each as whole HTTP requests, laid out once. Each has a field of its own, which servers
 * ignore: its digits are counted up where no answer may come from a cache, and left alone where each should.
 *
 * <p>Safe on every thread, if a request has been written before it comes again.
 */
public final class QueryRequests implements Swarm.Requests {
    private static final String NONCE = "0000000000000000";

    private final byte[][] requests;
    private final boolean isEachNew;
    private final AtomicLong next = new AtomicLong(System.nanoTime() & 0xFFFF_FFFFL);

    private QueryRequests(byte[][] requests, boolean isEachNew) {
        this.requests = requests;
        this.isEachNew = isEachNew;
    }

    /** No two requests are equal. */
    public static QueryRequests eachNew(URI server, String path, Vectors queries, QueryBody form) {
        return eachNew(server, path, "", queries, form);
    }

    /**
     * The same with more in the head of each.
     *
     * @param headers whole lines, with their ends
     */
    public static QueryRequests eachNew(URI server, String path, String headers, Vectors queries, QueryBody form) {
        return new QueryRequests(lay(server, path, headers, queries, queries.count(), _ -> form), true);
    }

    /**
     * The same, laid out for so many requests.
     *
     * @param forms the form of each, by its number
     */
    public static QueryRequests eachNew(
            URI server, String path, Vectors queries, int count, IntFunction<QueryBody> forms) {
        return new QueryRequests(lay(server, path, "", queries, count, forms), true);
    }

    /** The first {@code different} queries again and again. */
    public static QueryRequests repeated(URI server, String path, Vectors queries, QueryBody form, int different) {
        int count = Math.min(different, queries.count());
        return new QueryRequests(lay(server, path, "", queries, count, _ -> form), false);
    }

    @Override
    public byte[] next() {
        long number = next.getAndIncrement();
        byte[] request = requests[(int) (number % requests.length)];
        if (isEachNew) {
            long rest = number;
            for (int i = 0; i < NONCE.length(); i++) {
                request[request.length - 3 - i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        return request;
    }

    private static byte[][] lay(
            URI server, String path, String headers, Vectors queries, int count, IntFunction<QueryBody> forms) {
        byte[][] requests = new byte[count][];
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < count; i++) {
            body.setLength(0);
            int query = i % queries.count();
            forms.apply(i).append(body, queries, query, query + 1, NONCE);
            requests[i] = ("POST " + path + "/query HTTP/1.1\r\nHost: " + server.getAuthority()
                            + "\r\n" + headers + "Content-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\n\r\n"
                            + body)
                    .getBytes(StandardCharsets.US_ASCII);
        }
        return requests;
    }
}
