package io.quiver.gateway.history;

import io.quiver.gateway.server.ServedProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * A server that is killed and started again on the same data, in each of its lives at other ports. Safe on every
 * thread.
 */
@SuppressWarnings("try") // closing may be interrupted
final class MortalServer implements AutoCloseable {
    private static final String[] SETTINGS = {"delta.rows-max=200", "compaction.age-max=100 ms"};

    private final Path directory;
    private ServedProcess process;
    private volatile Life life;
    private volatile int ended;

    /** Where the server is, from one start to the next kill; numbered from 1. */
    record Life(int number, URI http, URI flight) {}

    private MortalServer(Path directory, ServedProcess process) {
        this.directory = directory;
        this.process = process;
        this.life = new Life(1, process.http(), process.flight());
    }

    static MortalServer start(Path directory) throws IOException {
        return new MortalServer(directory, new ServedProcess(directory, SETTINGS));
    }

    Life life() {
        return life;
    }

    /** Whether the kill that ends a life has begun. */
    boolean isEnding(Life some) {
        return ended >= some.number;
    }

    /** {@code kill -9}, at once another start. */
    synchronized void die() throws IOException, InterruptedException {
        ended = life.number;
        process.close();
        process = new ServedProcess(directory, SETTINGS);
        life = new Life(life.number + 1, process.http(), process.flight());
    }

    @Override
    public synchronized void close() throws InterruptedException {
        process.close();
    }
}
