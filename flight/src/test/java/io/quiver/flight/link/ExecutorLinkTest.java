package io.quiver.flight.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.flight.FlightAddress;
import io.quiver.flight.FlightMemory;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What must hold besides for a link over Flight, over either transport. */
abstract class ExecutorLinkTest extends QueryLinkTest {
    private static final long MEMORY_BYTES = 512L << 20;

    private @Nullable FlightMemory memory;
    private @Nullable ExecutorServer server;

    abstract FlightAddress address();

    @Override
    QueryExecutor open(LinkLimits limits) {
        if (memory == null) {
            memory = FlightMemory.limitedTo(MEMORY_BYTES);
            server = ExecutorServer.start(address(), executor, memory);
        }
        return ExecutorLink.open(server().address(), memory, limits);
    }

    @Override
    void closeWhatItNeeded() {
        server().close();
        Objects.requireNonNull(memory).close();
    }

    private ExecutorServer server() {
        return Objects.requireNonNull(server);
    }

    @Test
    void whatWritesAskOfReadersTravelsToo() {
        link.awaitApplied(collection, new LogOffset(1)).block(PATIENCE);
        link.admitWrite(collection, 999).block(PATIENCE);
        var late = assertThrows(
                QuiverException.class,
                () -> link.awaitApplied(collection, new LogOffset(99)).block(PATIENCE));
        assertEquals(ErrorCode.UNAVAILABLE, late.code());
        var refused = assertThrows(
                QuiverException.class, () -> link.admitWrite(collection, 1000).block(PATIENCE));
        assertEquals(ErrorCode.BACKOFF, refused.code());
    }

    @Test
    void anAnswerLargerThanAMessageComesWhole() {
        CollectionId large = executor.create();
        executor.add(large, records(3000, 512));
        Query all = new Query.Scan(large, 0, 10_000, Filter.ALL, Projection.EVERYTHING, Consistency.STRONG, soon());
        Hits direct = block(executor.execute(List.of(all))).getFirst();
        Hits linked = block(link.execute(List.of(all))).getFirst();
        assertEquals(3000, linked.size());
        assertEquals(direct.ids(), linked.ids());
        assertEquals(direct.embeddings(), linked.embeddings());
        assertEquals(direct.documents(), linked.documents());
        assertEquals(direct.uris(), linked.uris());
        assertEquals(direct.metadatas(), linked.metadatas());
    }

    @Test
    void vectorsThatDoNotFitAMessageAreRefused() {
        Embedding wide = values.embedding(1 << 20);
        List<Query> queries = IntStream.range(0, 16)
                .<Query>mapToObj(_ ->
                        new Query.Nearest(collection, wide, 1, Filter.ALL, Projection.IDS, Consistency.STRONG, soon()))
                .toList();
        var refusal = assertThrows(QuiverException.class, () -> block(link.execute(queries)));
        assertEquals(ErrorCode.PAYLOAD_TOO_LARGE, refusal.code());
    }

    @Test
    void aLostExecutorFailsWhatIsUnderWayAndIsFoundAgain() {
        executor.hold();
        var underWay = link.execute(List.of(nearest(1))).toFuture();
        await(() -> executor.batches().size() == 1);
        FlightAddress address = server().address();
        server().close();
        assertFails(ErrorCode.UNAVAILABLE, underWay);
        executor.release();
        server = ExecutorServer.start(address, executor, Objects.requireNonNull(memory));
        await(() -> isAnswered(nearest(3)));
    }

    private boolean isAnswered(Query query) {
        try {
            return !block(link.execute(List.of(query))).isEmpty();
        } catch (QuiverException e) {
            return false;
        }
    }
}
