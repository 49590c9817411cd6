package io.quiver.gateway.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.quiver.flight.AcceptedSockets;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sees every socket that is accepted before Vert.x does: lets it pass, watched, or turns it away. Belongs to the event
 * loop that accepts.
 */
final class AcceptGuard extends AcceptedSockets {
    /** So many may be told why at the same time; others are just closed, for a flood must not be held open. */
    private static final int FAREWELLS_MAX = 64;

    private static final long FAREWELL_MS = 1_000;

    private final Connections connections;
    private final boolean isEncrypted;
    private final AtomicInteger farewells = new AtomicInteger();

    /** @param isEncrypted callers could not read a reason that is not */
    AcceptGuard(Connections connections, boolean isEncrypted) {
        this.connections = connections;
        this.isEncrypted = isEncrypted;
    }

    @Override
    protected void accepted(ChannelHandlerContext context, Channel socket, InetAddress address) {
        Ending refusal = connections.enter(address);
        if (refusal == null) {
            socket.closeFuture().addListener(_ -> connections.leave(address));
            socket.pipeline().addLast(new WatchedConnection(connections, isEncrypted));
            context.fireChannelRead(socket);
        } else {
            connections.count(refusal);
            refuse(context, socket, refusal);
        }
    }

    private void refuse(ChannelHandlerContext context, Channel socket, Ending refusal) {
        if (isEncrypted || farewells.incrementAndGet() > FAREWELLS_MAX) {
            if (!isEncrypted) {
                farewells.decrementAndGet();
            }
            socket.unsafe().closeForcibly();
            return;
        }
        socket.closeFuture().addListener(_ -> farewells.decrementAndGet());
        socket.pipeline().addLast(new Farewell(refusal));
        ChannelFuture _ = context.channel().eventLoop().register(socket);
    }

    /**
     * Says why, and waits a moment for the caller to read it: a socket that is closed with bytes unread loses what it
     * said.
     */
    private static final class Farewell extends ChannelInboundHandlerAdapter {
        private final Ending why;

        Farewell(Ending why) {
            this.why = why;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            Runnable close = () -> {
                ChannelFuture _ = context.close();
            };
            var _ = context.executor().schedule(close, FAREWELL_MS, TimeUnit.MILLISECONDS);
            context.writeAndFlush(Unpooled.wrappedBuffer(why.answer())).addListener(_ -> {
                if (context.channel() instanceof DuplexChannel socket) {
                    ChannelFuture _ = socket.shutdownOutput();
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            ReferenceCountUtil.release(bytes);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            ChannelFuture _ = context.close();
        }
    }
}
