package io.quiver.flight.link;

import io.quiver.flight.FlightPeer;
import io.quiver.flight.codec.Layout;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.flight.FlightClient.ClientStreamListener;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/**
 * The asking end of one link, from its first message until the stream breaks.
 *
 * <p>Requests come on any thread; whoever comes when nobody sends, sends. One virtual thread reads the answers and
 * completes requests. Once the stream has ended nothing can be sent, and every request has failed.
 */
final class LinkExchange {
    private static final FlightDescriptor DESCRIPTOR = FlightDescriptor.path("quiver", "link");
    private static final Logger LOG = LoggerFactory.getLogger(LinkExchange.class);

    private final FlightPeer peer;
    private final BufferAllocator allocator;
    private final LinkLimits limits;
    private final ExchangeReaderWriter call;
    private final ClientStreamListener stream;
    private final RequestColumns columns = new RequestColumns();
    private final VectorSchemaRoot root;
    private final MessagesUnderWay underWay;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, PendingRequest> pending = new ConcurrentHashMap<>();
    private final Queue<PendingRequest> asks = new ConcurrentLinkedQueue<>();
    private final Queue<PendingRequest> controls = new ConcurrentLinkedQueue<>();
    private final Queue<Long> cancelled = new ConcurrentLinkedQueue<>();
    private final Drain drain = new Drain(this::sendMessage);
    private volatile @Nullable QuiverException ended;
    private boolean isClosed;

    LinkExchange(FlightPeer peer, BufferAllocator allocator, LinkLimits limits) {
        this.allocator = allocator;
        this.limits = limits;
        this.underWay = new MessagesUnderWay(limits.messagesUnderWay());
        this.root = VectorSchemaRoot.create(columns.schema(), allocator);
        this.peer = peer;
        this.call = peer.exchange(DESCRIPTOR);
        this.stream = call.getWriter();
        stream.setUseZeroCopy(true);
        stream.start(root);
    }

    /** Sends a request, at once where there is room, and completes {@code sink} with its answer. */
    void submit(Request request, MonoSink<Answer> sink) {
        if (pending.size() >= limits.requestsMax()) {
            sink.error(new QuiverException(
                    ErrorCode.UNAVAILABLE, "%d requests wait for the executor".formatted(limits.requestsMax())));
            return;
        }
        PendingRequest added = new PendingRequest(numbers.incrementAndGet(), request, sink);
        pending.put(added.number(), added);
        sink.onCancel(() -> cancel(added));
        (added.isAsk() ? asks : controls).add(added);
        drain.run();
        QuiverException end = ended;
        if (end != null) {
            fail(added, end);
        }
    }

    /** The stream has room again. */
    void ready() {
        drain.run();
    }

    /** Reads answers until the stream ends, then fails what is left; runs on a thread of its own. */
    void read(Runnable onAnswer) {
        QuiverException end = unavailable("the executor has ended the link");
        try {
            FlightStream answers = call.getReader();
            while (peer.next(answers)) {
                accept(new AnswerReader(answers.getRoot()));
                onAnswer.run();
            }
        } catch (RuntimeException e) {
            LOG.debug("a link has broken", e);
            end = unavailable("the link to the executor has broken: " + e.getMessage());
        } finally {
            end(end);
            closeCall();
        }
    }

    /** Ends the stream; the reading thread then fails what is under way. */
    void close() {
        call.getReader().cancel("the link is closed", null);
    }

    private void accept(AnswerReader answers) {
        for (int row = 0; row < answers.rows(); row++) {
            PendingRequest request = pending.get(answers.request(row));
            if (request != null) {
                accept(request, answers, row);
            }
        }
        drain.run();
    }

    private void accept(PendingRequest request, AnswerReader answers, int row) {
        QuiverException refusal = answers.refusal(row);
        if (refusal != null) {
            fail(request, refusal);
        } else if (request.accept(answers, row) && pending.remove(request.number()) != null) {
            request.succeed();
        }
    }

    private void cancel(PendingRequest request) {
        if (pending.remove(request.number()) != null) {
            request.end();
            cancelled.add(request.number());
            drain.run();
        }
    }

    private void fail(PendingRequest request, QuiverException failure) {
        if (pending.remove(request.number()) != null) {
            request.fail(failure);
        }
    }

    private void end(QuiverException failure) {
        ended = failure;
        drain.run();
        pending.values().forEach(request -> fail(request, failure));
    }

    /** Sends one message of what waits; true when there may be more. */
    private boolean sendMessage() {
        if (ended != null) {
            closeRoot();
            return false;
        }
        if (!stream.isReady()) {
            return false;
        }
        try {
            return fill() && send();
        } catch (RuntimeException e) {
            LOG.warn("a message to the executor could not be sent", e);
            close();
            return false;
        }
    }

    private boolean send() {
        Layout.load(root, columns.columns(), allocator);
        stream.putNext();
        root.clear();
        return true;
    }

    private boolean fill() {
        columns.clear();
        addCancelled();
        addWaiting(controls, null);
        if (!asks.isEmpty()) {
            if (underWay.mayStart()) {
                addWaiting(asks, underWay.start());
            } else {
                drain.runLater(MessagesUnderWay.SLOW);
            }
        }
        return columns.rows() > 0;
    }

    private void addCancelled() {
        Long number = cancelled.poll();
        while (number != null) {
            columns.add(number, new Request.Cancel());
            number = cancelled.poll();
        }
    }

    private void addWaiting(Queue<PendingRequest> waiting, MessagesUnderWay.@Nullable Message message) {
        while (columns.rows() < limits.queriesPerMessage() && columns.sizeBytes() < limits.bytesPerMessage()) {
            PendingRequest next = waiting.poll();
            if (next == null) {
                return;
            }
            if (pending.containsKey(next.number())) {
                add(next, message);
            }
        }
    }

    private void add(PendingRequest next, MessagesUnderWay.@Nullable Message message) {
        if (message != null) {
            next.sentIn(message);
        }
        columns.add(next.number(), next.request());
    }

    private void closeRoot() {
        if (!isClosed) {
            isClosed = true;
            root.close();
        }
    }

    private void closeCall() {
        try {
            call.close();
        } catch (Exception e) {
            LOG.debug("a broken link did not close cleanly", e);
        }
    }

    private static QuiverException unavailable(String message) {
        return new QuiverException(ErrorCode.UNAVAILABLE, message);
    }
}
