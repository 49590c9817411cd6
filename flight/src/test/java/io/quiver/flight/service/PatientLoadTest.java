package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.log.RecordLimits;
import org.junit.jupiter.api.Test;

class PatientLoadTest extends FlightServerTest {
    /** Room for one batch of the test, so that every other write under way is refused. */
    @Override
    RecordLimits limits() {
        return RecordLimits.DEFAULT.withInFlightBytesMax(5_000);
    }

    @Test
    void anUploadWaitsWhereWritesAreRefusedForNow() {
        load(0, 1, 100);
        assertEquals(20, load(100, 20, 100).size());
        assertEquals(2_100, info().getRecords());
    }
}
