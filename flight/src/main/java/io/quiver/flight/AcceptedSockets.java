package io.quiver.flight;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Sees every socket that a port accepts before its protocol does; what is not a socket of the internet passes by.
 * Belongs to the event loop that accepts.
 */
public abstract class AcceptedSockets extends ChannelInboundHandlerAdapter {
    @Override
    public final void channelRead(ChannelHandlerContext context, Object accepted) {
        if (accepted instanceof Channel socket
                && socket.remoteAddress() instanceof InetSocketAddress from
                && from.getAddress() != null) {
            accepted(context, socket, from.getAddress());
        } else {
            context.fireChannelRead(accepted);
        }
    }

    /** Hands the socket on, or closes it. */
    protected abstract void accepted(ChannelHandlerContext context, Channel socket, InetAddress from);
}
