package io.quiver.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.server.RunningServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same state at the same offset through every door, whatever has been written and compacted since. */
class TimeTravelDoorsTest {
    private static final int VERSIONS = 60;
    private static final Map<String, String> OFTEN = Map.of("delta.rows-max", "20", "compaction.age-max", "20 ms");

    @TempDir
    Path directory;

    private RunningServer server;
    private HttpGroups http;
    private FlightGroups flight;
    private StreamGroups stream;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.start(directory, OFTEN);
        connect(HttpGroups.create(server.http(), "arrows"));
    }

    private void connect(String collection) {
        http = new HttpGroups(server.http(), collection);
        flight = new FlightGroups(server.flight(), collection);
        stream = new StreamGroups(server.http(), collection);
    }

    @AfterEach
    void stop() throws Exception {
        stream.close();
        flight.close();
        http.close();
        server.close();
    }

    private List<Groups.Reader> readers() {
        return List.of(http::get, http::query, http::search, flight::scan, flight::search, stream::query);
    }

    @Test
    void everyDoorShowsTheStateOfAnOffset() throws Exception {
        List<Long> offsets = new ArrayList<>();
        for (int version = 1; version <= VERSIONS; version++) {
            offsets.add(version % 2 == 0 ? http.write(1, version) : flight.write(1, version));
        }
        for (int version = VERSIONS; version > 0; version -= 7) {
            long offset = offsets.get(version - 1);
            for (Groups.Reader reader : readers()) {
                Seen seen = reader.read(1, "at=" + offset);
                assertEquals(version, seen.value());
                assertEquals(offset, seen.offset());
                assertEquals(VERSIONS, reader.read(1, "strong").value());
                assertEquals(VERSIONS, reader.read(1, "bounded_ms=5").value());
                assertTrue(reader.read(1, "at_least=" + offset).offset() >= offset);
            }
        }
    }

    @Test
    void countsAreThoseOfTheOffset() throws Exception {
        long before = http.write(1, 1);
        long after = flight.write(2, 2);
        http.delete(1);
        assertEquals(Groups.RECORDS, http.count("at=" + before));
        assertEquals(2 * Groups.RECORDS, http.count("at=" + after));
        assertEquals(Groups.RECORDS, flight.count("at=" + before).getLong("count"));
        assertEquals(before, flight.count("at=" + before).getLong("offset"));
        assertEquals(0, http.get(2, "at=" + before).versions().size());
        assertEquals(1, http.get(1, "at=" + before).value());
    }

    /** The newest state is in the cache; that of an offset is asked for each time. */
    @Test
    void theCacheKnowsNoPast() throws Exception {
        long before = http.write(1, 1);
        http.write(1, 2);
        http.query(1, "strong");
        assertTrue(http.query(1, "strong").isFromCache());
        for (int i = 0; i < 3; i++) {
            Seen past = http.query(1, "at=" + before);
            assertEquals(1, past.value());
            assertEquals(false, past.isFromCache());
            assertEquals(2, http.query(1, "strong").value());
        }
    }

    @Test
    void whatIsNotKeptIsRefusedAndTheWindowIsNamed() throws Exception {
        http.write(1, 1);
        long compacted = 0;
        for (int version = 2; compacted < 2; version++) {
            http.write(1, version);
            compacted = http.get(1, "index_only").offset();
        }
        String collection = http.collection();
        stop();
        server = RunningServer.start(directory, OFTEN);
        connect(collection);
        for (Groups.Reader reader : readers()) {
            var refusal = assertThrows(Exception.class, () -> reader.read(1, "at=1"));
            String gone = String.valueOf(refusal.getMessage());
            assertTrue(gone.contains("offset 1 of collection [" + collection + "] is no longer kept"), gone);
            var wrong = assertThrows(Exception.class, () -> reader.read(1, "at=soon"));
            String expected = String.valueOf(wrong.getMessage());
            assertTrue(expected.contains("at_least=OFFSET, at=OFFSET"), expected);
        }
    }
}
