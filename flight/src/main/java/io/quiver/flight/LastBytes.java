package io.quiver.flight;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that calls which have been closed come to their end: what was sent before waits for room at the caller,
 * and the reason of the end behind it. From a connection that takes nothing at all for too long while a call waits so,
 * no end will come, and it is closed. What says that a connection is alive, or gives it room, is not counted as taken.
 * One for each connection, the last to see what is written on it; belongs to its event loop.
 */
final class LastBytes extends ChannelOutboundHandlerAdapter {
    /** Pings, settings and windows are smaller, encrypted or not. */
    private static final int DATA_MIN = 128;

    private static final Logger LOG = LoggerFactory.getLogger(LastBytes.class);

    private final Duration stallMax;

    /** Closed, and not at their end; some leave on other threads. */
    private final Set<TransportEnd> ending = ConcurrentHashMap.newKeySet();

    private volatile @Nullable ChannelHandlerContext context;
    private long written;
    private long writtenBefore;
    private boolean isWatching;

    LastBytes(Duration stallMax) {
        this.stallMax = stallMax;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void write(ChannelHandlerContext on, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && bytes.readableBytes() >= DATA_MIN) {
            written += bytes.readableBytes();
        }
        var _ = on.write(message, promise);
    }

    /** A call has been closed; any thread. */
    void begin(TransportEnd end) {
        ChannelHandlerContext on = context;
        if (on != null && !on.executor().isShuttingDown()) {
            on.executor().execute(() -> watch(end, on));
        }
    }

    /** The transport has done all that it will for a call. */
    void ended(TransportEnd end) {
        ending.remove(end);
    }

    private void watch(TransportEnd end, ChannelHandlerContext on) {
        if (!end.hasEnded()) {
            ending.add(end);
            if (!isWatching) {
                isWatching = true;
                lookLater(on);
            }
        }
    }

    private void lookLater(ChannelHandlerContext on) {
        writtenBefore = written;
        var _ = on.executor().schedule(() -> look(on), stallMax.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(ChannelHandlerContext on) {
        if (ending.isEmpty()) {
            isWatching = false;
        } else if (written > writtenBefore) {
            lookLater(on);
        } else {
            LOG.debug("{} takes nothing of {} calls that have been closed", on.channel(), ending.size());
            var _ = on.close(); // at once: the handlers above would wait for the calls to end
        }
    }
}
