package io.quiver.loadtest.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.quiver.loadtest.run.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the measurements of one run, and the facts about it that belong beside them. Belongs to one thread. */
public final class Report {
    private final String title;
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final List<Measurement> measurements = new ArrayList<>();

    public Report(String title) {
        this.title = title;
        fact("machine", "%d cores, Java %s".formatted(Runtime.getRuntime().availableProcessors(), Runtime.version()));
    }

    public void fact(String name, Object value) {
        facts.put(name, value);
    }

    public void add(Measurement measurement) {
        measurements.add(measurement);
    }

    String title() {
        return title;
    }

    Map<String, Object> facts() {
        return facts;
    }

    List<Measurement> measurements() {
        return measurements;
    }

    /** The table that stands on the terminal. */
    public String table() {
        StringBuilder table = new StringBuilder();
        facts.forEach((name, value) -> table.append("%-28s %s%n".formatted(name, value)));
        table.append("%n%-34s %10s %11s %8s %9s %9s %9s %9s %9s %7s%n"
                .formatted(
                        "run",
                        "count",
                        "per second",
                        "recall",
                        "cpu us",
                        "p50 ms",
                        "p90 ms",
                        "p99 ms",
                        "p99.9 ms",
                        "errors"));
        measurements.forEach(measurement -> table.append(row(measurement)));
        return table.toString();
    }

    /** Writes {@code report.json} and {@code report.html} into a folder. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", title);
        json.put("facts", facts);
        json.put("measurements", measurements.stream().map(Measurement::toJson).toList());
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("report.json").toFile(), json);
        Files.writeString(folder.resolve("report.html"), HtmlReport.render(this));
    }

    private static String row(Measurement m) {
        return "%-34s %10d %11.0f %8s %9s %9.3f %9.3f %9.3f %9.3f %7d%n"
                .formatted(
                        m.name(),
                        m.operations(),
                        m.perSecond(),
                        orDash(m.recall(), "%.4f"),
                        orDash(m.serverCpuMicros(), "%.1f"),
                        m.latencyMs(50),
                        m.latencyMs(90),
                        m.latencyMs(99),
                        m.latencyMs(99.9),
                        m.errors());
    }

    static String orDash(double value, String format) {
        return Double.isNaN(value) ? "-" : format.formatted(value);
    }
}
