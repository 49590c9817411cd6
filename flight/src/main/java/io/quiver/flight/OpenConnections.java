package io.quiver.flight;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one door, all of them and by address, or by network of IPv6 (its first 64 bits). Safe on
 * every thread.
 */
public final class OpenConnections {
    private static final int NETWORK_BYTES = 8;

    /** Of what there are too many. */
    public enum Excess {
        ALL,
        OF_ADDRESS
    }

    private final int max;
    private final int perAddressMax;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    public OpenConnections(int max, int perAddressMax) {
        this.max = max;
        this.perAddressMax = perAddressMax;
    }

    /** Counts one more, or says why there is no place for it. */
    public @Nullable Excess enter(InetAddress address) {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            return Excess.ALL;
        }
        int ofAddress = byAddress.merge(network(address), 1, Integer::sum);
        if (ofAddress > perAddressMax) {
            leave(address);
            return Excess.OF_ADDRESS;
        }
        return null;
    }

    public void leave(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(network(address), (_, count) -> count == 1 ? null : count - 1);
    }

    public int count() {
        return open.get();
    }

    /** Who has one address of IPv6 has 2^64 of them. */
    private static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
