package io.quiver.gateway.http;

import io.quiver.gateway.auth.Access;
import io.quiver.gateway.auth.Caller;
import io.quiver.gateway.auth.Presented;
import io.quiver.gateway.stream.StreamSettings;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a stream whose handshake showed no credential, {@code {"type": "auth", "token": "..."}}: until
 * it has come nothing is looked up, so that nobody learns what there is, and whoever does not send it soon is cut off.
 *
 * <p>Belongs to the connection's event loop.
 */
final class StreamIntroduction {
    static final short REFUSED = 4401;

    private static final String TYPE = "auth";

    private final Exchange exchange;
    private final CollectionFinder finder;
    private final ServerWebSocket socket;
    private final Consumer<Collection> onKnown;
    private final long timer;
    private @Nullable String type;
    private @Nullable String token;
    private @Nullable Caller caller;

    private StreamIntroduction(
            Exchange exchange, CollectionFinder finder, ServerWebSocket socket, Consumer<Collection> onKnown) {
        this.exchange = exchange;
        this.finder = finder;
        this.socket = socket;
        this.onKnown = onKnown;
        this.timer = exchange.eventLoop()
                .owner()
                .setTimer(exchange.parts().settings().timeout().toMillis(), _ -> refuse(late()));
    }

    /** @param onKnown runs on the event loop with the collection of the path, if the caller may stream it */
    static void expect(
            Exchange exchange, CollectionFinder finder, ServerWebSocket socket, Consumer<Collection> onKnown) {
        StreamIntroduction introduction = new StreamIntroduction(exchange, finder, socket, onKnown);
        socket.frameHandler(introduction::read);
        socket.closeHandler(_ -> introduction.stopWaiting());
    }

    private void read(WebSocketFrame frame) {
        if (frame.isPing() || frame.isClose()) {
            return;
        }
        stopWaiting();
        socket.pause();
        socket.frameHandler(null);
        try {
            Access access = introduced(frame);
            Reactive.future(finder.byId(exchange, access), exchange.eventLoop(), _ -> {})
                    .onSuccess(collection -> goOn(access, collection))
                    .onFailure(this::refuse);
        } catch (QuiverException refusal) {
            note(refusal);
            refuse(refusal);
        }
    }

    private void goOn(Access access, Collection collection) {
        Doorkeeper.introduced(exchange, access);
        onKnown.accept(collection);
        socket.resume();
    }

    private Access introduced(WebSocketFrame frame) {
        if (!frame.isText()
                || !frame.isFinal()
                || frame.binaryData().length() > StreamSettings.INTRODUCTION_BYTES_MAX) {
            throw unknown();
        }
        byte[] text = frame.binaryData().getBytes();
        new JsonCursor(new RequestBody(text, text.length, RequestLimits.DEFAULT)).readObject(this::readField);
        if (!TYPE.equals(type) || token == null) {
            throw unknown();
        }
        String from = Doorkeeper.from(exchange.request());
        caller = exchange.parts().gatekeeper().identify(new Presented(token, from, null));
        Access access = new Access(caller, exchange.access().requirement());
        access.require(exchange.parameters());
        return access;
    }

    private boolean readField(String name, JsonCursor in) {
        switch (name) {
            case "type" -> type = in.value(name).text();
            case "token" -> token = in.value(name).text();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void note(QuiverException refusal) {
        exchange.parts()
                .audit()
                .refused(
                        caller,
                        Doorkeeper.from(exchange.request()),
                        "GET request",
                        exchange.object(),
                        refusal.code().name());
    }

    private void refuse(Throwable failure) {
        if (!socket.isClosed()) {
            socket.writeTextMessage(StreamAnswer.error(null, failure));
            socket.resume();
            socket.close(REFUSED, "who asks was not said, or may not");
        }
    }

    private void stopWaiting() {
        exchange.eventLoop().owner().cancelTimer(timer);
    }

    private static QuiverException unknown() {
        return new QuiverException(
                ErrorCode.UNAUTHENTICATED,
                "A stream without a credential in its headers begins with a message of type auth");
    }

    private static QuiverException late() {
        return new QuiverException(ErrorCode.UNAUTHENTICATED, "Nobody said in time who asks");
    }
}
