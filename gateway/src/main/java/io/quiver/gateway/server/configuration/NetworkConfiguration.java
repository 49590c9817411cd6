package io.quiver.gateway.server.configuration;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;

/**
 * Where the server listens, and how much it reads.
 *
 * @param host name or address
 * @param httpPort 0 for a free one
 * @param flightPort 0 for a free one
 * @param isInsecure the operator accepts that everyone who reaches the address may do everything
 * @param origins whose web pages may use the server
 * @param http what callers over HTTP may take of it
 * @param eventLoops threads that read and write HTTP
 */
public record NetworkConfiguration(
        String host,
        int httpPort,
        int flightPort,
        boolean isInsecure,
        Set<String> origins,
        HttpLimits http,
        int eventLoops) {
    public NetworkConfiguration {
        origins = Set.copyOf(origins);
        if (httpPort != 0 && httpPort == flightPort) {
            throw new ConfigurationException("http-port and flight-port must differ, both are " + httpPort);
        }
        if (eventLoops < 1) {
            throw new IllegalArgumentException("event loops must be at least 1, not " + eventLoops);
        }
    }

    /** Whether only this machine reaches the doors. */
    boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigurationException("host must be an address of this machine, not '%s'".formatted(host));
        }
    }
}
