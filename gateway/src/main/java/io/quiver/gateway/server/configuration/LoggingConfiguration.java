package io.quiver.gateway.server.configuration;

/** What is logged, and in which form; always on standard error. */
public record LoggingConfiguration(String level, Format format) {
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
