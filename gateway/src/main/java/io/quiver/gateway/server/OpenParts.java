package io.quiver.gateway.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been opened, to be closed in the opposite order. A part that fails to close is logged and does not keep the
 * others open. Belongs to one thread at a time.
 */
final class OpenParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

    private final Deque<Part> parts = new ArrayDeque<>();
    private boolean hasFailed;

    private record Part(String name, AutoCloseable closing) {}

    /** Notes a part that was opened just now; returns it. */
    <T extends AutoCloseable> T add(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    /** Whether a part failed to close. */
    boolean hasFailed() {
        return hasFailed;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closing().close();
            } catch (Exception | AssertionError failure) {
                hasFailed = true;
                LOG.error("{} did not close cleanly", part.name(), failure);
            }
        }
    }
}
