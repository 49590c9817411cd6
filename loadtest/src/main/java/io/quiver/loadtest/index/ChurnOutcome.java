package io.quiver.loadtest.index;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.quiver.loadtest.data.DataSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a churn showed.
 *
 * @param replaced rows that each generation replaced
 */
public record ChurnOutcome(DataSet set, int replaced, List<Generation> generations) {
    public ChurnOutcome {
        generations = List.copyOf(generations);
    }

    /** Points of recall that the last joined graph finds less than the last fresh one, at the narrow width. */
    public double pointsLost() {
        return 100 * (last("fresh").recall() - last("joined").recall());
    }

    /** Share of the time of a build that a join took, on average. */
    public double costOfJoin() {
        return mean("joined") / mean("fresh");
    }

    private Generation last(String graph) {
        return generations.stream()
                .filter(generation -> generation.graph().equals(graph))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    private double mean(String graph) {
        return generations.stream()
                .filter(generation -> generation.graph().equals(graph))
                .mapToDouble(Generation::cpuSeconds)
                .average()
                .orElseThrow();
    }

    /** The last lines of the table. */
    public String summary() {
        return "%s, %,d rows replaced a generation: %.2f points of recall lost, a join costs %.0f %% of a build"
                .formatted(set.name(), replaced, pointsLost(), 100 * costOfJoin());
    }

    /** Writes {@code churn-NAME.json} into a folder. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("data", set.name());
        json.put("rows", set.base().count() / 2);
        json.put("replaced", replaced);
        json.put("points_lost", pointsLost());
        json.put("cost_of_join", costOfJoin());
        json.put("generations", generations.stream().map(Generation::toJson).toList());
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve("churn-" + set.name() + ".json").toFile(), json);
    }
}
