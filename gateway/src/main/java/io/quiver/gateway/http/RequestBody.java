package io.quiver.gateway.http;

/**
 * The body of a request, complete. Nobody changes the bytes any more.
 *
 * @param length bytes that count; the array may be longer
 * @param limits what it may ask
 */
record RequestBody(byte[] bytes, int length, Form form, RequestLimits limits) {
    /** What the bytes are. */
    enum Form {
        JSON,
        /** Little-endian floats of 32 bits, and nothing else. */
        FLOATS
    }

    /** JSON. */
    RequestBody(byte[] bytes, int length, RequestLimits limits) {
        this(bytes, length, Form.JSON, limits);
    }

    static final RequestBody NONE = new RequestBody(new byte[0], 0, RequestLimits.DEFAULT);

    /** Where a byte lies, in the words of JSON parsers: {@code line 1 column 2}. */
    String position(int offset) {
        int line = 1;
        int column = 0;
        for (int i = 0; i <= Math.min(offset, length - 1); i++) {
            column++;
            if (bytes[i] == '\n' && i < offset) {
                line++;
                column = 0;
            }
        }
        return "line %d column %d".formatted(line, column);
    }
}
