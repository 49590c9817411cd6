package io.quiver.gateway.server.configuration;

import io.quiver.gateway.trace.SlowQuerySettings;

/**
 * What is logged, and in which form; always on standard error.
 *
 * @param hasRequests whether each request over HTTP gets a line
 * @param slowQueries which queries get one
 */
public record LoggingConfiguration(String level, Format format, boolean hasRequests, SlowQuerySettings slowQueries) {
    /** How a line looks. */
    public enum Format {
        /** One JSON object a line. */
        JSON,
        /** For people. */
        TEXT,
        /** Text on a terminal, else JSON. */
        AUTO
    }
}
