package io.quiver.flight.link;

import io.quiver.executor.QueryExecutor;
import io.quiver.flight.FlightErrors;
import io.quiver.flight.StreamGate;
import io.quiver.flight.codec.Layout;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The executor's end of one link: takes requests out of messages, hands them to the executor, sends answers as they
 * come, in any order, while the stream has room.
 *
 * <p>One thread reads. Answers are written by the thread that has one, one at a time. The other end bounds what is
 * under way.
 */
final class ServedExchange {
    private static final Logger LOG = LoggerFactory.getLogger(ServedExchange.class);

    private final QueryExecutor executor;
    private final BufferAllocator allocator;
    private final ServerStreamListener stream;
    private final LinkLimits limits;
    private final RequestReader reader = new RequestReader();
    private final AnswerColumns columns = new AnswerColumns();
    private final VectorSchemaRoot root;
    private final Map<Long, RunningBatch<RequestReader.Numbered>> running = new ConcurrentHashMap<>();
    private final Queue<AnswerCursor> waiting = new ConcurrentLinkedQueue<>();
    private final Drain drain = new Drain(this::sendMessage);
    private final List<AnswerCursor> inMessage = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Runnable ending;

    ServedExchange(QueryExecutor executor, BufferAllocator allocator, ServerStreamListener stream, LinkLimits limits) {
        this.executor = executor;
        this.allocator = allocator;
        this.stream = stream;
        this.limits = limits;
        this.root = VectorSchemaRoot.create(columns.schema(), allocator);
    }

    /** Reads until the other end leaves, then stops everything that it had asked for. */
    void serve(FlightStream requests, StreamGate gate) {
        Runnable last = stream::completed;
        try {
            stream.setUseZeroCopy(true);
            stream.setOnReadyHandler(drain::run);
            stream.start(root);
            while (gate.next(requests)) {
                accept(reader.read(requests.getRoot()));
            }
        } catch (RuntimeException e) {
            last = () -> stream.error(FlightErrors.toFlight(e));
        } finally {
            end(last);
        }
    }

    private void accept(List<RequestReader.Numbered> requests) {
        List<RequestReader.Numbered> asks = new ArrayList<>();
        for (RequestReader.Numbered numbered : requests) {
            switch (numbered.request()) {
                case Request.Ask _ -> asks.add(numbered);
                case Request.AwaitApplied(var collection, var offset) ->
                    run(numbered, executor.awaitApplied(collection, offset));
                case Request.AdmitWrite(var collection, long bytes) ->
                    run(numbered, executor.admitWrite(collection, bytes));
                case Request.Cancel() -> cancel(numbered.number());
            }
        }
        BatchGroups.of(asks).forEach(this::execute);
    }

    private void run(RequestReader.Numbered control, Mono<Void> work) {
        RunningBatch<RequestReader.Numbered> batch = new RunningBatch<>(List.of(control), this::hasEnded);
        running.put(control.number(), batch);
        batch.start(work, _ -> {}, failure -> refuse(batch, failure), () -> {
            answer(control.number(), new Answer.Done());
            drain.run();
        });
    }

    private void execute(List<RequestReader.Numbered> asks) {
        RunningBatch<RequestReader.Numbered> batch = new RunningBatch<>(asks, this::hasEnded);
        asks.forEach(ask -> running.put(ask.number(), batch));
        batch.start(
                Mono.defer(() -> executor.execute(batch.queries(), batch.withdrawn())),
                hits -> {
                    batch.split(hits, (ask, part) -> answer(ask.number(), new Answer.Found(part)));
                    drain.run();
                },
                failure -> failed(batch, failure),
                () -> {});
    }

    /** A batch of several requests may have failed for one of them: each gets its own answer. */
    private void failed(RunningBatch<RequestReader.Numbered> batch, Throwable failure) {
        if (batch.requests().size() == 1) {
            refuse(batch, failure);
            return;
        }
        for (RequestReader.Numbered ask : batch.requests()) {
            if (!hasEnded(ask)) {
                execute(List.of(ask));
            }
        }
    }

    private void refuse(RunningBatch<RequestReader.Numbered> batch, Throwable failure) {
        Answer refused = new Answer.Refused(FlightErrors.toRefusal(failure));
        batch.requests().forEach(request -> answer(request.number(), refused));
        drain.run();
    }

    private boolean hasEnded(RequestReader.Numbered request) {
        return !running.containsKey(request.number());
    }

    private void answer(long number, Answer answer) {
        if (running.remove(number) != null) {
            waiting.add(new AnswerCursor(number, answer));
        }
    }

    private void cancel(long number) {
        RunningBatch<RequestReader.Numbered> batch = running.remove(number);
        if (batch != null) {
            batch.cancelOne();
        }
    }

    private void end(Runnable last) {
        running.keySet().forEach(this::cancel);
        ending = last;
        drain.run();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends one message of what waits; true when there may be more. */
    private boolean sendMessage() {
        Runnable last = ending;
        if (last != null) {
            return sendLast(last);
        }
        if (waiting.isEmpty() || !stream.isReady()) {
            return false;
        }
        try {
            fill();
            Layout.load(root, columns.columns(), allocator);
            stream.putNext();
        } catch (RuntimeException e) {
            refuseMessage(e);
        }
        root.clear();
        return true;
    }

    private void fill() {
        columns.clear();
        inMessage.clear();
        while (columns.sizeBytes() < limits.bytesPerMessage() && columns.rows() < limits.queriesPerMessage()) {
            AnswerCursor next = waiting.poll();
            if (next == null) {
                return;
            }
            inMessage.add(next);
            if (!next.writeTo(columns, limits.bytesPerMessage())) {
                waiting.add(next);
            }
        }
    }

    /** The message cannot be sent, perhaps for want of memory: those who wait for it learn so by a small one. */
    private void refuseMessage(RuntimeException failure) {
        LOG.warn("answers could not be sent", failure);
        QuiverException refusal = new QuiverException(ErrorCode.UNAVAILABLE, "the answer could not be sent");
        inMessage.stream()
                .filter(answer -> !answer.isRefusal())
                .forEach(answer -> waiting.add(answer.refused(refusal)));
    }

    private boolean sendLast(Runnable last) {
        if (ended.getCount() > 0) {
            waiting.clear();
            root.close();
            last.run();
            ended.countDown();
        }
        return false;
    }
}
