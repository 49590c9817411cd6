package io.quiver.gateway.http;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.concurrent.atomic.AtomicLong;

/** The memory that bodies of all requests under way may take together. Safe on every thread. */
final class BodyBudget {
    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes room for {@code bytes}, or refuses them as {@link ErrorCode#UNAVAILABLE} and takes none. */
    void take(long bytes) {
        if (taken.addAndGet(bytes) > bytesMax) {
            taken.addAndGet(-bytes);
            throw new QuiverException(
                    ErrorCode.UNAVAILABLE,
                    "Request bodies under way take all of the %d bytes that they may".formatted(bytesMax));
        }
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}
