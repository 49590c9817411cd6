package io.quiver.gateway.admission;

import java.time.Duration;

/**
 * The places of a gate: how many there are, and how many are taken.
 *
 * <p>By Little's law, pieces under way = throughput x time that each takes. Throughput is measured; the time is a
 * target. So there are {@code throughput * target} places, never fewer than some for each core ({@link Capacity}): when
 * work is light and the machine fast, hundreds, so that batches form; when each piece takes long, a few for each core.
 * Only time with enough to do tells what the capacity is: time in which something waits, or in which several tenants
 * have much under way, one of which may then be in the other's way. Nothing is learnt, and nothing changed, while one
 * tenant alone finds a place for all it asks. Where a few places too few are given, what waits fills them, more ends,
 * and the number follows within a window of a tenth of a second. A window in which the cores had not enough to do is no
 * measure: a burst that is over sooner changes nothing.
 *
 * <p>Belongs to the gate's lock.
 */
final class Places {
    private static final double NANOS = 1e9;

    /** How long it is known that more than one tenant asks. */
    private static final long SEVERAL_NANOS = Duration.ofSeconds(3).toNanos();

    private final Capacity capacity;
    private final Throughput throughput = new Throughput();
    private int count;
    private int taken;

    private String lastTenant = "";
    private long severalUntil;
    private boolean hasSeveral;

    /** There is enough to do, or was in the window that is open. */
    private boolean isBusy;

    Places(Capacity capacity) {
        this.capacity = capacity;
        this.count = capacity.placesAtFirst();
    }

    int count() {
        return count;
    }

    int taken() {
        return taken;
    }

    /** However little ends. */
    int min() {
        return capacity.placesMin();
    }

    /** However much ends. */
    int max() {
        return capacity.placesMax();
    }

    boolean areFree() {
        return taken < count;
    }

    void take() {
        taken++;
    }

    /** Somebody asks for a place. */
    void asked(String tenant, long now) {
        if (!tenant.equals(lastTenant)) {
            hasSeveral = !lastTenant.isEmpty();
            lastTenant = tenant;
            severalUntil = now + SEVERAL_NANOS;
        }
        if (taken >= min() && haveSeveralTenants(now)) {
            beBusy(now);
        }
    }

    /** All but one. */
    int ofOneTenantMax() {
        return Math.max(1, count - 1);
    }

    /** So many that what is behind the gate can begin another tenant's work at once. */
    int ofFloodMax() {
        return Math.min(capacity.placesOfFlood(), ofOneTenantMax());
    }

    /** Whether more than one tenant has asked of late. */
    boolean haveSeveralTenants(long now) {
        return hasSeveral && severalUntil - now > 0;
    }

    /** There is enough to do: somebody waits, or soon might. */
    void beBusy(long now) {
        if (!isBusy) {
            isBusy = true;
            throughput.begin(now);
        }
    }

    /** Somebody who had a place has left it. */
    void left(boolean isAnyWaiting, long now) {
        taken--;
        if (!isAnyWaiting && taken < min() / 2) {
            isBusy = false;
        } else if (isBusy && throughput.ended(now)) {
            count = capacity.places(throughput.perSecond());
            isBusy = isAnyWaiting;
        }
    }

    /** Whether it is known how much ends. */
    boolean isMeasured() {
        return throughput.perSecond() > 0;
    }

    int endWithin(Duration time) {
        return (int) Math.ceil(throughput.perSecond() * time.toNanos() / NANOS);
    }

    /** What work takes that has a place, by Little's law; 0 where nothing is known. */
    long usualNanos() {
        return isMeasured() ? (long) (taken * NANOS / throughput.perSecond()) : 0;
    }
}
