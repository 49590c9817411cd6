package io.quiver.executor.segment;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Things that are closed together, the last first, and each of them even when another one fails. */
final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() throws IOException {
        Exception failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        if (failure != null) {
            throw new IOException("not everything was closed", failure);
        }
    }
}
