package io.quiver.flight.link;

import io.quiver.flight.FlightAddress;

class InProcessExecutorLinkTest extends ExecutorLinkTest {
    @Override
    FlightAddress address() {
        return FlightAddress.inProcess();
    }
}
