package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * Views that outlive the query which took them, so that questions which belong together see the same.
 *
 * <p>A pinned view keeps memory and files of segments that may have been replaced since. There are therefore no more
 * than {@link #VIEWS_MAX}, and each is given back after its last use, or when it has not been used for
 * {@link #IDLE_MAX}, or is {@link #AGE_MAX} old. Nothing is freed under a query: who uses a view holds a share of it. A
 * caller that goes away may give a view back before the query that takes it is at work: that one is then too late.
 *
 * <p>Safe on every thread. Its clock ticks on a thread of Reactor's until {@link #close}, which gives everything back.
 */
final class PinnedViews implements AutoCloseable {
    static final int VIEWS_MAX = 256;
    static final Duration IDLE_MAX = Duration.ofSeconds(90);
    static final Duration AGE_MAX = Duration.ofHours(1);

    /** So many that were given back before they were taken are remembered. */
    private static final int EARLY_MAX = 1024;

    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private record Key(CollectionId collection, long number) {}

    private static final class Pin {
        private final CollectionView view;
        private final long takenAt;
        private long usedAt;

        Pin(CollectionView view, long now) {
            this.view = view;
            this.takenAt = now;
            this.usedAt = now;
        }

        boolean isOver(long now) {
            return now - usedAt > IDLE_MAX.toNanos() || now - takenAt > AGE_MAX.toNanos();
        }
    }

    private final Function<ViewKey, CollectionView> views;
    private final Map<Key, Pin> pins = new HashMap<>();
    private final SequencedSet<Key> givenBackEarly = new LinkedHashSet<>();
    private final Disposable clock;

    /** {@code views} takes views of collections. */
    PinnedViews(Function<ViewKey, CollectionView> views) {
        this.views = views;
        this.clock = Schedulers.boundedElastic()
                .schedulePeriodically(
                        () -> giveBack(System.nanoTime()), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A view for a query, which closes it: the pinned one where the query names one, else one of its own. */
    CollectionView view(ViewKey key) {
        return key.consistency() instanceof Consistency.Pinned asked
                ? pinned(key.collection(), asked)
                : views.apply(key);
    }

    private CollectionView pinned(CollectionId collection, Consistency.Pinned asked) {
        Key name = new Key(collection, asked.number());
        return switch (asked.place()) {
            case FIRST -> taken(name, new ViewKey(collection, asked.first()));
            case BETWEEN -> used(name);
            case LAST -> removed(name);
        };
    }

    synchronized int count() {
        return pins.size();
    }

    /** Gives back what is over at a time of {@link System#nanoTime}. */
    synchronized void giveBack(long now) {
        Iterator<Pin> each = pins.values().iterator();
        while (each.hasNext()) {
            Pin pin = each.next();
            if (pin.isOver(now)) {
                each.remove();
                pin.view.close();
            }
        }
    }

    @Override
    public void close() {
        clock.dispose();
        List<Pin> left;
        synchronized (this) {
            left = List.copyOf(pins.values());
            pins.clear();
        }
        left.forEach(pin -> pin.view.close());
    }

    /** Each of these gives a share of the view to the query. */
    private synchronized CollectionView taken(Key name, ViewKey key) {
        if (pins.size() >= VIEWS_MAX) {
            throw new QuiverException(ErrorCode.BACKOFF, "%d views are held already".formatted(VIEWS_MAX), RETRY_AFTER);
        }
        if (pins.containsKey(name)) {
            throw QuiverException.invalid("view %d is held already".formatted(name.number));
        }
        if (givenBackEarly.remove(name)) {
            throw new QuiverException(ErrorCode.CANCELLED, "the view was given back before it was taken");
        }
        Pin pin = new Pin(views.apply(key), System.nanoTime());
        pins.put(name, pin);
        return pin.view.shared();
    }

    private synchronized CollectionView used(Key name) {
        Pin pin = held(pins.get(name));
        pin.usedAt = System.nanoTime();
        return pin.view.shared();
    }

    private synchronized CollectionView removed(Key name) {
        Pin pin = pins.remove(name);
        if (pin == null) {
            rememberEarly(name);
        }
        return held(pin).view;
    }

    private void rememberEarly(Key name) {
        if (givenBackEarly.size() == EARLY_MAX) {
            givenBackEarly.removeFirst();
        }
        givenBackEarly.add(name);
    }

    private static Pin held(@Nullable Pin pin) {
        if (pin == null) {
            throw new QuiverException(
                    ErrorCode.FAILED_PRECONDITION,
                    "the view has been given back: it was not used for %d s, or is older than %d s"
                            .formatted(IDLE_MAX.toSeconds(), AGE_MAX.toSeconds()));
        }
        return pin;
    }
}
