package io.quiver.loadtest.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.quiver.executor.index.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Outcomes of one run: a table each, all of them in {@code index.json}, a plot each. Belongs to one thread. */
public final class ComparisonReport {
    private final Path folder;
    private final List<Outcome> outcomes = new ArrayList<>();

    public ComparisonReport(Path folder) {
        this.folder = folder;
    }

    /** Takes an outcome and writes what there is so far; returns its table. */
    public String add(Outcome outcome) throws IOException {
        outcomes.add(outcome);
        Files.createDirectories(folder);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("index.json").toFile(), toJson());
        CurvePlot.write(outcome, folder.resolve(outcome.name() + ".svg"));
        return OutcomeTable.of(outcome);
    }

    private Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("java", Runtime.version().toString());
        json.put("kernels", Kernels.best().name());
        json.put("data", outcomes.stream().map(Outcome::toJson).toList());
        return json;
    }
}
