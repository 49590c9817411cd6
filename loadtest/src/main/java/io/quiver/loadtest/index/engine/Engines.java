package io.quiver.loadtest.index.engine;

import java.util.List;

/** All engines there are, by name. */
public final class Engines {
    private static final List<Engine> ALL = List.of(
            new QuiverEngine(1),
            new CompactEngine(),
            new ExactEngine(),
            new JVectorEngine(16),
            new JVectorEngine(32),
            new LuceneEngine(LucenePrecision.FLOAT),
            new LuceneEngine(LucenePrecision.INT7),
            new LuceneEngine(LucenePrecision.INT4),
            new LuceneEngine(LucenePrecision.BBQ));

    private Engines() {}

    /** Engines whose name begins with one of these: {@code jvector} is all of JVector. */
    public static List<Engine> named(List<String> beginnings) {
        for (String beginning : beginnings) {
            if (ALL.stream().noneMatch(engine -> engine.name().startsWith(beginning))) {
                throw new IllegalArgumentException("no engine is called %s; there are %s"
                        .formatted(beginning, ALL.stream().map(Engine::name).toList()));
            }
        }
        return ALL.stream()
                .filter(engine -> beginnings.stream().anyMatch(engine.name()::startsWith))
                .toList();
    }
}
