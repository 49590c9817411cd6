package io.quiver.flight.link;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.flight.FlightAddress;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.FlightPeer;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * An executor of another process, reached over Flight.
 *
 * <p>Each {@link #execute} travels whole. Queries that come while messages are under way form the next message; where
 * none is, a lone query is sent at once, by the calling thread. Answers complete on the link's reading thread, which
 * must not be kept. When the link breaks, what is under way fails with {@code UNAVAILABLE}, and so does everything
 * until it stands again; it is tried again and again, less and less often.
 *
 * <p>Safe on every thread. Owns its share of the memory.
 */
public final class ExecutorLink implements QueryExecutor {
    private static final Duration RETRY_MIN = Duration.ofMillis(50);
    private static final Duration RETRY_MAX = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorLink.class);

    private final FlightAddress address;
    private final LinkLimits limits;
    private final BufferAllocator allocator;
    private final FlightPeer peer;
    private volatile @Nullable LinkExchange exchange;
    private @Nullable Thread reading;
    private volatile Duration retry = RETRY_MIN;
    private boolean isClosed;

    private ExecutorLink(FlightAddress address, FlightMemory memory, LinkLimits limits) {
        this.address = address;
        this.limits = limits;
        this.allocator = memory.child("executor-link");
        this.peer = FlightPeer.at(address, allocator, this::ready);
    }

    public static ExecutorLink open(FlightAddress address, FlightMemory memory) {
        return open(address, memory, LinkLimits.DEFAULT);
    }

    static ExecutorLink open(FlightAddress address, FlightMemory memory, LinkLimits limits) {
        ExecutorLink link = new ExecutorLink(address, memory, limits);
        link.connect();
        return link;
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        if (queries.isEmpty()) {
            return Mono.just(List.of());
        }
        if (vectorBytes(queries) > LinkLimits.REQUEST_BYTES_MAX) {
            return Mono.error(new QuiverException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "the vectors of one request must not exceed %d bytes".formatted(LinkLimits.REQUEST_BYTES_MAX)));
        }
        return send(new Request.Ask(queries)).map(ExecutorLink::hits);
    }

    @Override
    public Mono<Void> awaitApplied(CollectionId collection, LogOffset offset) {
        return send(new Request.AwaitApplied(collection, offset)).then();
    }

    @Override
    public Mono<Void> admitWrite(CollectionId collection, long bytes) {
        return send(new Request.AdmitWrite(collection, bytes)).then();
    }

    /** Fails what is under way with {@code UNAVAILABLE}. */
    @Override
    public void close() {
        if (end()) {
            awaitReading();
            peer.close();
            allocator.close();
        }
    }

    private Mono<Answer> send(Request request) {
        return Mono.create(sink -> {
            LinkExchange current = exchange;
            if (current == null) {
                sink.error(new QuiverException(
                        ErrorCode.UNAVAILABLE, "there is no link to the executor at " + address, retry));
            } else {
                current.submit(request, sink);
            }
        });
    }

    private synchronized void connect() {
        if (isClosed) {
            return;
        }
        LinkExchange next = new LinkExchange(peer, allocator, limits);
        exchange = next;
        reading = Thread.ofVirtual().name("executor-link").start(() -> read(next));
    }

    private void read(LinkExchange current) {
        current.read(() -> retry = RETRY_MIN);
        if (broken()) {
            LOG.info("the link to {} has broken, trying again in {}", address, retry);
            Schedulers.boundedElastic().schedule(this::connect, retry.toMillis(), TimeUnit.MILLISECONDS);
            retry = longer(retry);
        }
    }

    private synchronized boolean broken() {
        exchange = null;
        return !isClosed;
    }

    private synchronized boolean end() {
        boolean isFirst = !isClosed;
        isClosed = true;
        LinkExchange current = exchange;
        if (current != null) {
            current.close();
        }
        return isFirst;
    }

    private void awaitReading() {
        Thread thread = reading;
        try {
            if (thread != null && !thread.join(CLOSE)) {
                LOG.warn("the link to {} did not end", address);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ready() {
        LinkExchange current = exchange;
        if (current != null) {
            current.ready();
        }
    }

    private static Duration longer(Duration retry) {
        Duration twice = retry.multipliedBy(2);
        return twice.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : twice;
    }

    private static long vectorBytes(List<Query> queries) {
        return queries.stream().mapToLong(ExecutorLink::vectorBytes).sum();
    }

    private static long vectorBytes(Query query) {
        return switch (query) {
            case Query.Nearest nearest -> (long) nearest.embedding().dimension() * Float.BYTES;
            case Query.Search search -> RankCodec.vectorBytes(search);
            case Query.Scan _, Query.Count _ -> 0;
        };
    }

    private static List<Hits> hits(Answer answer) {
        return switch (answer) {
            case Answer.Found(var hits) -> hits;
            case Answer.Done() -> List.of();
            case Answer.Refused(var refusal) -> throw refusal;
        };
    }
}
