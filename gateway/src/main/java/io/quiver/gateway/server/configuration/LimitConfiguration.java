package io.quiver.gateway.server.configuration;

import io.quiver.flight.FlightLimits;
import io.quiver.gateway.http.RequestLimits;
import io.quiver.gateway.stream.StreamSettings;
import io.quiver.log.RecordLimits;
import io.quiver.log.catalog.CatalogLimits;

/**
 * How much callers may ask, write, make and keep open, beyond the bytes and times of HTTP itself.
 *
 * @param requests over HTTP and streams; their {@code query} also over Flight
 */
public record LimitConfiguration(
        RequestLimits requests,
        RecordLimits records,
        CatalogLimits catalog,
        StreamSettings streams,
        FlightLimits flight) {}
