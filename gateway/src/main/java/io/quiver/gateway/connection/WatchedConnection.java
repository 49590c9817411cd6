package io.quiver.gateway.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection, seen from below: bytes that come, and requests that begin and end. Ends it where the head of a
 * request takes too long, or nothing is asked for too long. What happens while a request is under way is watched by who
 * answers it, and WebSockets by their streams.
 *
 * <p>Belongs to the event loop of the connection.
 */
final class WatchedConnection extends ChannelInboundHandlerAdapter {
    static final AttributeKey<WatchedConnection> KEY = AttributeKey.valueOf("quiver.connection");

    /** So often a connection is looked after, in the shortest of its times. */
    private static final int LOOKS = 8;

    /** The head of no request has begun. */
    private static final long NONE = 0;

    private final Connections connections;
    private final boolean isEncrypted;
    private @Nullable ChannelHandlerContext self;
    private @Nullable Future<?> looking;
    private long quietSinceNanos = System.nanoTime();
    private long headSinceNanos = NONE;
    private int requests;
    private boolean hasAsked;

    WatchedConnection(Connections connections, boolean isEncrypted) {
        this.connections = connections;
        this.isEncrypted = isEncrypted;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        self = context;
        context.channel().attr(KEY).set(this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        long every = Math.max(1, shortest().toNanos() / LOOKS);
        looking = context.executor().scheduleAtFixedRate(() -> look(context), every, every, TimeUnit.NANOSECONDS);
        context.fireChannelActive();
    }

    private Duration shortest() {
        ConnectionLimits limits = connections.limits();
        return Stream.of(limits.headMax(), limits.idleMax(), limits.keptMax())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (looking != null) {
            looking.cancel(false);
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (requests == 0 && headSinceNanos == NONE) {
            headSinceNanos = now();
        }
        context.fireChannelRead(bytes);
    }

    void requestBegan() {
        requests++;
        hasAsked = true;
        headSinceNanos = NONE;
    }

    void requestEnded() {
        requests--;
        quietSinceNanos = now();
    }

    private void look(ChannelHandlerContext context) {
        if (context.pipeline().get(WebSocketFrameDecoder.class) != null) {
            return;
        }
        Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
        if (http2 == null ? requests > 0 : http2.connection().numActiveStreams() > 0) {
            quietSinceNanos = now();
        } else if (http2 == null && headSinceNanos != NONE) {
            if (isOver(headSinceNanos, connections.limits().headMax())) {
                end(context, Ending.SLOW_HEAD, true);
            }
        } else if (isOver(quietSinceNanos, quietMax())) {
            end(context, Ending.IDLE, false);
        }
    }

    private Duration quietMax() {
        ConnectionLimits limits = connections.limits();
        return hasAsked ? limits.keptMax() : limits.idleMax();
    }

    /** Ends it in the middle of a request, with an answer if that has none yet. */
    void endWithin(Ending why) {
        if (self != null) {
            end(self, why, requests > 0);
        }
    }

    private static boolean isOver(long sinceNanos, Duration most) {
        return System.nanoTime() - sinceNanos > most.toNanos();
    }

    /** From here there is only the socket: what Vert.x has queued, or TLS would add, is not waited for. */
    private void end(ChannelHandlerContext context, Ending why, boolean isAnswered) {
        connections.count(why);
        if (looking != null) {
            looking.cancel(false);
        }
        byte[] answer = isEncrypted || !isAnswered ? new byte[0] : why.answer();
        context.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(ChannelFutureListener.CLOSE);
    }

    private static long now() {
        long nanos = System.nanoTime();
        return nanos == NONE ? 1 : nanos;
    }
}
