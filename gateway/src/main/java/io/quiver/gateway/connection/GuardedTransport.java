package io.quiver.gateway.connection;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;

/**
 * The fastest transport that there is on this machine, with a guard where servers accept. Safe on every thread.
 */
public final class GuardedTransport implements Transport {
    private final Transport transport;
    private final Connections connections;

    private GuardedTransport(Transport transport, Connections connections) {
        this.transport = transport;
        this.connections = connections;
    }

    /** For one Vert.x, and so for all its servers together. */
    public static io.vertx.core.transport.Transport of(ConnectionLimits limits, MeterRegistry meters) {
        io.vertx.core.transport.Transport fastest = fastest();
        Transport guarded = new GuardedTransport(fastest.implementation(), new Connections(limits, meters));
        return new Named(fastest.name(), guarded);
    }

    private static io.vertx.core.transport.Transport fastest() {
        io.vertx.core.transport.Transport ofMachine = io.vertx.core.transport.Transport.nativeTransport();
        return ofMachine != null && ofMachine.available() ? ofMachine : io.vertx.core.transport.Transport.NIO;
    }

    /** Called when it is known which version of HTTP a connection speaks. */
    public static void check(HttpConnection connection) {
        if (connection instanceof ConnectionBase base
                && base.channel().pipeline().get(Http2ConnectionHandler.class) == null) {
            CheckedHttp.addTo(base.channel());
        }
    }

    /** The connection of a request is not idle until its answer has ended. */
    public static void watch(HttpServerRequest request) {
        WatchedConnection watched = request.connection() instanceof ConnectionBase connection
                ? connection.channel().attr(WatchedConnection.KEY).get()
                : null;
        if (watched != null) {
            watched.requestBegan();
            request.response().endHandler(_ -> watched.requestEnded());
        }
    }

    private record Named(String name, Transport implementation) implements io.vertx.core.transport.Transport {
        @Override
        public boolean available() {
            return implementation.isAvailable();
        }

        @Override
        public Throwable unavailabilityCause() {
            return implementation.unavailabilityCause();
        }
    }

    @Override
    public void configure(NetServerOptions options, boolean isDomainSocket, ServerBootstrap server) {
        transport.configure(options, isDomainSocket, server);
        server.handler(new AcceptGuard(connections, options.isSsl()));
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean isDomainSocket, Bootstrap client) {
        transport.configure(options, connectTimeout, isDomainSocket, client);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        transport.configure(channel, options);
    }

    @Override
    public boolean supportsDomainSockets() {
        return transport.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return transport.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return transport.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return transport.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return transport.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return transport.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return transport.datagramChannel();
    }

    @Override
    @SuppressWarnings("deprecation") // the type that Vert.x still asks with
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return transport.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean isDomainSocket) {
        return transport.channelFactory(isDomainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean isDomainSocket) {
        return transport.serverChannelFactory(isDomainSocket);
    }
}
