package io.quiver.gateway.server.configuration;

/** A setting is wrong; the message says which, where it was set, what was expected and what was found. */
public final class ConfigurationException extends RuntimeException {
    public ConfigurationException(String message) {
        super(message, null, false, false);
    }
}
