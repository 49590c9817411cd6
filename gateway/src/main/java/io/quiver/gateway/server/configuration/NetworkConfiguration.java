package io.quiver.gateway.server.configuration;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * Where the server listens, and how much it reads.
 *
 * @param host name or address, checked to be loopback unless {@code isInsecure}
 * @param httpPort 0 for a free one
 * @param flightPort 0 for a free one
 * @param isInsecure the operator accepts that everyone who reaches the address may do everything
 * @param stallMax how long a caller may take nothing of its answer
 * @param eventLoops threads that read and write HTTP
 */
public record NetworkConfiguration(
        String host,
        int httpPort,
        int flightPort,
        boolean isInsecure,
        int bodyBytesMax,
        Duration idleTimeout,
        Duration stallMax,
        int eventLoops) {
    public NetworkConfiguration {
        if (!isInsecure && !isLoopback(host)) {
            throw new ConfigurationException(
                    "host must be a loopback address, not '%s': this release knows no authentication, ".formatted(host)
                            + "so whoever reaches the server may do everything. Add --insecure if that is wanted");
        }
        if (httpPort != 0 && httpPort == flightPort) {
            throw new ConfigurationException("http-port and flight-port must differ, both are " + httpPort);
        }
        if (eventLoops < 1) {
            throw new IllegalArgumentException("event loops must be at least 1, not " + eventLoops);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ConfigurationException("host must be an address of this machine, not '%s'".formatted(host));
        }
    }
}
