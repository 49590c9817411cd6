package io.quiver.flight;

import java.util.function.IntConsumer;

/**
 * How many messages of one stream may be on their way or waiting to be read.
 *
 * <p>Arrow's {@code FlightStream} counts this itself, but it may lose a count when a message arrives while another is
 * taken, and a stream that lives long comes to a halt. Its requests are therefore ignored; the reader says what it
 * took.
 */
final class MessageWindow {
    static final int MESSAGES = 5;

    /** A descriptor and a schema may come as messages of their own, which no reader takes. */
    private static final int UNREAD_MESSAGES = 2;

    private final IntConsumer request;

    /** {@code request} lets the other side send so many messages more. */
    MessageWindow(IntConsumer request) {
        this.request = request;
    }

    void open() {
        request.accept(MESSAGES + UNREAD_MESSAGES);
    }

    /** A message has been taken. */
    void taken() {
        request.accept(1);
    }
}
