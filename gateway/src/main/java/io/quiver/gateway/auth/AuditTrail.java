package io.quiver.gateway.auth;

import io.quiver.gateway.audit.AuditEntry;
import io.quiver.gateway.audit.AuditLog;
import io.quiver.gateway.audit.AuditSettings.Extent;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Says what of all that happens gets into the audit log. Refusals always do, but no more than
 * {@value #REFUSALS_A_SECOND} a second: whoever knocks without end must not drive older lines out. Safe on every thread
 * and never waits.
 */
public final class AuditTrail {
    /** Notes nothing. */
    public static final AuditTrail NONE = new AuditTrail(Extent.NOTHING, null);

    static final int REFUSALS_A_SECOND = 100;

    /** Reads by which a collection leaves the server as a whole. */
    private static final Set<String> EXPORTS = Set.of("flight DoGet");

    private final Extent extent;
    private final @Nullable AuditLog log;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger refusals = new AtomicInteger();

    private AuditTrail(Extent extent, @Nullable AuditLog log) {
        this.extent = extent;
        this.log = log;
    }

    public static AuditTrail to(AuditLog log, Extent extent) {
        return new AuditTrail(extent, log);
    }

    /** Whether an operation that was let in is noted. */
    public boolean wants(String operation, Permission permission) {
        Extent needed = EXPORTS.contains(operation) ? Extent.CATALOG : permission.notedFrom();
        return log != null && extent.compareTo(needed) >= 0;
    }

    /** Notes an operation that was let in; ask {@link #wants} before. */
    public void note(Caller caller, String from, String operation, String object, String result) {
        if (log != null) {
            log.add(new AuditEntry(caller.name(), caller.credential(), from, operation, object, result));
        }
    }

    /**
     * Notes what was refused.
     *
     * @param caller {@code null} for whom the server does not know
     */
    public void refused(@Nullable Caller caller, String from, String operation, String object, String result) {
        if (log == null || extent == Extent.NOTHING) {
            return;
        }
        if (isWithinRate()) {
            String who = caller == null ? "" : caller.name();
            String credential = caller == null ? "unknown" : caller.credential();
            log.add(new AuditEntry(who, credential, from, operation, object, result));
        } else {
            log.lose();
        }
    }

    /** Notes what the server noticed itself. */
    void noticed(String what, String object) {
        if (log != null) {
            log.add(new AuditEntry("", "", "", what, object, ""));
        }
    }

    private boolean isWithinRate() {
        long now = System.nanoTime() / Duration.ofSeconds(1).toNanos();
        if (second.getAndSet(now) != now) {
            refusals.set(0);
        }
        return refusals.incrementAndGet() <= REFUSALS_A_SECOND;
    }
}
