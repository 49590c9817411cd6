package io.quiver.executor.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private final FairQueue<String> queue = new FairQueue<>();

    @Test
    void tenantsTakeTurnsAndEachKeepsItsOrder() {
        add("a", "a1", "a2", "a3", "a4");
        add("b", "b1");
        add("c", "c1", "c2");
        assertEquals(List.of("a1", "b1", "c1", "a2", "c2", "a3", "a4"), all());
        assertEquals(0, queue.size());
    }

    @Test
    void theNewestOfTheLongestGivesWay() {
        add("a", "a1", "a2", "a3");
        add("b", "b1", "b2");
        assertEquals(Optional.of("a3"), queue.displaceFor("c", false));
        assertEquals(Optional.empty(), queue.displaceFor("a", false), "its own is the longest");
        assertEquals(Optional.empty(), queue.displaceFor("b", false), "to no use: it would then be the longest");
        assertEquals(List.of("a1", "b1", "a2", "b2"), all());
    }

    @Test
    void whoDoesNotWantToWaitIsTakenOut() {
        add("a", "a1", "a2");
        assertTrue(queue.remove("a", "a1"));
        assertFalse(queue.remove("a", "a1"));
        assertFalse(queue.remove("b", "a2"));
        assertEquals(1, queue.size());
        assertEquals(List.of("a2"), all());
    }

    /** Each piece of one's work costs ten times as much as each of the other's: in the long run both have the same. */
    @Test
    void turnsGoByWhatTheWorkCosts() {
        Map<String, Double> spent = new HashMap<>();
        for (int i = 0; i < 1_100; i++) {
            add("dear", "dear");
            add("cheap", "cheap");
            String turn = queue.next();
            double cost = turn.equals("dear") ? 10 : 1;
            spent.merge(turn, cost, Double::sum);
            queue.ended(turn, cost);
        }
        assertEquals(1, spent.getOrDefault("dear", 0.0) / spent.getOrDefault("cheap", 0.0), 0.05);
    }

    @Test
    void whoComesAfterARestIsNextAndHasSavedNothingUp() {
        for (int i = 0; i < 100; i++) {
            add("busy", "busy");
        }
        for (int i = 0; i < 50; i++) {
            queue.ended(queue.next(), 1);
        }
        add("rested", "rested", "rested", "rested", "rested");
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String turn = queue.next();
            turns.add(turn);
            queue.ended(turn, 1);
        }
        assertTrue(turns.indexOf("rested") < 2, turns.toString());
        assertEquals(2, turns.stream().filter("rested"::equals).count(), turns.toString());
    }

    @Test
    void whoHasEnoughUnderWayIsPassedBy() {
        add("a", "a1", "a2", "a3");
        assertEquals("a1", queue.next(false, _ -> 2));
        assertEquals("a2", queue.next(false, _ -> 2));
        assertFalse(queue.hasTurn(_ -> 2), "nobody else waits");
        assertTrue(queue.hasTurn(_ -> 3));
        add("b", "b1");
        assertEquals("b1", queue.next(false, _ -> 2));
        queue.ended("a", 1);
        assertEquals("a3", queue.next(false, _ -> 2));
    }

    private void add(String tenant, String... waiters) {
        for (String waiter : waiters) {
            queue.add(tenant, waiter);
        }
    }

    private List<String> all() {
        List<String> all = new ArrayList<>();
        while (queue.size() > 0) {
            all.add(queue.next());
        }
        return all;
    }
}
