package io.quiver.gateway.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.flight.OpenConnections;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections that are open, all of them and by address. Safe on every thread. Figures: {@code
 * quiver_connections} and {@code quiver_connections_closed_total} by reason.
 */
final class Connections {
    private final ConnectionLimits limits;
    private final OpenConnections open;
    private final Map<Ending, Counter> ended = new EnumMap<>(Ending.class);

    Connections(ConnectionLimits limits, MeterRegistry meters) {
        this.limits = limits;
        this.open = new OpenConnections(limits.connectionsMax(), limits.perAddressMax());
        Gauge.builder("quiver.connections", open, OpenConnections::count)
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
        OpenConnections.Excess excess = open.enter(address);
        return switch (excess) {
            case null -> null;
            case ALL -> Ending.TOO_MANY;
            case OF_ADDRESS -> Ending.TOO_MANY_OF_ADDRESS;
        };
    }

    void leave(InetAddress address) {
        open.leave(address);
    }
}
