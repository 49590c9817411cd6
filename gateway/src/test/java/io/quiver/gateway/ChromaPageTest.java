package io.quiver.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The page about Chroma's API names tests that exist, and one for each recorded answer. */
class ChromaPageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)(?:#(\\w+))?`");
    private static final int FIXTURES = 28;

    @Test
    void namesTestsThatExist() throws IOException {
        Map<String, Path> tests = tests();
        List<String> missing = new ArrayList<>();
        List<MatchResult> named = NAMED.matcher(page()).results().toList();
        assertTrue(named.size() > FIXTURES, "the page names only " + named.size());
        for (MatchResult each : named) {
            if (!isThere(tests.get(each.group(1)), each.group(2))) {
                missing.add(each.group());
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void hasALineForEachRecordedAnswer() throws IOException {
        List<String> lines = page().lines().toList();
        List<Integer> missing = IntStream.rangeClosed(1, FIXTURES)
                .filter(i -> lines.stream()
                        .noneMatch(line -> line.startsWith("| F" + i + " |")
                                && NAMED.matcher(line).find()))
                .boxed()
                .toList();
        assertEquals(List.of(), missing);
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/chroma.md"));
    }

    private static Map<String, Path> tests() throws IOException {
        Map<String, Path> tests = new HashMap<>();
        for (String module : List.of("log", "executor", "compactor", "flight", "gateway", "loadtest")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith("Test.java"))
                        .forEach(file -> tests.put(name(file), file));
            }
        }
        return tests;
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ".java".length());
    }

    private static boolean isThere(@Nullable Path file, @Nullable String method) throws IOException {
        return file != null && (method == null || Files.readString(file).contains("void " + method + "("));
    }
}
