package io.quiver.flight.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Query;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class InProcessLinkTest extends QueryLinkTest {
    @Override
    QueryExecutor open(LinkLimits limits) {
        return InProcessLink.to(executor, limits);
    }

    @Override
    void closeWhatItNeeded() {}

    @Test
    void queriesTravelAsTheObjectsTheyAre() {
        Query asked = nearest(3);
        block(link.execute(List.of(asked)));
        assertSame(asked, executor.batches().getFirst().getFirst());
    }

    @Test
    void aBatchStopsWhenNobodyWaitsForItAnyMore() {
        reopen(new LinkLimits(1, 1000, 1 << 20, 10_000));
        executor.hold();
        Disposable first = link.execute(List.of(nearest(1))).subscribe();
        List<Disposable> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(link.execute(List.of(nearest(2))).subscribe());
        }
        await(() -> executor.batches().stream().mapToInt(List::size).sum() == 6);
        first.dispose();
        others.subList(0, 4).forEach(Disposable::dispose);
        await(() -> executor.cancelledCount() == executor.batches().size() - 1);
        others.getLast().dispose();
        await(() -> executor.cancelledCount() == executor.batches().size());
    }

    @Test
    void whatIsCancelledWhileItWaitsIsNotAskedOrStopped() {
        reopen(new LinkLimits(1, 1000, 1 << 20, 10_000));
        executor.hold();
        var first = link.execute(List.of(nearest(1))).toFuture();
        Disposable unwanted = link.execute(List.of(nearest(7))).subscribe();
        unwanted.dispose();
        executor.release();
        assertEquals(1, join(first).getFirst().size());
        assertEquals(2, block(link.execute(List.of(nearest(2)))).getFirst().size());
        long asked = executor.batches().stream()
                .flatMap(List::stream)
                .filter(query -> k(query) == 7)
                .count();
        assertEquals(asked, executor.cancelledCount());
    }

    private static int k(Query query) {
        return query instanceof Query.Nearest nearest ? nearest.k() : 0;
    }
}
