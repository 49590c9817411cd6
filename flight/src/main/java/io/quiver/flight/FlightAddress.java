package io.quiver.flight;

import io.grpc.inprocess.InProcessServerBuilder;

/** Where a Flight service is. */
public sealed interface FlightAddress {
    /** In this process, by gRPC's in-process transport. */
    record InProcess(String name) implements FlightAddress {}

    /** On a port; 0 takes a free one. */
    record Tcp(String host, int port) implements FlightAddress {
        public Tcp {
            if (port < 0 || port > 0xFFFF) {
                throw new IllegalArgumentException("port must lie in 0..65535, not " + port);
            }
        }
    }

    /** An address in this process that nobody else has. */
    static FlightAddress inProcess() {
        return new InProcess(InProcessServerBuilder.generateName());
    }
}
