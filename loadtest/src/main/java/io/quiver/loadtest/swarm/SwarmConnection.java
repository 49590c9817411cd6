package io.quiver.loadtest.swarm;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One keep-alive HTTP/1.1 connection with at most one request under way, never waiting. A request may be sent by one
 * thread and its answer taken by another.
 */
final class SwarmConnection implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** When the request under way should have been sent. */
    private volatile long dueNanos;

    private SwarmConnection(SocketChannel channel) {
        this.channel = channel;
    }

    static SwarmConnection open(URI server, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        SwarmConnection connection = new SwarmConnection(channel);
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    long dueNanos() {
        return dueNanos;
    }

    /** Sends a request that is measured from {@code due} on; requests are smaller than the socket's own buffer. */
    void send(byte[] request, long due) throws IOException {
        dueNanos = due;
        out.clear().put(request).flip();
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** Takes what has come; true when the answer is whole. */
    boolean receive() throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server closed the connection");
        }
        int body = bodyAt();
        if (body < 0 || in.position() < body + contentLength(body)) {
            return false;
        }
        return true;
    }

    /** The status of the answer that came; makes room for the next. */
    int takeStatus() {
        int status = number(STATUS_AT, ' ');
        in.clear();
        return status;
    }

    /** -1 where the head of the answer has not ended yet. */
    private int bodyAt() {
        for (int i = 3; i < in.position(); i++) {
            if (in.get(i) == '\n' && in.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private int contentLength(int end) throws IOException {
        for (int i = STATUS_AT; i < end; i++) {
            if (in.get(i) == '\n' && isContentLength(i + 1, end)) {
                return number(i + 1 + CONTENT_LENGTH.length, '\r');
            }
        }
        throw new IOException("an answer without content-length");
    }

    private boolean isContentLength(int at, int end) {
        boolean isEqual = at + CONTENT_LENGTH.length < end;
        for (int i = 0; isEqual && i < CONTENT_LENGTH.length; i++) {
            isEqual = Character.toLowerCase(in.get(at + i)) == CONTENT_LENGTH[i];
        }
        return isEqual;
    }

    /** What stands there up to a character, spaces before it left out. */
    private int number(int at, char end) {
        int begin = at;
        while (in.get(begin) == ' ') {
            begin++;
        }
        int number = 0;
        for (int i = begin; in.get(i) != end; i++) {
            number = number * 10 + in.get(i) - '0';
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
