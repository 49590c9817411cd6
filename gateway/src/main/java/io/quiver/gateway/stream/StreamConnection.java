package io.quiver.gateway.stream;

import io.quiver.gateway.http.StreamAnswer;
import io.quiver.gateway.http.StreamMessage;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream, from its handshake until it is closed: says what each message means, pings a caller that is silent, and
 * cuts off one that is gone or does not read.
 *
 * <p>Belongs to one event loop, except for {@link #bufferedBytes} and {@link #endWithServer}.
 */
final class StreamConnection {
    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);

    /** So often a connection is looked after, in each of its times. */
    private static final int LOOKS = 4;

    /**
     * So many frames are read in one turn of the event loop: a flood of them must not keep others, or timers, waiting.
     */
    private static final int TURN_FRAMES = 32;

    /** So long a caller may take to hear the farewell, before it is cut off without. */
    private static final long FAREWELL_MS = 1_000;

    private static final Buffer PING = Buffer.buffer();

    private final Context eventLoop;
    private final ServerWebSocket socket;
    private final Runnable sever;
    private final StreamParts parts;
    private final StreamSettings settings;
    private final Consumer<Closing> onCutOff;
    private final Outbox outbox;
    private final Questions questions;
    private final StandingQueries standing;
    private final MessageReader reader;
    private long heardNanos = System.nanoTime();
    private volatile long bufferedBytes;
    private int turnFrames;
    private boolean isClosing;
    private boolean isGone;

    StreamConnection(
            Context eventLoop,
            ServerWebSocket socket,
            Runnable sever,
            Collection collection,
            StreamParts parts,
            Consumer<Closing> onCutOff) {
        this.eventLoop = eventLoop;
        this.socket = socket;
        this.sever = sever;
        this.parts = parts;
        this.settings = parts.settings();
        this.onCutOff = onCutOff;
        this.outbox = new Outbox(eventLoop, socket, settings.creditInitial(), this::goOn);
        this.questions = new Questions(eventLoop, collection, parts, outbox);
        this.standing = new StandingQueries(eventLoop, collection, parts, outbox);
        this.reader = new MessageReader(settings.messageBytesMax(), this::accept, this::cutOff);
    }

    /**
     * @param whenClosed runs once, when the connection is gone, with the number of queries that went unanswered by that
     */
    void open(IntConsumer whenClosed) {
        long timer = eventLoop.owner().setPeriodic(lookMs(), _ -> look());
        socket.frameHandler(this::read);
        socket.pongHandler(_ -> heardNanos = System.nanoTime());
        socket.exceptionHandler(failure -> LOG.debug("a stream has failed", failure));
        socket.closeHandler(_ -> {
            isGone = true;
            eventLoop.owner().cancelTimer(timer);
            int unanswered = questions.unanswered();
            endAll();
            whenClosed.accept(unanswered);
        });
    }

    private void read(WebSocketFrame frame) {
        heardNanos = System.nanoTime();
        if (++turnFrames == TURN_FRAMES) {
            socket.pause();
            eventLoop.runOnContext(_ -> {
                turnFrames = 0;
                socket.resume();
            });
        }
        reader.read(frame);
    }

    private void endAll() {
        questions.endAll();
        standing.endAll();
    }

    private long lookMs() {
        Duration shorter =
                settings.idleMax().compareTo(settings.slowMax()) < 0 ? settings.idleMax() : settings.slowMax();
        return Math.max(1, shorter.toMillis() / LOOKS);
    }

    /** Answers that wait for the caller. On any thread. */
    long bufferedBytes() {
        return bufferedBytes;
    }

    private void goOn() {
        questions.start();
        standing.goOn();
    }

    private void accept(MessageReader.Incoming incoming) {
        if (isClosing) {
            return;
        }
        StreamMessage message = null;
        try {
            message = message(incoming);
            accept(message.read());
        } catch (QuiverException refusal) {
            outbox.reply(StreamAnswer.error(message == null ? null : message.id(), refusal));
        }
        requireReading();
    }

    private StreamMessage message(MessageReader.Incoming incoming) {
        return incoming.isBinary()
                ? StreamMessage.of(parts.vectors().read(incoming.bytes()), parts.limits())
                : new StreamMessage(incoming.bytes(), parts.limits());
    }

    private void accept(StreamMessage message) {
        switch (message.type()) {
            case QUERY -> questions.ask(unused(message));
            case WATCH -> standing.watch(unused(message));
            case CANCEL -> cancel(message.requiredId());
            case CREDIT -> outbox.grant(message.requiredResults());
            case PING -> outbox.reply(StreamAnswer.message("pong", message.id(), _ -> {}));
        }
    }

    /** An id names one exchange at a time. */
    private StreamMessage unused(StreamMessage message) {
        String id = message.requiredId();
        if (questions.has(id) || standing.has(id)) {
            throw new QuiverException(ErrorCode.ALREADY_EXISTS, "The id %s is in use".formatted(id));
        }
        return message;
    }

    private void cancel(String id) {
        if (!questions.cancel(id) && !standing.cancel(id)) {
            throw QuiverException.notFound("Nothing with id %s can be cancelled".formatted(id));
        }
    }

    /** Who sends and sends without reading the replies is cut off before they take more than answers may. */
    private void requireReading() {
        bufferedBytes = outbox.bytes();
        if (bufferedBytes > 2L * settings.bufferedBytesMax()) {
            cutOff(Closing.SLOW);
        }
    }

    private void look() {
        bufferedBytes = outbox.bytes();
        long silentNanos = System.nanoTime() - heardNanos;
        if (outbox.stuckNanos() > settings.slowMax().toNanos()) {
            cutOff(Closing.SLOW);
        } else if (silentNanos > settings.idleMax().toNanos()) {
            cutOff(Closing.SILENT);
        } else if (silentNanos > settings.idleMax().toNanos() / 2) {
            socket.writePing(PING);
        }
    }

    private void cutOff(Closing why) {
        if (!isClosing) {
            onCutOff.accept(why);
            close(why);
        }
    }

    private Future<Void> close(Closing why) {
        isClosing = true;
        endAll();
        eventLoop.owner().setTimer(FAREWELL_MS, _ -> severUnlessClosed());
        return socket.close(why.code(), why.reason());
    }

    private void severUnlessClosed() {
        if (!isGone) {
            LOG.debug("a caller did not take its farewell");
            sever.run();
        }
    }

    /** Completes when the caller has said farewell too. On any thread. */
    Future<Void> endWithServer() {
        Promise<Void> closed = Promise.promise();
        eventLoop.runOnContext(_ -> close(Closing.ENDING).onComplete(closed));
        return closed.future();
    }
}
