package io.quiver.flight.client;

import io.quiver.flight.FlightAddress;
import java.io.Closeable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * A connection to a server's Flight door. Loaders and searchers made from it must be closed before it; each searcher
 * has a connection of its own.
 */
public final class BulkClient implements Closeable {
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    private final FlightAddress server;
    private final BufferAllocator allocator;
    private final FlightClient client;

    private BulkClient(FlightAddress server, BufferAllocator allocator, FlightClient client) {
        this.server = server;
        this.allocator = allocator;
        this.client = client;
    }

    /** Connects to {@code grpc://host:port}. */
    public static BulkClient connect(URI server) {
        BufferAllocator allocator = new RootAllocator();
        try {
            Location location = Location.forGrpcInsecure(server.getHost(), server.getPort());
            return new BulkClient(
                    new FlightAddress.Tcp(server.getHost(), server.getPort()),
                    allocator,
                    FlightClient.builder(allocator, location)
                            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                            .build());
        } catch (RuntimeException e) {
            allocator.close();
            throw e;
        }
    }

    /** Runs an action of the server, its body and its answers being JSON; returns the last answer. */
    public String act(String action, String json) {
        String answer = "";
        var results = client.doAction(new Action(action, json.getBytes(StandardCharsets.UTF_8)));
        while (results.hasNext()) {
            answer = new String(results.next().getBody(), StandardCharsets.UTF_8);
        }
        return answer;
    }

    /** A stream that loads records into a collection, described by the JSON of {@code docs/flight.md}. */
    public BulkLoader loader(String json, int dimension) {
        return new BulkLoader(client, allocator, command(json), dimension);
    }

    /** A stream that searches a collection, described by the JSON of {@code docs/flight.md}. */
    public BulkSearcher searcher(String json, int dimension) {
        return new BulkSearcher(server, allocator, command(json), dimension);
    }

    private static FlightDescriptor command(String json) {
        return FlightDescriptor.command(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            allocator.close();
        }
    }
}
