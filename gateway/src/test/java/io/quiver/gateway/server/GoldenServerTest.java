package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.compactor.DirectoryCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The directory of a server of every released version opens, is sound and answers as it did ({@link GoldenServer});
 * one of a newer version is refused, and not touched.
 */
class GoldenServerTest {
    /** Distances are added up in another order by other kernels. */
    private static final double TOLERANCE = 1e-5;

    private static final int NEWER = 99;

    @TempDir
    Path directory;

    private JsonNode answers;

    @BeforeEach
    void unpack() throws IOException {
        answers = GoldenServer.unpack(directory);
    }

    @Test
    void opensIsSoundAndAnswersAsItDid() throws IOException {
        assertTrue(DirectoryCheck.run(directory, (_, _, _) -> {}).isSound());
        try (RunningServer server = RunningServer.start(directory, Map.of())) {
            for (JsonNode question : answers) {
                JsonNode answer = GoldenServer.ask(server.http(), question);
                assertSame(question.get("answer"), answer, question.get("path").asText());
            }
        }
        assertTrue(DirectoryCheck.run(directory, (_, _, _) -> {}).isSound());
    }

    private static void assertSame(JsonNode expected, JsonNode found, String where) {
        if (expected.isFloatingPointNumber()) {
            double tolerance = TOLERANCE * Math.max(1, Math.abs(expected.doubleValue()));
            assertEquals(expected.doubleValue(), found.doubleValue(), tolerance, where);
        } else if (expected.isContainerNode()) {
            assertEquals(expected.getNodeType(), found.getNodeType(), where);
            assertEquals(expected.size(), found.size(), where);
            expected.properties()
                    .forEach(field ->
                            assertSame(field.getValue(), found.path(field.getKey()), where + "." + field.getKey()));
            for (int i = 0; expected.isArray() && i < expected.size(); i++) {
                assertSame(expected.get(i), found.get(i), where + "[" + i + "]");
            }
        } else {
            assertEquals(expected, found, where);
        }
    }

    @Test
    void aNewerLogIsRefusedAndNotTouched() throws IOException {
        Path log = directory.resolve("log/0000000000000001.log");
        byte[] bytes = Files.readAllBytes(log);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(2048 + 8, NEWER).putInt(8, NEWER);
        Files.write(log, bytes);
        assertRefused("format version 99, this server knows 1");
    }

    @Test
    void aNewerCatalogIsRefusedAndNotTouched() throws IOException, SQLException {
        for (String file : List.of("catalog.db", "catalog-copy.db")) {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(file));
                    Statement change = connection.createStatement()) {
                change.execute("UPDATE flyway_schema_history SET version = %d".formatted(NEWER));
            }
        }
        assertRefused("99");
    }

    private void assertRefused(String why) throws IOException {
        Map<String, Long> before = checksums();
        StartException refusal = assertThrows(
                StartException.class,
                () -> RunningServer.start(directory, Map.of()).close());
        assertTrue(String.valueOf(refusal.getMessage()).contains(why), refusal.getMessage());
        Map<String, Long> after = checksums();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((file, sum) -> assertEquals(sum, after.get(file), file));
    }

    /** Of every file but the lock, and what SQLite puts beside a file that it reads. */
    private Map<String, Long> checksums() throws IOException {
        Map<String, Long> sums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().matches(".*(lock|-shm|-wal)"))
                    .forEach(file -> sums.put(directory.relativize(file).toString(), checksum(file)));
        }
        return sums;
    }

    private static long checksum(Path file) {
        try {
            CRC32C sum = new CRC32C();
            sum.update(Files.readAllBytes(file));
            return sum.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
