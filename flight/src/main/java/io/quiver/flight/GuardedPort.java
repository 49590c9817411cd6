package io.quiver.flight;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.quiver.executor.PromptThreads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port for callers from outside of the process: so many connections and no more, each of which must say something,
 * keep alive, and not take back what it asks too often. One too many is closed without a word: gRPC's clients take back
 * and ask anew, a thousand times a second, what is refused by a GOAWAY. Owns its event loops.
 */
final class GuardedPort implements AutoCloseable {
    /** How long the greetings of TLS and HTTP/2 may take. */
    static final Duration GREETING_MAX = Duration.ofSeconds(10);

    /**
     * A connection with nothing to say is asked after so long whether it is still there, and closed after so long
     * without an answer.
     */
    private static final Duration SILENCE_MAX = Duration.ofMinutes(1);

    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    /** Who asks more often whether we are there is told to calm down. */
    private static final Duration PINGS_EVERY = Duration.ofSeconds(10);

    private static final Duration TELL_EVERY = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(GuardedPort.class);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            PromptThreads.of(new DefaultThreadFactory("flight-port", true)),
            NioIoHandler.newFactory());
    private final FlightLimits limits;
    private final OpenConnections open;
    private final Map<SocketAddress, LastBytes> connections = new ConcurrentHashMap<>();
    private final AtomicLong told = new AtomicLong(System.nanoTime() - TELL_EVERY.toNanos());

    GuardedPort(FlightLimits limits) {
        this.limits = limits;
        this.open = new OpenConnections(limits.connectionsMax(), limits.connectionsPerAddressMax());
    }

    NettyServerBuilder at(InetSocketAddress address) {
        return NettyServerBuilder.forAddress(address)
                .channelFactory(this::guarded)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addStreamTracerFactory(new TransportEnd.Factory())
                .handshakeTimeout(GREETING_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(limits.idleMax().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(PINGS_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                .maxRstFramesPerWindow(
                        limits.resetsMax(),
                        Math.toIntExact(limits.resetsWindow().toSeconds()))
                .maxInboundMessageSize(limits.messageBytesMax())
                .maxInboundMetadataSize(limits.headerBytesMax());
    }

    /** Of a caller's address; {@code null} where it has gone. */
    @Nullable LastBytes connection(SocketAddress caller) {
        return connections.get(caller);
    }

    private ServerChannel guarded() {
        NioServerSocketChannel port = new NioServerSocketChannel();
        port.pipeline().addLast(new Guard());
        return port;
    }

    /** The server has ended. */
    @Override
    public void close() {
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Sees every socket that is accepted before gRPC does. */
    private final class Guard extends AcceptedSockets {
        @Override
        protected void accepted(ChannelHandlerContext context, Channel socket, InetAddress from) {
            OpenConnections.Excess excess = open.enter(from);
            if (excess == null) {
                SocketAddress caller = socket.remoteAddress();
                LastBytes last = new LastBytes(limits.stallMax());
                socket.pipeline().addFirst(last);
                connections.put(caller, last);
                socket.closeFuture().addListener(_ -> {
                    connections.remove(caller);
                    open.leave(from);
                });
                context.fireChannelRead(socket);
            } else {
                tell(from, excess);
                socket.unsafe().closeForcibly();
            }
        }
    }

    /** Operators are told, now and then; a caller sees that nobody is there. */
    private void tell(InetAddress address, OpenConnections.Excess excess) {
        long now = System.nanoTime();
        long last = told.get();
        if (now - last > TELL_EVERY.toNanos() && told.compareAndSet(last, now)) {
            String reason = switch (excess) {
                case ALL -> "flight.connections-max are open";
                case OF_ADDRESS -> "flight.connections-per-address-max from this address are open";
            };
            LOG.warn("A Flight connection from {} is turned away: {}", address.getHostAddress(), reason);
        }
    }
}
