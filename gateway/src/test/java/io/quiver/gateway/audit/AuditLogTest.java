package io.quiver.gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    @TempDir
    Path directory;

    @Test
    void keepsAChainAcrossStarts() throws IOException {
        write(5, 1 << 20, 10);
        write(5, 1 << 20, 10);
        AuditCheck check = AuditCheck.of(directory);
        assertEquals("", check.problem());
        assertEquals(14, check.lines());
        assertEquals(1, AuditFiles.in(directory).size());
    }

    @Test
    void dropsOldFilesAndStillChecks() throws IOException {
        for (int i = 0; i < 6; i++) {
            write(3, 200, 3);
        }
        assertEquals(3, AuditFiles.in(directory).size());
        AuditCheck check = AuditCheck.of(directory);
        assertEquals("", check.problem());
        assertEquals(30, check.lastSequence());
        assertTrue(check.lines() < 30, check.toString());
    }

    @Test
    void findsWhateverWasTamperedWith() throws IOException {
        write(40, 1 << 20, 10);
        Path file = AuditFiles.in(directory).getFirst();
        List<String> sound = Files.readAllLines(file);
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            List<String> tampered = tampered(sound, random);
            Files.write(file, tampered);
            boolean isOnlyShorter =
                    tampered.size() <= sound.size() && tampered.equals(sound.subList(0, tampered.size()));
            assertEquals(isOnlyShorter, AuditCheck.of(directory).isSound(), String.join("\n", tampered));
        }
    }

    /** Changes a letter, drops a line, puts one in twice, exchanges two, or cuts the beginning. */
    private static List<String> tampered(List<String> sound, Random random) {
        List<String> lines = new ArrayList<>(sound);
        int at = random.nextInt(lines.size() - 1);
        switch (random.nextInt(5)) {
            case 0 -> {
                StringBuilder line = new StringBuilder(lines.get(at));
                int letter = random.nextInt(line.length());
                line.setCharAt(letter, line.charAt(letter) == 'a' ? 'b' : 'a');
                lines.set(at, line.toString());
            }
            case 1 -> lines.remove(Math.max(1, at));
            case 2 -> lines.add(at, lines.get(at));
            case 3 -> Collections.swap(lines, at, at + 1);
            default -> lines.set(at, lines.get(at).replaceFirst("\"who\":\"[^\"]*\"", "\"who\":\"nobody\""));
        }
        return lines;
    }

    @Test
    void goesOnAfterACrashInTheMiddleOfALine() throws IOException {
        write(3, 1 << 20, 10);
        Path file = AuditFiles.in(directory).getFirst();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 20));
        write(1, 1 << 20, 10);
        assertEquals("", AuditCheck.of(directory).problem());
        assertTrue(Files.readString(file).contains("half a line was dropped"));
    }

    @Test
    void isNotContinuedWhereItIsDamaged() throws IOException {
        write(3, 1 << 20, 10);
        Path file = AuditFiles.in(directory).getFirst();
        Files.writeString(file, Files.readString(file).replace("who-1", "who-x"));
        var failure = assertThrows(IOException.class, () -> write(1, 1 << 20, 10));
        assertTrue(failure.toString().contains("line 3 is not as it was written"), failure.toString());
    }

    @Test
    void countsWhatItCouldNotTake() throws IOException {
        write(100_000, 1 << 30, 10);
        AuditCheck check = AuditCheck.of(directory);
        assertEquals("", check.problem());
        long lost = Files.readAllLines(AuditFiles.in(directory).getFirst()).stream()
                .filter(line -> line.contains("\"entries lost\""))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*\"object\":\"(\\d+)\".*", "$1")))
                .sum();
        long lostLines = Files.readAllLines(AuditFiles.in(directory).getFirst()).stream()
                .filter(line -> line.contains("\"entries lost\""))
                .count();
        assertEquals(100_002, check.lines() - lostLines + lost);
        assertFalse(check.lines() < 3);
    }

    private void write(int count, long fileBytes, int files) throws IOException {
        var settings = new AuditSettings(directory, AuditSettings.Extent.EVERYTHING, fileBytes, files);
        try (AuditLog log = AuditLog.open(settings, Clock.systemUTC())) {
            for (int i = 0; i < count; i++) {
                log.add(new AuditEntry("who-" + i, "key", "here", "GET /", "\"\u0000\n\u5411", "200"));
            }
        }
    }
}
