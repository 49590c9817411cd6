package io.quiver.loadtest.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Java process keeps on its heap: what a full collection leaves. Asking stops the process for that long. */
final class LiveHeap {
    private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");
    private static final double KIB_A_MIB = 1024;
    private static final long PATIENCE_SECONDS = 60;

    private final long pid;

    LiveHeap(long pid) {
        this.pid = pid;
    }

    double mib() throws IOException {
        ask("GC.run");
        Matcher used = USED.matcher(ask("GC.heap_info"));
        if (!used.find()) {
            throw new IOException("the process does not tell of its heap");
        }
        return Long.parseLong(used.group(1)) / KIB_A_MIB;
    }

    private String ask(String command) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(List.of(jcmd, Long.toString(pid), command))
                .redirectErrorStream(true)
                .start();
        try (var out = process.getInputStream()) {
            String answer = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the process cannot be asked: " + answer);
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }
}
