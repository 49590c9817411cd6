package io.quiver.gateway.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections that are open, all of them and by address. Safe on every thread. Figures: {@code
 * quiver_connections} and {@code quiver_connections_closed_total} by reason.
 */
final class Connections {
    private static final int NETWORK_BYTES = 8;

    private final ConnectionLimits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final Map<Ending, Counter> ended = new EnumMap<>(Ending.class);

    Connections(ConnectionLimits limits, MeterRegistry meters) {
        this.limits = limits;
        Gauge.builder("quiver.connections", open, AtomicInteger::get)
                .description("HTTP connections that are open")
                .register(meters);
        for (Ending ending : Ending.values()) {
            ended.put(
                    ending,
                    Counter.builder("quiver.connections.closed")
                            .description("HTTP connections that the server ended by itself")
                            .tag("reason", ending.label())
                            .register(meters));
        }
    }

    ConnectionLimits limits() {
        return limits;
    }

    void count(Ending ending) {
        Counter counter = ended.get(ending);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Counts one more, or says why there is no place for it. */
    @Nullable Ending enter(InetAddress address) {
        if (open.incrementAndGet() > limits.connectionsMax()) {
            open.decrementAndGet();
            return Ending.TOO_MANY;
        }
        int ofAddress = byAddress.merge(network(address), 1, Integer::sum);
        if (ofAddress > limits.perAddressMax()) {
            leave(address);
            return Ending.TOO_MANY_OF_ADDRESS;
        }
        return null;
    }

    void leave(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(network(address), (_, count) -> count == 1 ? null : count - 1);
    }

    /** Who has one address of IPv6 has 2^64 of them. */
    private static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
