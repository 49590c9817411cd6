package io.quiver.loadtest.index;

import io.quiver.executor.index.RowSearch;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Recall;
import io.quiver.loadtest.index.engine.Corpus;
import io.quiver.loadtest.index.engine.QuiverEngine;
import io.quiver.loadtest.index.engine.QuiverEngine.Graph;
import io.quiver.loadtest.index.engine.QuiverSearcher;
import io.quiver.loadtest.index.engine.Searcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Deletes and inserts, generation after generation: each graph is joined from the one before, and every so often one is
 * built from nothing to compare it with. Half of the data set lives at a time. Belongs to one thread.
 */
public final class Churn {
    private static final List<Integer> WIDTHS = List.of(10, 14, 20, 28, 40, 57, 80);

    /** The narrow width is the first that finds so much before the first delete. */
    private static final double NARROW_RECALL = 0.95;

    private static final int WARM_ROWS = 5_000;

    private final DataSet set;
    private final int generations;
    private final int deaths;
    private final int compareEvery;
    private final Consumer<String> lines;
    private final QuiverEngine engine = new QuiverEngine(1);
    private final List<Generation> measured = new ArrayList<>();
    private int ef = WIDTHS.getLast();

    /**
     * @param share of the living rows that is replaced each time
     * @param compareEvery generations between two graphs that are built from nothing
     * @param lines takes a table, line by line
     */
    public Churn(DataSet set, int generations, double share, int compareEvery, Consumer<String> lines) {
        this.set = set;
        this.generations = generations;
        this.deaths = (int) (share * set.base().count() / 2);
        this.compareEvery = compareEvery;
        this.lines = lines;
    }

    /** Runs all generations. */
    public ChurnOutcome run() {
        warm();
        lines.accept(Generation.HEAD);
        Population population = new Population(set.base().count());
        Corpus corpus = corpus(population);
        double begin = CpuTime.ofProcessSeconds();
        Graph graph = engine.build(corpus);
        double seconds = CpuTime.ofProcessSeconds() - begin;
        ef = narrow(graph);
        add(0, "fresh", seconds, graph, true);
        for (int number = 1; number <= generations; number++) {
            int[] newRows = population.nextGeneration(deaths);
            Corpus next = corpus(population);
            Graph joined = join(number, next, graph, newRows);
            close(graph);
            graph = joined;
        }
        close(graph);
        return new ChurnOutcome(set, deaths, measured);
    }

    /** The first build pays for the compiler. */
    private void warm() {
        try (Corpus corpus = new Corpus(set.head(WARM_ROWS));
                Graph graph = engine.build(corpus)) {
            graph.searcher();
        }
    }

    private Corpus corpus(Population population) {
        Corpus corpus = new Corpus(set.withRows(population.rows(), Searcher.K));
        corpus.rows();
        return corpus;
    }

    private int narrow(Graph graph) {
        return WIDTHS.stream()
                .filter(width -> recall(graph, width) >= NARROW_RECALL)
                .findFirst()
                .orElse(RowSearch.EF_DEFAULT);
    }

    private Graph join(int number, Corpus corpus, Graph older, int[] newRows) {
        double begin = CpuTime.ofProcessSeconds();
        Graph joined = engine.join(corpus, older, newRows);
        boolean isCompared = number % compareEvery == 0 || number == generations;
        add(number, "joined", CpuTime.ofProcessSeconds() - begin, joined, isCompared);
        if (isCompared) {
            compare(number, corpus);
        }
        return joined;
    }

    private void compare(int number, Corpus corpus) {
        double begin = CpuTime.ofProcessSeconds();
        try (Graph fresh = engine.build(corpus)) {
            add(number, "fresh", CpuTime.ofProcessSeconds() - begin, fresh, true);
        }
    }

    private void add(int number, String kind, double cpuSeconds, Graph graph, boolean isWhole) {
        Generation generation = new Generation(
                number,
                kind,
                cpuSeconds,
                ef,
                recall(graph, ef),
                recall(graph, RowSearch.EF_DEFAULT),
                isWhole ? lost(graph) : -1);
        measured.add(generation);
        lines.accept(generation.line());
    }

    private static double recall(Graph graph, int width) {
        DataSet living = graph.corpus().set();
        int[][] found = new int[living.queries().count()][];
        graph.searcher().search(0, found.length, width, found);
        Recall recall = new Recall(living);
        for (int query = 0; query < found.length; query++) {
            recall.add(query, found[query], Searcher.K);
        }
        return recall.value();
    }

    private static int lost(Graph graph) {
        QuiverSearcher searcher = graph.searcher().asking(graph.corpus().set().base());
        int[][] found = new int[graph.corpus().count()][];
        searcher.search(0, found.length, RowSearch.EF_DEFAULT, found);
        int lost = 0;
        for (int row = 0; row < found.length; row++) {
            int own = row;
            lost += Arrays.stream(found[row]).noneMatch(other -> other == own) ? 1 : 0;
        }
        return lost;
    }

    private static void close(Graph graph) {
        graph.close();
        graph.corpus().close();
    }
}
