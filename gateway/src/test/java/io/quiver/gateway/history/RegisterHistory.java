package io.quiver.gateway.history;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The history of one register, and whether it is linearizable: whether there is one order of all events, in which each
 * takes effect at some moment between its begin and its end, and each read gives what the last write before it wrote.
 *
 * <p>The search is that of Wing and Gong, with Lowe's memory of what has been tried: which events have taken effect,
 * and the value then. An event may be next if no other that is left has ended before it began. Writes of unknown
 * outcome may be next at any time after their begin, and may be left over.
 */
final class RegisterHistory {
    private final List<Event> events;

    RegisterHistory(List<Event> events) {
        this.events =
                events.stream().sorted(Comparator.comparingLong(Event::begin)).toList();
    }

    private record State(BitSet done, int value) {}

    boolean isLinearizable() {
        Set<State> seen = new HashSet<>();
        Deque<State> left = new ArrayDeque<>();
        left.push(new State(new BitSet(events.size()), Event.ABSENT));
        while (!left.isEmpty()) {
            State state = left.pop();
            if (isComplete(state)) {
                return true;
            }
            if (seen.add(state)) {
                pushNext(state, left);
            }
        }
        return false;
    }

    private boolean isComplete(State state) {
        for (int i = state.done.nextClearBit(0); i < events.size(); i = state.done.nextClearBit(i + 1)) {
            if (events.get(i).isCertain()) {
                return false;
            }
        }
        return true;
    }

    private void pushNext(State state, Deque<State> left) {
        long firstEnd = firstEnd(state);
        for (int i = state.done.nextClearBit(0);
                i < events.size() && events.get(i).begin() <= firstEnd;
                i = state.done.nextClearBit(i + 1)) {
            Event event = events.get(i);
            if (!event.isRead() || event.value() == state.value) {
                BitSet done = (BitSet) state.done.clone();
                done.set(i);
                left.push(new State(done, event.isRead() ? state.value : event.value()));
            }
        }
    }

    /** The earliest end of those that have not taken effect: whatever begins later cannot be next. */
    private long firstEnd(State state) {
        long first = Event.NEVER;
        for (int i = state.done.nextClearBit(0); i < events.size(); i = state.done.nextClearBit(i + 1)) {
            first = Math.min(first, events.get(i).end());
        }
        return first;
    }
}
