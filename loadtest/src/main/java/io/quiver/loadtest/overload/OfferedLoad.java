package io.quiver.loadtest.overload;

import java.io.IOException;

/** Work that is due at a steady rate, whatever the server does. */
public interface OfferedLoad {
    /**
     * Connects, and begins when that has been done: what it costs to take many connections is not what is measured.
     *
     * @param perSecond 0 for a closed loop: each answer is followed by the next request
     * @param atOnce connections, or in a closed loop what is under way
     */
    Trial run(String name, double perSecond, double seconds, int atOnce) throws IOException;
}
