package io.quiver.flight.link;

import io.quiver.flight.FlightAddress;

class TcpExecutorLinkTest extends ExecutorLinkTest {
    @Override
    FlightAddress address() {
        return new FlightAddress.Tcp("127.0.0.1", 0);
    }
}
