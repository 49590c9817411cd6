package io.quiver.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker finds what servers do wrong, and nothing else. */
class RegisterHistoryTest {
    private static final int A = 1;
    private static final int B = 2;

    @ParameterizedTest(name = "{0}")
    @MethodSource("right")
    void accepts(String name, List<Event> events) {
        assertEquals(true, new RegisterHistory(events).isLinearizable(), name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void finds(String name, List<Event> events) {
        assertEquals(false, new RegisterHistory(events).isLinearizable(), name);
    }

    private static Stream<Arguments> right() {
        return Stream.of(
                history("nothing happened"),
                history("one after the other", write(A, 0, 1), read(A, 2, 3), write(B, 4, 5), read(B, 6, 7)),
                history("a read during a write gives the old", write(A, 0, 1), write(B, 2, 9), read(A, 3, 4)),
                history("a read during a write gives the new", write(A, 0, 1), write(B, 2, 9), read(B, 3, 4)),
                history("two writes at once, in the other order", write(A, 0, 9), write(B, 1, 8), read(A, 10, 11)),
                history("a deletion", write(A, 0, 1), write(Event.ABSENT, 2, 3), read(Event.ABSENT, 4, 5)),
                history("a doubtful write that happened", write(A, 0, 1), Event.doubtful(B, 2), read(B, 5, 6)),
                history("a doubtful write that never happened", write(A, 0, 1), Event.doubtful(B, 2), read(A, 5, 6)),
                history(
                        "a doubtful write that happened late",
                        write(A, 0, 1),
                        Event.doubtful(B, 2),
                        read(A, 5, 6),
                        read(B, 7, 8)));
    }

    private static Stream<Arguments> wrong() {
        return Stream.of(
                history("acknowledged before it is visible", write(A, 0, 1), read(Event.ABSENT, 2, 3), read(A, 4, 5)),
                history("a stale hit of a cache", write(A, 0, 1), write(B, 2, 3), read(B, 4, 5), read(A, 6, 7)),
                history("half a batch", write(A, 0, 1), write(B, 2, 9), read(Event.MIXED, 3, 4)),
                history("a lost deletion", write(A, 0, 1), write(Event.ABSENT, 2, 3), read(A, 4, 5)),
                history(
                        "a deletion undone by a restart",
                        write(A, 0, 1),
                        write(Event.ABSENT, 2, 3),
                        read(Event.ABSENT, 4, 5),
                        read(A, 6, 7)),
                history(
                        "two gateways with different heads",
                        write(A, 0, 1),
                        write(B, 2, 9),
                        read(B, 3, 4),
                        read(A, 5, 6)),
                history("a lost write", write(A, 0, 1), write(B, 2, 3), read(A, 4, 5)),
                history("a value that nobody wrote", write(A, 0, 1), read(B, 2, 3)),
                history("a value before it was written", read(A, 0, 1), write(A, 2, 3)),
                history("writes in the wrong order", write(A, 0, 1), write(B, 2, 3), read(B, 2, 4), read(A, 5, 6)),
                history(
                        "a doubtful write that happened and was taken back",
                        write(A, 0, 1),
                        Event.doubtful(B, 2),
                        read(B, 5, 6),
                        read(A, 7, 8)),
                history("a lost first write", write(A, 0, 1), read(Event.ABSENT, 2, 3)));
    }

    private static Arguments history(String name, Event... events) {
        return Arguments.of(name, List.of(events));
    }

    private static Event write(int value, long begin, long end) {
        return Event.write(value, begin, end);
    }

    private static Event read(int value, long begin, long end) {
        return Event.read(value, begin, end);
    }
}
