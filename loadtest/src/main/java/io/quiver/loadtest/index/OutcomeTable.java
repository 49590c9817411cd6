package io.quiver.loadtest.index;

import io.quiver.executor.index.RowSearch;
import io.quiver.loadtest.index.engine.Family;
import java.util.List;
import java.util.stream.Collectors;

/** An outcome as it stands on the terminal. */
final class OutcomeTable {
    private static final double MEGABYTE = 1e6;

    private final StringBuilder text = new StringBuilder();
    private final Outcome outcome;

    private OutcomeTable(Outcome outcome) {
        this.outcome = outcome;
    }

    static String of(Outcome outcome) {
        OutcomeTable table = new OutcomeTable(outcome);
        table.title();
        table.builds();
        table.curves();
        table.families();
        table.defaults();
        table.filters();
        return table.text.toString();
    }

    private void title() {
        line("");
        line("%s: %,d x %d, %s, %,d queries"
                .formatted(outcome.name(), outcome.rows(), outcome.dimension(), outcome.space(), outcome.queries()));
    }

    private void builds() {
        if (outcome.builds().isEmpty()) {
            return;
        }
        line("");
        line("%-24s %9s %9s %10s %12s %10s %9s"
                .formatted("build", "wall s", "cpu s", "rows/s", "rows/cpu s", "index MB", "x raw"));
        for (Build build : outcome.builds()) {
            line("%-24s %9.1f %9.1f %,10.0f %,12.0f %,10.1f %9.2f"
                    .formatted(
                            build.engine(),
                            build.wallSeconds(),
                            build.cpuSeconds(),
                            build.rowsPerSecond(),
                            build.rowsPerCpuSecond(),
                            build.sizeBytes() / MEGABYTE,
                            build.sizeOverRaw()));
        }
        speedUps();
    }

    private void speedUps() {
        List<Build> ours = outcome.builds().stream()
                .filter(build -> build.family() == Family.QUIVER)
                .toList();
        for (Build build : ours.stream().skip(1).toList()) {
            line("%s: %.2f x the speed of one, %s"
                    .formatted(
                            build.engine(),
                            ours.getFirst().wallSeconds() / build.wallSeconds(),
                            outcome.isSameOnAnyThreads() ? "the same bytes" : "OTHER BYTES"));
        }
    }

    private void curves() {
        head("queries/cpu s at recall@10");
        for (Curve curve : outcome.curves()) {
            row(
                    curve.name(),
                    Curve.LEVELS.stream().map(curve::queriesPerSecondAt).toList(),
                    "%,10.0f");
        }
    }

    private void families() {
        head("best of");
        for (Family family : Family.values()) {
            row(family.title(), speeds(family), "%,10.0f");
        }
        ratios(Family.QUIVER, Family.JVECTOR);
        ratios(Family.QUIVER, Family.LUCENE);
        ratios(Family.QUIVER_BATCH, Family.QUIVER);
        ratios(Family.QUIVER_COMPACT, Family.QUIVER);
    }

    private List<Double> speeds(Family family) {
        return Curve.LEVELS.stream().map(level -> outcome.best(family, level)).toList();
    }

    private void ratios(Family over, Family under) {
        List<Double> ratios = Curve.LEVELS.stream()
                .map(level -> outcome.best(over, level) / outcome.best(under, level))
                .toList();
        row(over.title() + " / " + under.title(), ratios, "%9.2fx");
    }

    private void defaults() {
        outcome.curves().stream()
                .filter(curve -> curve.family() == Family.QUIVER)
                .flatMap(curve -> curve.points().stream())
                .filter(point -> point.ef() == RowSearch.EF_DEFAULT)
                .forEach(point -> line("quiver by default (ef %d): recall %.4f, %,.0f queries/cpu s"
                        .formatted(point.ef(), point.recall(), point.queriesPerSecond())));
    }

    private void filters() {
        if (outcome.filters().isEmpty()) {
            return;
        }
        line("");
        line("%-12s %11s %9s %6s %8s %8s %11s %11s %11s %8s"
                .formatted(
                        "filter",
                        "selectivity",
                        "matches",
                        "ef",
                        "recall",
                        "wanted",
                        "queries/s",
                        "unfiltered",
                        "scan",
                        "x needed"));
        outcome.filters()
                .forEach(point -> line("%-12s %11s %,9d %6d %8.4f %8.4f %,11.0f %,11.0f %,11.0f %7.2fx%s"
                        .formatted(
                                point.kind().title(),
                                point.selectivity(),
                                point.matches(),
                                point.ef(),
                                point.recall(),
                                point.recallWanted(),
                                point.queriesPerSecond(),
                                point.unfiltered(),
                                point.scan(),
                                point.speedOverNeeded(),
                                point.isRecallKept() ? "" : " RECALL")));
    }

    private void head(String title) {
        line("");
        line("%-34s".formatted(title)
                + Curve.LEVELS.stream().map(" %10s"::formatted).collect(Collectors.joining()));
    }

    /** Nothing where no value is known. */
    private void row(String name, List<Double> values, String format) {
        if (values.stream().allMatch(value -> value.isNaN())) {
            return;
        }
        line("%-34s".formatted(name)
                + values.stream()
                        .map(value -> value.isNaN() ? " %10s".formatted("-") : " " + format.formatted(value))
                        .collect(Collectors.joining()));
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }
}
