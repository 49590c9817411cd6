package io.quiver.loadtest.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** That a server of ours has these metrics shows whoever waits for one: {@code CommandsTest} does. */
class SettlingTest {
    private static final String QUIET = """
            # TYPE quiver_delta_rows gauge
            quiver_delta_rows 0.0
            quiver_graph_waiting_count 0.0
            quiver_graph_build_rows_wanted 0.0
            quiver_merge_waiting_count 0.0
            quiver_log_offset 17.0
            """;

    @Test
    void aServerIsQuietWhenItHasNothingToDo() throws IOException {
        assertTrue(Settling.isQuiet(QUIET));
        assertFalse(Settling.isQuiet(QUIET.replace("rows 0.0", "rows 3.0")));
        assertFalse(Settling.isQuiet(QUIET.replace("graph_waiting_count 0.0", "graph_waiting_count 1.0")));
        assertFalse(Settling.isQuiet(QUIET.replace("merge_waiting_count 0.0", "merge_waiting_count 1.0")));
        assertFalse(Settling.isQuiet(QUIET.replace("rows_wanted 0.0", "rows_wanted 5.0E4")));
    }

    @Test
    void aServerThatDoesNotSayIsNotTakenForQuiet() {
        assertThrows(IOException.class, () -> Settling.isQuiet(""));
        assertThrows(IOException.class, () -> Settling.isQuiet(QUIET.replace("quiver_delta_rows", "delta_rows")));
    }
}
