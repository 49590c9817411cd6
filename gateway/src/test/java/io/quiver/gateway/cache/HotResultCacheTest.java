package io.quiver.gateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.vertx.core.buffer.Buffer;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HotResultCacheTest {
    private static final long MEBIBYTE = 1 << 20;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HotResultCache cache = new HotResultCache(MEBIBYTE, meters);
    private final CollectionId collection = CollectionId.random();
    private final Buffer request = Buffer.buffer("query {\"n_results\":3}");

    @Test
    void findsTheSameQuestionAtTheSameOffset() {
        cache.keep(collection, new LogOffset(7), request, Buffer.buffer("answer"));
        assertEquals(Buffer.buffer("answer"), cache.find(collection, new LogOffset(7), request.copy()));
        assertEquals(1, count("hit"));
    }

    @Test
    void findsNothingForAnotherOffsetCollectionOrByte() {
        cache.keep(collection, new LogOffset(7), request, Buffer.buffer("answer"));
        assertNull(cache.find(collection, new LogOffset(8), request));
        assertNull(cache.find(collection, new LogOffset(6), request));
        assertNull(cache.find(CollectionId.random(), new LogOffset(7), request));
        assertNull(cache.find(collection, new LogOffset(7), Buffer.buffer("query {\"n_results\":4}")));
        assertEquals(4, count("miss"));
    }

    @Test
    void isNotChangedByWhoLaterChangesTheRequest() {
        cache.keep(collection, new LogOffset(7), request, Buffer.buffer("answer"));
        Buffer asked = request.copy();
        request.setByte(0, (byte) 'Q');
        assertNotNull(cache.find(collection, new LogOffset(7), asked));
        assertNull(cache.find(collection, new LogOffset(7), request));
    }

    @Test
    void staysWithinItsBytes() {
        for (int i = 0; i < 1000; i++) {
            cache.keep(collection, new LogOffset(i), request, Buffer.buffer(new byte[10_000]));
        }
        double held = meters.get("quiver.cache.bytes").gauge().value();
        assertTrue(held > 0 && held <= MEBIBYTE, held + " bytes");
    }

    @Test
    void keepsNothingThatWouldPushOutTooMuchOrWhenSwitchedOff() {
        cache.keep(collection, new LogOffset(1), request, Buffer.buffer(new byte[100_000]));
        assertNull(cache.find(collection, new LogOffset(1), request));
        var off = new HotResultCache(0, new SimpleMeterRegistry());
        off.keep(collection, new LogOffset(1), request, Buffer.buffer("answer"));
        assertNull(off.find(collection, new LogOffset(1), request));
    }

    /**
     * One thread writes: it changes the value, then acknowledges by moving the head. Readers ask as the gateway does: head
     * first, then the cache, else the value of that moment with its own offset. A hit must show the head that was read, or
     * a later one.
     */
    @Test
    void neverGivesAHitOlderThanWhatWasAcknowledgedBefore() throws InterruptedException {
        record Version(long offset) {}
        var state = new AtomicReference<>(new Version(0));
        var head = new AtomicLong();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (long offset = 1; offset <= 20_000; offset++) {
                state.set(new Version(offset));
                head.set(offset);
            }
        });
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new SplittableRandom(seed);
        do {
            Buffer question = Buffer.buffer("question " + random.nextInt(4));
            long acknowledged = head.get();
            Buffer hit = cache.find(collection, new LogOffset(acknowledged), question);
            if (hit != null) {
                assertTrue(hit.getLong(0) >= acknowledged, hit.getLong(0) + " is older than " + acknowledged);
            } else {
                Version seen = state.get();
                cache.keep(
                        collection,
                        new LogOffset(seen.offset()),
                        question,
                        Buffer.buffer().appendLong(seen.offset()));
            }
        } while (writer.isAlive());
        writer.join();
        assertTrue(count("miss") > 0);
    }

    private double count(String result) {
        return meters.get("quiver.cache.requests")
                .tag("result", result)
                .counter()
                .count();
    }
}
