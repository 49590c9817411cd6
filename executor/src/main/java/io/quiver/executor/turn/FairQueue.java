package io.quiver.executor.turn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What waits, by tenant: the turn is the tenant's that has used least, and one tenant's requests keep their order. A
 * tenant that sends fifty times as much as another, or asks fifty times as much in each request, makes its own queue
 * long and nobody else's.
 *
 * <p>This is fair queueing in virtual time, paid twice like a deficit round robin: a turn pays at once what the
 * tenant's requests have cost of late, and when the work has ended, the difference to what it did cost. A tenant that
 * comes anew begins where the one stands whose turn it was last, so nobody saves turns up while it asks for nothing;
 * and nobody that has more waiting falls behind that by what it gets back, for then the others would have to wait. Not
 * safe on many threads.
 *
 * @param <T> compared by identity
 */
public final class FairQueue<T> {
    /** Share of the newest cost in what a tenant's next turn pays. */
    private static final double NEWEST = 0.1;

    /** So many newest ones of each tenant are not taken out for their age. */
    private static final int NEXT = 1;

    /** In the order of their last turns. Each has something that waits or is under way. */
    private final Map<String, Flow<T>> byTenant = new LinkedHashMap<>();

    private int size;

    /** What the tenant had used whose turn was the last. */
    private double virtualTime;

    /** What a turn has cost of late, whosever it was: what is expected of a tenant that nobody knows. */
    private double usualCost = 1;

    /** One tenant. */
    private static final class Flow<T> {
        private final ArrayDeque<T> waiting = new ArrayDeque<>();
        private double used;
        private double expectedCost;
        private int underWay;

        Flow(double used, double expectedCost) {
            this.used = used;
            this.expectedCost = expectedCost;
        }

        boolean mayTake(int underWayMax) {
            return !waiting.isEmpty() && underWay < underWayMax;
        }

        boolean isIdle() {
            return waiting.isEmpty() && underWay == 0;
        }
    }

    /** How many wait. */
    public int size() {
        return size;
    }

    /** Lets one wait. */
    public void add(String tenant, T waiter) {
        Flow<T> flow = byTenant.computeIfAbsent(tenant, _ -> new Flow<>(virtualTime, usualCost));
        if (flow.waiting.isEmpty()) {
            flow.used = Math.max(flow.used, virtualTime);
        }
        flow.waiting.addLast(waiter);
        size++;
    }

    /** Whether something waits of a tenant that has had less turns which have not ended than it may have. */
    public boolean hasTurn(ToIntFunction<String> underWayMax) {
        for (Map.Entry<String, Flow<T>> entry : byTenant.entrySet()) {
            if (entry.getValue().mayTake(underWayMax.applyAsInt(entry.getKey()))) {
                return true;
            }
        }
        return false;
    }

    /** One of the tenant whose turn it is; there is one. What it takes, {@link #ended} must be told. */
    public T next() {
        return next(false, _ -> Integer.MAX_VALUE);
    }

    /**
     * The same among the tenants that have had less turns which have not ended than they may have; there is one.
     *
     * @param newestFirst whether it is the tenant's newest, or its oldest
     */
    public T next(boolean newestFirst, ToIntFunction<String> underWayMax) {
        String tenant = nextTenant(underWayMax);
        Flow<T> flow = Objects.requireNonNull(byTenant.remove(tenant));
        byTenant.put(tenant, flow);
        virtualTime = Math.max(virtualTime, flow.used);
        flow.used += flow.expectedCost;
        flow.underWay++;
        size--;
        return newestFirst ? flow.waiting.removeLast() : flow.waiting.removeFirst();
    }

    private String nextTenant(ToIntFunction<String> underWayMax) {
        @Nullable String next = null;
        double least = 0;
        for (Map.Entry<String, Flow<T>> entry : byTenant.entrySet()) {
            Flow<T> flow = entry.getValue();
            boolean isNearer = next == null || flow.used < least;
            if (isNearer && flow.mayTake(underWayMax.applyAsInt(entry.getKey()))) {
                next = entry.getKey();
                least = flow.used;
            }
        }
        return Objects.requireNonNull(next, "nobody waits");
    }

    /**
     * Takes out those that have waited too long, of the tenants that have most waiting and those that have nearly as
     * much: the others are not the reason for it. A tenant's newest stays, whose turn is the next.
     */
    public List<T> removeOld(Predicate<T> hasWaitedTooLong) {
        List<T> removed = new ArrayList<>();
        int most = byTenant.values().stream()
                .mapToInt(flow -> flow.waiting.size())
                .max()
                .orElse(0);
        for (Flow<T> flow : byTenant.values()) {
            boolean isLong = 2 * flow.waiting.size() > most;
            while (isLong && flow.waiting.size() > NEXT && hasWaitedTooLong.test(flow.waiting.getFirst())) {
                removed.add(flow.waiting.removeFirst());
            }
        }
        size -= removed.size();
        return removed;
    }

    /** What {@link #next} gave to a tenant has ended, and cost so much. */
    public void ended(String tenant, double cost) {
        Flow<T> flow = byTenant.get(tenant);
        if (flow != null) {
            flow.used = Math.max(virtualTime, flow.used + cost - flow.expectedCost);
            flow.expectedCost += NEWEST * (cost - flow.expectedCost);
            usualCost += NEWEST * (cost - usualCost);
            flow.underWay--;
            forgetIdle(tenant, flow);
        }
    }

    /**
     * Takes out one of the tenant with the most, if another than {@code tenant} has more than this one has.
     *
     * @param newestFirst whether turns are given newest first: the one whose turn would come last gives way
     */
    public Optional<T> displaceFor(String tenant, boolean newestFirst) {
        return longer(tenant)
                .max(Comparator.comparingInt(entry -> entry.getValue().waiting.size()))
                .map(entry -> removeLast(entry.getValue(), newestFirst));
    }

    /** Whether there is one that would give way to this tenant. */
    public boolean givesWayTo(String tenant) {
        return longer(tenant).findAny().isPresent();
    }

    private Stream<Map.Entry<String, Flow<T>>> longer(String tenant) {
        int own = waiting(tenant);
        return byTenant.entrySet().stream()
                .filter(entry -> entry.getValue().waiting.size() > own + 1);
    }

    private int waiting(String tenant) {
        Flow<T> flow = byTenant.get(tenant);
        return flow == null ? 0 : flow.waiting.size();
    }

    /** Of a tenant that has more than one. */
    private T removeLast(Flow<T> flow, boolean newestFirst) {
        size--;
        return newestFirst ? flow.waiting.removeFirst() : flow.waiting.removeLast();
    }

    /** Takes out one that does not want to wait any more; {@code false} where it is not there. */
    public boolean remove(String tenant, T waiter) {
        Flow<T> flow = byTenant.get(tenant);
        if (flow == null || !flow.waiting.removeLastOccurrence(waiter)) {
            return false;
        }
        size--;
        forgetIdle(tenant, flow);
        return true;
    }

    private void forgetIdle(String tenant, Flow<T> flow) {
        if (flow.isIdle()) {
            byTenant.remove(tenant);
        }
    }
}
