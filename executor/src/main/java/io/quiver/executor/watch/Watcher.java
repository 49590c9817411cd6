package io.quiver.executor.watch;

import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.log.LogEntry;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * Keeps all standing queries of one executor: the thread, and the queue of what it has to look at.
 *
 * <p>{@link #applied} and {@link #gone} belong to the applying thread and return at once; {@link #watch} is safe on
 * every thread. Owns its thread and the views in its queue.
 */
public final class Watcher implements Watches, AutoCloseable {
    /** Events that wait for one watcher. */
    public static final int EVENTS_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final int WATCHES_MAX = 100_000;
    private static final int NOTES_MAX = 16_384;
    private static final int IDS_MAX = 1 << 20;
    private static final int NOTES_AT_ONCE = 256;

    /** Entries of the log, of all collections, that are read again for one watch. */
    private static final long REPLAYED_MAX = 50_000;

    private static final Duration REPLAY_MAX = Duration.ofSeconds(10);

    private final WatchSource source;
    private final OffHeapBudget budget;
    private final Map<CollectionId, WatchedCollection> collections = new ConcurrentHashMap<>();
    private final BlockingQueue<Note> notes = new ArrayBlockingQueue<>(NOTES_MAX);
    private final Queue<Runnable> controls = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingIds = new AtomicLong();
    private final AtomicInteger watchCount = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().name("watcher").unstarted(this::run);
    private volatile boolean isClosed;

    public Watcher(WatchSource source, OffHeapBudget budget) {
        this.source = source;
        this.budget = budget;
        thread.start();
    }

    /** Standing queries now. */
    public int watchCount() {
        return watchCount.get();
    }

    @Override
    public Flux<WatchEvent> watch(StandingQuery query) {
        return Flux.defer(() -> {
            if (watchCount.incrementAndGet() > WATCHES_MAX) {
                watchCount.decrementAndGet();
                return Flux.error(new QuiverException(
                        ErrorCode.RESOURCE_EXHAUSTED, "There are %d standing queries already".formatted(WATCHES_MAX)));
            }
            WatchedCollection collection =
                    collections.computeIfAbsent(query.collection(), id -> new WatchedCollection(id, budget));
            Watch watch = new Watch(query);
            source.onApplyingThread(() -> begin(collection, watch));
            return watch.flux(() -> control(() -> collection.catchUp(watch)), () -> ended(collection, watch));
        });
    }

    private void ended(WatchedCollection collection, Watch watch) {
        watchCount.decrementAndGet();
        control(() -> collection.end(watch));
    }

    // ---- on the applying thread ----

    private void begin(WatchedCollection collection, Watch watch) {
        try {
            collection.expect();
            leave(new Note.Begin(collection, source.view(collection.id()), watch));
        } catch (QuiverException refusal) {
            collection.expectNoMore();
            watch.fail(refusal);
        }
    }

    /** An entry has been applied, and nothing after it. */
    public void applied(LogEntry entry) {
        WatchedCollection collection = collections.get(entry.collection());
        if (collection == null || !collection.isWatched() || collection.isLost()) {
            return;
        }
        try {
            leave(collection, entry, source.view(entry.collection()));
        } catch (QuiverException damaged) {
            gone(entry.collection(), damaged);
        }
    }

    private void leave(WatchedCollection collection, LogEntry entry, WatchedView view) {
        try {
            leave(new Note.Applied(collection, view, deleted(entry)));
        } catch (QuiverException full) {
            collection.lost(true);
            LOG.warn("Watches of collection {} get their answers anew: {}", entry.collection(), full.getMessage());
        }
    }

    private static List<String> deleted(LogEntry entry) {
        return entry.operations().stream()
                .filter(Operation.Delete.class::isInstance)
                .map(Operation::id)
                .toList();
    }

    /** The collection cannot be watched any more. */
    public void gone(CollectionId id, QuiverException reason) {
        WatchedCollection collection = collections.remove(id);
        if (collection != null) {
            control(() -> collection.gone(reason));
        }
    }

    private void anew(WatchedCollection collection) {
        if (!collection.isLost()) {
            return;
        }
        try {
            leave(new Note.Anew(collection, source.view(collection.id())));
            collection.lost(false);
        } catch (QuiverException full) {
            LOG.debug("the watcher still lags behind", full);
        }
    }

    /** Gives the view to the queue, or back. */
    private void leave(Note.AtOffset note) {
        int ids = idCount(note);
        if (waitingIds.addAndGet(ids) > IDS_MAX || isClosed || !notes.offer(note)) {
            waitingIds.addAndGet(-ids);
            note.view().close();
            throw new QuiverException(ErrorCode.UNAVAILABLE, "Too many changes wait for standing queries");
        }
    }

    private static int idCount(Note note) {
        return note instanceof Note.Applied applied ? applied.deleted().size() : 0;
    }

    // ---- on the watcher's thread ----

    private void control(Runnable action) {
        controls.add(action);
        notes.offer(new Note.Wake());
    }

    private void run() {
        List<Note> taken = new ArrayList<>();
        try {
            while (!isClosed) {
                taken.add(notes.take());
                notes.drainTo(taken, NOTES_AT_ONCE - 1);
                runControls();
                byCollection(taken).forEach(this::look);
                taken.clear();
                askAnew();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void runControls() {
        Runnable next = controls.poll();
        while (next != null) {
            next.run();
            next = controls.poll();
        }
    }

    private static Map<WatchedCollection, List<Note.AtOffset>> byCollection(List<Note> taken) {
        Map<WatchedCollection, List<Note.AtOffset>> notes = new LinkedHashMap<>();
        for (Note note : taken) {
            if (note instanceof Note.AtOffset at) {
                notes.computeIfAbsent(at.collection(), _ -> new ArrayList<>()).add(at);
            }
        }
        return notes;
    }

    private void look(WatchedCollection collection, List<Note.AtOffset> about) {
        try {
            lookInOrder(collection, about);
        } catch (RuntimeException | Error failure) {
            collection.failAll(isClosed ? closed() : defect(collection, failure));
        } finally {
            about.forEach(note -> {
                waitingIds.addAndGet(-idCount(note));
                note.view().close();
            });
        }
    }

    private static QuiverException defect(WatchedCollection collection, Throwable failure) {
        LOG.error("Watches of collection {} have failed", collection.id(), failure);
        return failure instanceof QuiverException refusal
                ? refusal
                : new QuiverException(ErrorCode.INTERNAL, "The standing query has failed");
    }

    private static QuiverException closed() {
        return new QuiverException(ErrorCode.UNAVAILABLE, "The executor is closed");
    }

    /** Entries that follow each other are looked at together, and so are watches that begin between two of them. */
    private void lookInOrder(WatchedCollection collection, List<Note.AtOffset> about) {
        int from = 0;
        while (from < about.size()) {
            int to = from + 1;
            while (to < about.size()
                    && about.get(to).getClass() == about.get(from).getClass()) {
                to++;
            }
            look(collection, about.get(from), about.subList(from, to));
            from = to;
        }
    }

    /** @param alike notes of the kind of the first one, that one included */
    private void look(WatchedCollection collection, Note.AtOffset first, List<Note.AtOffset> alike) {
        switch (first) {
            case Note.Applied _ ->
                collection.apply(alike.stream().map(Note.Applied.class::cast).toList());
            case Note.Begin _ -> begin(collection, alike.getLast().view(), alike);
            case Note.Anew _ -> collection.anew(alike.getLast().view());
        }
    }

    private void begin(WatchedCollection collection, WatchedView view, List<Note.AtOffset> begins) {
        List<Watch> fresh = new ArrayList<>();
        for (Note.AtOffset note : begins) {
            Note.Begin begin = (Note.Begin) note;
            missed(begin)
                    .ifPresentOrElse(
                            missed -> collection.resume(begin.watch(), begin.view(), missed),
                            () -> fresh.add(begin.watch()));
        }
        collection.begin(fresh, view);
    }

    /** What a watch that resumes has not been told yet; empty where that is not at hand, or nothing is resumed. */
    private Optional<List<Note.Applied>> missed(Note.Begin begin) {
        WatchedCollection collection = begin.collection();
        WatchedView view = begin.view();
        LogOffset after = begin.watch().query().after();
        if (after == null
                || after.isAfter(view.offset())
                || view.earliest().isAfter(after)
                || view.offset().value() - after.value() > REPLAYED_MAX) {
            return Optional.empty();
        }
        return Optional.ofNullable(source.entries(after, view.offset())
                .filter(entry -> entry.collection().equals(collection.id()))
                .map(entry -> new Note.Applied(collection, view.at(entry.offset()), deleted(entry)))
                .collectList()
                .onErrorComplete()
                .block(REPLAY_MAX));
    }

    private void askAnew() {
        for (WatchedCollection collection : collections.values()) {
            if (collection.isLost()) {
                source.onApplyingThread(() -> anew(collection));
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        collections.values().forEach(collection -> collection.failAll(closed()));
        byCollection(List.copyOf(notes)).values().stream()
                .flatMap(List::stream)
                .forEach(note -> note.view().close());
    }
}
