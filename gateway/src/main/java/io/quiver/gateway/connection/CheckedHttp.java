package io.quiver.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Map;

/**
 * Sees requests of HTTP/1.1 between Netty, which takes them apart, and Vert.x: refuses what Netty lets pass though two
 * servers could understand it in two ways, and bodies that are no chunks.
 *
 * <p>Gives Vert.x bodies in memory of the heap's, which it would copy them to anyway. For what waits behind a request
 * that is under way is forgotten, not given back, when the connection ends: whoever sends requests ahead and goes would
 * take the memory of the pool away, piece by piece.
 */
final class CheckedHttp extends ChannelInboundHandlerAdapter {
    /** What Vert.x calls the handler that hands requests on. */
    private static final String VERTX = "handler";

    /** A request could not be read: where it ends, and what is behind it, nobody can tell. */
    private boolean isLost;

    private CheckedHttp() {}

    /** Once a connection of HTTP/1.1. */
    static void addTo(Channel connection) {
        if (connection.pipeline().get(VERTX) != null) {
            connection.pipeline().addBefore(VERTX, null, new CheckedHttp());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isLost) {
            ReferenceCountUtil.release(message);
            return;
        }
        switch (message) {
            case HttpRequest request -> {
                check(request);
                isLost = request.decoderResult().isFailure();
                context.fireChannelRead(request);
            }
            case HttpContent content
            when content.decoderResult().isFailure() -> {
                isLost = true;
                content.release();
                context.channel().attr(WatchedConnection.KEY).get().endWithin(Ending.WRONG_BODY);
            }
            case HttpContent content when content.content().isReadable() -> context.fireChannelRead(owned(content));
            default -> context.fireChannelRead(message);
        }
    }

    /** A request that is marked as wrong goes to whom Vert.x gives such as Netty marked. */
    private static void check(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return;
        }
        boolean isKnown = request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (!isKnown || !areUnambiguous(request)) {
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("an ambiguous head")));
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
        }
    }

    private static boolean areUnambiguous(HttpRequest request) {
        HttpHeaders headers = request.headers();
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        return (hosts == 1 || hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_0))
                && isChunkedAtMost(headers.getAll(HttpHeaderNames.TRANSFER_ENCODING))
                && haveNames(headers);
    }

    private static boolean isChunkedAtMost(List<String> codings) {
        return codings.isEmpty()
                || codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst());
    }

    private static boolean haveNames(HttpHeaders headers) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().isEmpty()) {
                return false;
            }
        }
        return true;
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
