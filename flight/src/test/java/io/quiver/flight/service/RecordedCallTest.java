package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.flight.client.CallSender;
import io.quiver.flight.client.RecordedCall;
import io.quiver.log.RecordLimits;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // closing may be interrupted
class RecordedCallTest {
    @TempDir
    Path directory;

    private final BlockingQueue<Optional<QuiverException>> ends = new ArrayBlockingQueue<>(10);

    private static RecordedCall call(String collection) {
        return RecordedCall.of("{\"collection\":\"%s\"}".formatted(collection), new float[] {1, 2, 3, 4}, 2);
    }

    private Optional<QuiverException> end(CallSender sender, RecordedCall call) throws InterruptedException {
        sender.send(call, refusal -> ends.add(Optional.ofNullable(refusal)));
        Optional<QuiverException> end = ends.poll(10, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("the call has not ended");
        }
        return end;
    }

    @Test
    void isAnsweredOrRefusedEachTimeThatItIsSent() throws IOException, InterruptedException {
        try (RunningServer server = new RunningServer(directory, Duration.ofSeconds(1), RecordLimits.DEFAULT);
                CallSender sender = CallSender.to(URI.create("grpc://127.0.0.1:" + server.flight.port()), 2)) {
            server.create("films");
            RecordedCall known = call("films");
            for (int i = 0; i < 3; i++) {
                assertEquals(Optional.empty(), end(sender, known));
            }
            assertEquals(
                    ErrorCode.NOT_FOUND,
                    end(sender, call("books")).orElseThrow().code());
        }
    }
}
