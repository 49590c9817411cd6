package io.quiver.gateway.limits;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** HTTP/2 as bytes, for callers that do with it what no client does. */
final class Http2Frames {
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GO_AWAY = 7;
    static final int CONTINUATION = 9;

    /** GET, http, /healthz as the path, and x as the authority, in HPACK without a table. */
    static final byte[] GET_HEALTH = {
        (byte) 0x82, (byte) 0x86, 0x04, 8, '/', 'h', 'e', 'a', 'l', 't', 'h', 'z', 0x01, 1, 'x'
    };

    private Http2Frames() {}

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(stream >> shift);
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** Reads frames until the server closes; whether one of the type was among them. */
    static boolean endsWith(RawHttp connection, int type) {
        boolean isThere = false;
        for (int next = next(connection); next >= 0; next = next(connection)) {
            isThere |= next == type;
        }
        return isThere;
    }

    /** Reads frames until one of the type; false where the server closes before. */
    static boolean await(RawHttp connection, int type) {
        int next = next(connection);
        while (next >= 0 && next != type) {
            next = next(connection);
        }
        return next == type;
    }

    /** Reads one frame; its type, -1 at the end. */
    private static int next(RawHttp connection) {
        int[] head = new int[9];
        for (int i = 0; i < head.length; i++) {
            head[i] = connection.read();
            if (head[i] < 0) {
                return -1;
            }
        }
        for (int left = head[0] << 16 | head[1] << 8 | head[2]; left > 0; left--) {
            connection.read();
        }
        return head[3];
    }
}
