package io.quiver.gateway.auth;

import static io.quiver.gateway.auth.GuardedServer.COLLECTION;
import static io.quiver.gateway.auth.GuardedServer.DATABASE;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Makes each kind of Flight call with a token, harmlessly, and tells how it was refused. */
@SuppressWarnings("try") // Arrow's clients throw what they like when they are closed
final class FlightProbe implements AutoCloseable {
    private final RootAllocator allocator = new RootAllocator();
    private final FlightClient client;

    FlightProbe(URI server) {
        client = FlightClient.builder(allocator, Location.forGrpcInsecure(server.getHost(), server.getPort()))
                .build();
    }

    /** {@code null} where it was not refused. */
    @Nullable FlightRuntimeException call(@Nullable String token, String operation, String tenant) {
        CallHeaders headers = new FlightCallHeaders();
        if (token != null) {
            headers.insert("authorization", "Bearer " + token);
        }
        try {
            call(operation, tenant, new HeaderCallOption(headers));
            return null;
        } catch (FlightRuntimeException refusal) {
            return refusal;
        }
    }

    private void call(String operation, String tenant, CallOption option) {
        String place = "{\"tenant\":\"%s\",\"database\":\"%s\"".formatted(tenant, DATABASE);
        byte[] json = bytes(place + ",\"collection\":\"" + COLLECTION + "\"}");
        switch (operation) {
            case "ListFlights" ->
                client.listFlights(new Criteria(bytes(place + "}")), option).forEach(_ -> {});
            case "GetFlightInfo" -> client.getInfo(FlightDescriptor.command(json), option);
            case "DoGet" -> get(json, option);
            case "DoGet changes" ->
                get(bytes(place + ",\"collection\":\"" + COLLECTION + "\",\"changes_after\":0}"), option);
            case "list_collections" -> act(operation, bytes(place + "}"), option);
            case "DoPut" -> put(json, option);
            case "DoExchange" -> exchange(json, option);
            case "ListActions" -> client.listActions(option).forEach(_ -> {});
            case "create_collection" -> act(operation, bytes(place + ",\"name\":\"x\"}"), option);
            case "drop_collection" -> act(operation, bytes(place + ",\"collection\":\"ghost\"}"), option);
            default -> act(operation, json, option);
        }
    }

    private void act(String operation, byte[] body, CallOption option) {
        client.doAction(new Action(operation, body), option).forEachRemaining(_ -> {});
    }

    private void get(byte[] json, CallOption option) {
        try (var stream = client.getStream(new Ticket(json), option)) {
            while (stream.next()) {
                stream.getRoot();
            }
        } catch (FlightRuntimeException refusal) {
            throw refusal;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void put(byte[] json, CallOption option) {
        try (var root = VectorSchemaRoot.create(new Schema(List.of()), allocator)) {
            var listener = new AsyncPutListener();
            var put = client.startPut(FlightDescriptor.command(json), root, listener, option);
            put.completed();
            put.getResult();
        }
    }

    private void exchange(byte[] json, CallOption option) {
        try (var exchange = client.doExchange(FlightDescriptor.command(json), option);
                var root = VectorSchemaRoot.create(new Schema(List.of()), allocator)) {
            exchange.getWriter().start(root);
            exchange.getWriter().completed();
            while (exchange.getReader().next()) {
                exchange.getReader().getRoot();
            }
        } catch (FlightRuntimeException refusal) {
            throw refusal;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        allocator.close();
    }
}
