package io.quiver.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;

/**
 * Gives Vert.x bodies in memory of the heap's, which it would copy them to anyway. For what waits behind a request that is
 * under way is forgotten, not given back, when the connection ends: whoever sends requests ahead and goes would take the
 * memory of the pool away, piece by piece.
 */
@ChannelHandler.Sharable
final class OwnedContent extends ChannelInboundHandlerAdapter {
    private static final OwnedContent INSTANCE = new OwnedContent();

    /** What Vert.x calls the handler that hands requests on. */
    private static final String VERTX = "handler";

    private OwnedContent() {}

    /** Once a connection of HTTP/1.1. */
    static void addTo(ChannelHandlerContext connection) {
        if (connection.pipeline().get(VERTX) != null) {
            connection.pipeline().addBefore(VERTX, null, INSTANCE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.fireChannelRead(
                message instanceof HttpContent content && content.content().isReadable() ? owned(content) : message);
    }

    private static HttpContent owned(HttpContent content) {
        try {
            ByteBuf bytes = content.content();
            return content.replace(Unpooled.buffer(bytes.readableBytes()).writeBytes(bytes));
        } finally {
            content.release();
        }
    }
}
