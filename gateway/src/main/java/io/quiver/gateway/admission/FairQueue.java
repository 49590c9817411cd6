package io.quiver.gateway.admission;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What waits, by tenant: tenants take turns, and one tenant's requests keep their order. A tenant that sends fifty times as
 * much as another makes its own queue long and nobody else's. Not safe on many threads.
 *
 * @param <T> compared by identity
 */
final class FairQueue<T> {
    /** In the order of their turns; none of the queues is empty. */
    private final Map<String, ArrayDeque<T>> byTenant = new LinkedHashMap<>();

    private int size;

    int size() {
        return size;
    }

    void add(String tenant, T waiter) {
        byTenant.computeIfAbsent(tenant, _ -> new ArrayDeque<>()).addLast(waiter);
        size++;
    }

    /** The oldest of the tenant whose turn it is; there is one. */
    T next() {
        Iterator<Map.Entry<String, ArrayDeque<T>>> turns = byTenant.entrySet().iterator();
        Map.Entry<String, ArrayDeque<T>> turn = turns.next();
        turns.remove();
        T waiter = turn.getValue().removeFirst();
        size--;
        if (!turn.getValue().isEmpty()) {
            byTenant.put(turn.getKey(), turn.getValue());
        }
        return waiter;
    }

    /** Takes out the newest of the tenant with the most, if another than {@code tenant} has more than this one has. */
    Optional<T> displaceFor(String tenant) {
        int own = waiting(tenant);
        return byTenant.entrySet().stream()
                .filter(entry -> entry.getValue().size() > own + 1)
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .map(entry -> removeNewest(entry.getKey(), entry.getValue()));
    }

    private int waiting(String tenant) {
        ArrayDeque<T> queue = byTenant.get(tenant);
        return queue == null ? 0 : queue.size();
    }

    private T removeNewest(String tenant, ArrayDeque<T> queue) {
        T newest = queue.removeLast();
        size--;
        forgetEmpty(tenant, queue);
        return newest;
    }

    /** Takes out one that does not want to wait any more; {@code false} where it is not there. */
    boolean remove(String tenant, T waiter) {
        ArrayDeque<T> queue = byTenant.get(tenant);
        if (queue == null || !queue.removeLastOccurrence(waiter)) {
            return false;
        }
        size--;
        forgetEmpty(tenant, queue);
        return true;
    }

    private void forgetEmpty(String tenant, ArrayDeque<T> queue) {
        if (queue.isEmpty()) {
            byTenant.remove(tenant);
        }
    }
}
