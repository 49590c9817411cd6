package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.executor.segment.OffHeapBudget.Owner;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedGraphsTest {
    private static final int OWNERS = 8;

    private final OffHeapBudget budget = new OffHeapBudget(1L << 30);
    private final SharedGraphs graphs = new SharedGraphs();
    private final SharedGraphs.Id id = new SharedGraphs.Id(UUID.randomUUID(), FileKind.GRAPH, 7);

    @AfterEach
    void everythingWasGivenBack() {
        assertEquals(0, budget.usedBytes());
    }

    private HotGraph copy() {
        HotMemory memory = new HotMemory(budget, Owner.GRAPH);
        return new HotGraph(memory.allocate(64, 64), null, memory);
    }

    @Test
    void isCopiedOnceHoweverManyComeAtOneTime() throws Exception {
        AtomicInteger copies = new AtomicInteger();
        List<Future<HotGraph>> opening = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(OWNERS)) {
            for (int i = 0; i < OWNERS; i++) {
                opening.add(threads.submit(() -> graphs.open(id, () -> {
                    copies.incrementAndGet();
                    return copy();
                })));
            }
        }
        for (Future<HotGraph> each : opening) {
            assertSame(opening.getFirst().get(), each.get());
        }
        assertEquals(1, copies.get());
        MemorySegment image = opening.getFirst().get().image();
        for (int i = 0; i < OWNERS; i++) {
            assertEquals(HugePages.PAGE_BYTES, budget.bytes(Owner.GRAPH), "somebody has it still");
            assertEquals(0, image.get(LittleEndian.INT, 0));
            graphs.close(id);
        }
        assertThrows(IllegalStateException.class, () -> graphs.close(id));
    }

    @Test
    void belongsToNobodyWhereTheCopyingFailsOrIsGivenUp() throws CorruptSegmentException {
        assertNull(graphs.open(id, () -> null));
        assertThrows(
                CorruptSegmentException.class,
                () -> graphs.open(id, () -> {
                    throw new CorruptSegmentException("graph.qg", "it is damaged");
                }));
        assertThrows(IllegalStateException.class, () -> graphs.close(id));
        graphs.open(id, this::copy);
        graphs.close(id);
    }

    @Test
    void isNotThatOfAnotherFile() throws CorruptSegmentException {
        HotGraph one = Objects.requireNonNull(graphs.open(id, this::copy));
        SharedGraphs.Id other = new SharedGraphs.Id(id.segment(), id.kind(), 8);
        HotGraph another = Objects.requireNonNull(graphs.open(other, this::copy));
        assertEquals(2 * HugePages.PAGE_BYTES, budget.bytes(Owner.GRAPH));
        graphs.close(id);
        assertThrows(IllegalStateException.class, () -> one.image().get(LittleEndian.INT, 0));
        assertEquals(0, another.image().get(LittleEndian.INT, 0));
        graphs.close(other);
    }
}
