package io.quiver.gateway.history;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One client, at one door or another with each call, which notes what it is told. When the server is killed it finds
 * the next one. An error in the midst of a server's life is a defect, but for a write, which may be refused at any
 * time. For one thread.
 */
@SuppressWarnings("try") // closing may be interrupted
final class HistoryClient implements AutoCloseable {
    private static final String STRONG = "strong";
    private static final long PATIENCE_NS = 120_000_000_000L;

    private final MortalServer server;
    private final String collection;
    private final Histories histories;
    private final Map<String, AtomicLong> reads;
    private final Random random;
    private MortalServer.Life life;
    private HttpGroups http;
    private FlightGroups flight;
    private StreamGroups stream;
    private @Nullable Written last;

    /** A write that was acknowledged: what its group held at its offset, for ever. */
    private record Written(int group, int value, long offset, int life) {}

    /** @param reads how many answers there were, by kinds */
    HistoryClient(
            MortalServer server, String collection, Histories histories, Map<String, AtomicLong> reads, Random random) {
        this.server = server;
        this.collection = collection;
        this.histories = histories;
        this.reads = reads;
        this.random = random;
        this.life = server.life();
        this.http = new HttpGroups(life.http(), collection);
        this.flight = new FlightGroups(life.flight(), collection);
        this.stream = new StreamGroups(life.http(), collection);
    }

    void step(int group) throws Exception {
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> write(group, histories.nextVersion(), http::write);
            case 3, 4 -> write(group, histories.nextVersion(), flight::write);
            case 5 -> write(group, Event.ABSENT, (deleted, _) -> http.delete(deleted));
            case 6, 7, 8 -> {
                read("HTTP query", group, http::query, STRONG);
                read("HTTP query", group, http::query, STRONG);
            }
            case 9, 10 -> read("HTTP get", group, http::get, STRONG);
            case 11 -> read("HTTP search", group, http::search, STRONG);
            case 12 -> read("Flight scan", group, flight::scan, STRONG);
            case 13, 14 -> read("Flight search", group, flight::search, STRONG);
            case 15, 16 -> read("WebSocket query", group, stream::query, STRONG);
            case 17 -> read("bounded", group, any(), "bounded_ms=" + random.nextInt(100));
            case 18 -> readAtLeast(group);
            default -> readPast();
        }
    }

    private Groups.Reader any() {
        List<Groups.Reader> readers =
                List.of(http::get, http::query, http::search, flight::scan, flight::search, stream::query);
        return readers.get(random.nextInt(readers.size()));
    }

    private void write(int group, int value, Groups.Writer writer) throws Exception {
        long begin = System.nanoTime();
        try {
            long offset = writer.write(group, value);
            histories.note(group, Event.write(value, begin, System.nanoTime()));
            last = new Written(group, value, offset, life.number());
            count("writes");
        } catch (Exception failure) {
            histories.note(group, Event.doubtful(value, begin));
            if (server.isEnding(life)) {
                findServer();
            }
        }
    }

    /** What no answer came to tells nothing. */
    void read(String kind, int group, Groups.Reader reader, String consistency) throws Exception {
        long begin = System.nanoTime();
        Seen seen = seen(group, reader, consistency);
        if (seen != null) {
            histories.note(group, Event.read(seen.value(), begin, System.nanoTime()));
            count(seen.isFromCache() ? "hits of the cache" : kind);
        }
    }

    private @Nullable Seen seen(int group, Groups.Reader reader, String consistency) throws Exception {
        try {
            return reader.read(group, consistency);
        } catch (Exception failure) {
            if (!server.isEnding(life)) {
                throw new AssertionError("a read was refused by a server that lives", failure);
            }
            findServer();
            return null;
        }
    }

    /** Who says what it has seen sees at least that. */
    private void readAtLeast(int group) throws Exception {
        long offset = last == null ? 0 : last.offset;
        Seen seen = seen(group, any(), "at_least=" + offset);
        if (seen != null) {
            // Where a collection has not changed since, its own offset is the older one; offsets here are all its own.
            require(seen.offset() >= offset, "at least %d was asked for: %s".formatted(offset, seen));
            count("at least");
        }
    }

    /**
     * At the offset of a write the group holds what was written; whoever has been killed since may not know it any
     * more.
     */
    private void readPast() throws Exception {
        Written written = last;
        if (written == null) {
            return;
        }
        try {
            Seen seen = any().read(written.group, "at=" + written.offset);
            require(seen.value() == written.value && seen.offset() == written.offset, written + " was read as " + seen);
            count("past");
        } catch (Exception failure) {
            if (server.isEnding(life)) {
                findServer();
            } else {
                boolean isForgotten = written.life < life.number()
                        && String.valueOf(failure.getMessage()).contains("is no longer kept");
                require(isForgotten, written + " was refused: " + failure);
                count("past forgotten by a kill");
            }
        }
    }

    private void count(String kind) {
        reads.computeIfAbsent(kind, _ -> new AtomicLong()).incrementAndGet();
    }

    private static void require(boolean isTrue, String message) {
        if (!isTrue) {
            throw new AssertionError(message);
        }
    }

    private void findServer() throws Exception {
        long begin = System.nanoTime();
        while (server.life().number() == life.number()) {
            require(System.nanoTime() - begin < PATIENCE_NS, "the server does not start again");
            LockSupport.parkNanos(1_000_000);
        }
        close();
        life = server.life();
        http = new HttpGroups(life.http(), collection);
        flight = new FlightGroups(life.flight(), collection);
        stream = new StreamGroups(life.http(), collection);
    }

    @Override
    public void close() throws Exception {
        stream.close();
        flight.close();
        http.close();
    }
}
