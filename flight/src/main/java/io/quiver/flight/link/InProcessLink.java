package io.quiver.flight.link;

import io.quiver.executor.ForwardingExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchStage;
import io.quiver.executor.query.StageListener;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A link to an executor of this process: queries and hits travel as the objects they are.
 *
 * <p>It batches as an {@link ExecutorLink} does: where nothing is under way, a lone query goes to the executor at once,
 * on the calling thread; what comes while batches are under way forms the next one, which the thread that answers one
 * of them hands on. Answers complete on the executor's search threads, which must not be kept.
 *
 * <p>Safe on every thread. The executor belongs to whoever opened it.
 */
public final class InProcessLink extends ForwardingExecutor {
    private final LinkLimits limits;
    private final StageListener stages;
    private final MessagesUnderWay underWay;
    private final AtomicInteger requestCount = new AtomicInteger();
    private final Queue<NearRequest> waiting = new ConcurrentLinkedQueue<>();
    private final Set<RunningBatch<NearRequest>> running = ConcurrentHashMap.newKeySet();
    private final Drain drain = new Drain(this::startNext);
    private volatile boolean isClosed;

    private InProcessLink(QueryExecutor executor, LinkLimits limits, StageListener stages) {
        super(executor);
        this.limits = limits;
        this.stages = stages;
        this.underWay = new MessagesUnderWay(limits.messagesUnderWay());
    }

    public static InProcessLink to(QueryExecutor executor) {
        return to(executor, LinkLimits.DEFAULT);
    }

    /** A link that tells how long requests wait before a batch takes them along. */
    public static InProcessLink to(QueryExecutor executor, StageListener stages) {
        return new InProcessLink(executor, LinkLimits.DEFAULT, stages);
    }

    static InProcessLink to(QueryExecutor executor, LinkLimits limits) {
        return new InProcessLink(executor, limits, StageListener.NONE);
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        return queries.isEmpty()
                ? Mono.just(List.of())
                : Mono.<List<Hits>>create(sink -> submit(new NearRequest(queries, sink), sink));
    }

    private void submit(NearRequest request, MonoSink<List<Hits>> sink) {
        if (requestCount.incrementAndGet() > limits.requestsMax()) {
            requestCount.decrementAndGet();
            request.fail(unavailable("%d requests wait for the executor".formatted(limits.requestsMax())));
            return;
        }
        sink.onDispose(requestCount::decrementAndGet);
        sink.onCancel(request::cancel);
        waiting.add(request);
        drain.run();
    }

    /** Fails what is under way with {@code UNAVAILABLE}. */
    @Override
    public void close() {
        isClosed = true;
        drain.run();
        running.forEach(this::abandon);
    }

    private void abandon(RunningBatch<NearRequest> batch) {
        batch.stop();
        batch.requests().forEach(request -> request.fail(closed()));
    }

    /** Starts batches of what waits, where there is room; true when there may be more. */
    private boolean startNext() {
        if (isClosed) {
            waiting.forEach(request -> request.fail(closed()));
            waiting.clear();
            return false;
        }
        if (waiting.isEmpty()) {
            return false;
        }
        if (!underWay.mayStart()) {
            drain.runLater(MessagesUnderWay.SLOW);
            return false;
        }
        List<NearRequest> taken = take();
        taken.forEach(request -> stages.spent(SearchStage.ROUTE, request.waitedNanos()));
        BatchGroups.of(taken).forEach(this::start);
        return true;
    }

    private List<NearRequest> take() {
        List<NearRequest> taken = new ArrayList<>();
        for (int queries = 0; queries < limits.queriesPerMessage(); ) {
            NearRequest next = waiting.poll();
            if (next == null) {
                break;
            }
            if (!next.hasEnded()) {
                taken.add(next);
                queries += next.queries().size();
            }
        }
        return taken;
    }

    private void start(List<NearRequest> requests) {
        RunningBatch<NearRequest> batch = new RunningBatch<>(requests, NearRequest::hasEnded);
        running.add(batch);
        MessagesUnderWay.Message place = underWay.start();
        place.add();
        requests.forEach(request -> request.join(batch));
        batch.start(
                Mono.defer(() -> executor.execute(batch.queries(), batch.withdrawn()))
                        .doFinally(_ -> ended(batch, place)),
                hits -> batch.split(hits, NearRequest::succeed),
                failure -> failed(batch, failure),
                () -> {});
    }

    private void ended(RunningBatch<NearRequest> batch, MessagesUnderWay.Message place) {
        running.remove(batch);
        place.answered();
        drain.run();
    }

    /** A batch of several requests may have failed for one of them: each is executed by itself. */
    private void failed(RunningBatch<NearRequest> batch, Throwable failure) {
        if (batch.requests().size() == 1) {
            batch.requests().getFirst().fail(failure);
            return;
        }
        for (NearRequest request : batch.requests()) {
            if (!request.hasEnded()) {
                start(List.of(request));
            }
        }
    }

    private static QuiverException closed() {
        return unavailable("the link to the executor is closed");
    }

    private static QuiverException unavailable(String message) {
        return new QuiverException(ErrorCode.UNAVAILABLE, message);
    }
}
