package io.quiver.executor;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Work in shares that several threads take one by one. The leading thread takes shares until there is none left, then
 * waits for those that others have begun; a helper that comes late finds nothing to do.
 */
final class SharedWork {
    private final List<? extends Runnable> shares;
    private final AtomicInteger taken = new AtomicInteger();
    private final CountDownLatch undone;
    private volatile @Nullable Throwable failure;

    SharedWork(List<? extends Runnable> shares) {
        this.shares = shares;
        this.undone = new CountDownLatch(shares.size());
    }

    void help() {
        for (int next = taken.getAndIncrement(); next < shares.size(); next = taken.getAndIncrement()) {
            run(shares.get(next));
        }
    }

    /** Throws what the first failing share threw. */
    void lead() {
        help();
        awaitHelpers();
        switch (failure) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    private void run(Runnable share) {
        try {
            if (failure == null) {
                share.run();
            }
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            undone.countDown();
        }
    }

    private void awaitHelpers() {
        boolean isInterrupted = false;
        while (undone.getCount() > 0) {
            try {
                undone.await();
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
