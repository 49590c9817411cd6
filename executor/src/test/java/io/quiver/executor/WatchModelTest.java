package io.quiver.executor;

import io.quiver.executor.index.Seeds;
import io.quiver.executor.query.Filter;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Standing queries against a model that looks at every record after every write: the same changes, each once, in the
 * order of the log, also for those who leave and come again.
 *
 * <p>{@code -Dquiver.watchers}, {@code -Dquiver.writes} and {@code -Dquiver.ids} make it larger; of more watchers than
 * {@code -Dquiver.checked} only so many are compared change by change, and the others by what they know in the end.
 */
class WatchModelTest {
    private static final int WATCHERS = Integer.getInteger("quiver.watchers", 60);
    private static final int WRITES = Integer.getInteger("quiver.writes", 600);
    private static final int CHECKED_MAX = Integer.getInteger("quiver.checked", 60);
    private static final int IDS = Integer.getInteger("quiver.ids", 120);
    private static final int DIMENSION = 6;
    /** So many come and go all the time: each of them misses as much in a long run as in a short one. */
    private static final int RESTLESS = Math.min(60, WATCHERS);
    /** Several deltas in a short run, and some dozens in a long one. */
    private static final int DELTA_ROWS = Math.max(200, WRITES / 10);

    private static final int WRITES_AHEAD = 200;
    private static final int BEGINS_AHEAD = 1_000;
    /** Between two looks at what others do, who need the processor. */
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            names = {"L2", "IP"},
            value = Space.class)
    void tellsEveryChangeOnceAndInOrder(Space space) throws Exception {
        Random random = Seeds.random("tellsEveryChangeOnceAndInOrder " + space);
        try (ExecutorFixture fixture = ExecutorFixture.open(directory, ExecutorFixture.smallDeltas(DELTA_ROWS))) {
            CollectionId id = fixture.create("watched", space);
            WatchModel model = new WatchModel(space);
            List<ModelWatcher> watchers = new ArrayList<>();
            for (int i = 0; i < WATCHERS; i++) {
                watchers.add(new ModelWatcher(fixture.executor, query(id, random), i < CHECKED_MAX));
            }
            List<ModelWatcher> checked = watchers.subList(0, Math.min(CHECKED_MAX, WATCHERS));
            checked.forEach(watcher -> model.expect(watcher.query()));
            connect(watchers.subList(RESTLESS / 2, WATCHERS));
            for (int i = 0; i < WRITES; i++) {
                List<Operation> batch = batch(random);
                model.apply(fixture.write(id, batch), batch);
                comeAndGo(random, watchers.subList(0, RESTLESS));
                if (i % WRITES_AHEAD == 0) {
                    Eventually.await(
                            () -> model.haveSeenAll(checked)
                                    && watchers.stream().allMatch(ModelWatcher::hasBegun),
                            () -> "not all watchers have seen all");
                }
            }
            connect(watchers);
            Eventually.await(() -> model.haveSeenAll(checked), () -> "not all watchers have seen all");
            checked.forEach(model::assertSame);
            Eventually.await(() -> watchers.stream().allMatch(model::isCurrent), () -> "not all watchers are current");
            watchers.forEach(ModelWatcher::disconnect);
            Eventually.await(() -> fixture.executor.watchCount() == 0, () -> "there are watches left");
        }
    }

    private static void connect(List<ModelWatcher> watchers) {
        for (int from = 0; from < watchers.size(); from += BEGINS_AHEAD) {
            List<ModelWatcher> some = watchers.subList(from, Math.min(watchers.size(), from + BEGINS_AHEAD));
            some.forEach(ModelWatcher::connect);
            Eventually.await(() -> some.stream().allMatch(ModelWatcher::hasBegun), () -> "not all watchers have begun");
        }
    }

    /** Some begin, some lose their connection, some come again and ask for what they missed. */
    private static void comeAndGo(Random random, List<ModelWatcher> watchers) {
        for (int i = 0; i < 2; i++) {
            ModelWatcher watcher = watchers.get(random.nextInt(watchers.size()));
            if (random.nextInt(3) == 0) {
                watcher.disconnect();
            } else {
                watcher.connect();
            }
        }
    }

    private static StandingQuery query(CollectionId id, Random random) {
        Filter filter = random.nextBoolean() ? Filter.ALL : new Filter.Equals("group", group(random));
        int k = random.nextInt(4) == 0 ? 1 + random.nextInt(60) : 1 + random.nextInt(4);
        return new StandingQuery(id, Embedding.of(WatchModel.embedding(random, DIMENSION)), k, filter, null);
    }

    private static MetadataValue.Scalar group(Random random) {
        return new MetadataValue.Int(random.nextInt(3));
    }

    /** Deletes come in waves, so that reserves are used up. */
    private static List<Operation> batch(Random random) {
        boolean isWave = random.nextInt(12) == 0;
        List<Operation> batch = new ArrayList<>();
        for (int i = 0; i < (isWave ? 25 : 1 + random.nextInt(3)); i++) {
            String id = "r" + random.nextInt(IDS);
            batch.add(isWave ? ExecutorFixture.delete(id) : WatchModel.operation(random, id, group(random), DIMENSION));
        }
        return batch;
    }
}
