package io.quiver.gateway.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HotResultCacheTest {
    private static final long MEBIBYTE = 1 << 20;

    private static final HotResultCache.Asked ASKED = new HotResultCache.Asked("/query", "", "application/json", 100);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HotResultCache cache = new HotResultCache(MEBIBYTE, meters);
    private final CollectionId collection = CollectionId.random();
    private final Buffer request = Buffer.buffer("query {\"n_results\":3}");

    @Test
    void findsTheSameQuestionAtTheSameOffset() {
        keep(7, request, Buffer.buffer("answer"));
        assertEquals(Buffer.buffer("answer"), find(7, request));
        assertEquals(1, count("hit"));
    }

    @Test
    void findsNothingForAnotherOffsetCollectionOrByte() {
        keep(7, request, Buffer.buffer("answer"));
        assertNull(find(8, request));
        assertNull(find(6, request));
        assertNull(cache.find(
                HotResultCache.question(CollectionId.random(), new LogOffset(7), ASKED, request.getBytes())));
        assertNull(find(7, Buffer.buffer("query {\"n_results\":4}")));
        assertEquals(4, count("miss"));
    }

    @Test
    void findsNothingWhereSomethingElseThanTheBodyDiffers() {
        keep(7, request, Buffer.buffer("answer"));
        for (HotResultCache.Asked other : List.of(
                new HotResultCache.Asked("/get", "", "application/json", 100),
                new HotResultCache.Asked("/query", "k=3", "application/json", 100),
                new HotResultCache.Asked("/query", "", "application/vnd.apache.arrow.stream", 100),
                new HotResultCache.Asked("/query", "", "application/json", 101))) {
            assertNull(
                    cache.find(HotResultCache.question(collection, new LogOffset(7), other, request.getBytes())),
                    other.toString());
        }
    }

    @Test
    void whenItIsFullItKeepsWhatIsAskedTwice() {
        for (int i = 0; i < 1000; i++) {
            keep(i, Buffer.buffer("old " + i), Buffer.buffer(new byte[10_000]));
        }
        Buffer hot = Buffer.buffer("asked again");
        keep(1, hot, Buffer.buffer("answer"));
        assertNull(find(1, hot));
        keep(1, hot, Buffer.buffer("answer"));
        assertEquals(Buffer.buffer("answer"), find(1, hot));
    }

    @Test
    void staysWithinItsBytes() {
        for (int i = 0; i < 1000; i++) {
            keep(i, request, Buffer.buffer(new byte[10_000]));
        }
        double held = meters.get("quiver.cache.bytes").gauge().value();
        assertTrue(held > 0 && held <= MEBIBYTE, held + " bytes");
    }

    @Test
    void keepsNothingThatWouldPushOutTooMuchOrWhenSwitchedOff() {
        keep(1, request, Buffer.buffer(new byte[100_000]));
        assertNull(find(1, request));
        var off = new HotResultCache(0, new SimpleMeterRegistry());
        off.keep(question(1, request), Buffer.buffer("answer"));
        assertNull(off.find(question(1, request)));
    }

    /**
     * One thread writes: it changes the value, then acknowledges by moving the head. Readers ask as the gateway does:
     * head first, then the cache, else the value of that moment with its own offset. A hit must show the head that was
     * read, or a later one.
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
            Buffer hit = find(acknowledged, question);
            if (hit != null) {
                assertTrue(hit.getLong(0) >= acknowledged, hit.getLong(0) + " is older than " + acknowledged);
            } else {
                Version seen = state.get();
                keep(seen.offset(), question, Buffer.buffer().appendLong(seen.offset()));
            }
        } while (writer.isAlive());
        writer.join();
        assertTrue(count("miss") > 0);
    }

    private void keep(long offset, Buffer request, Buffer answer) {
        cache.keep(question(offset, request), answer);
    }

    private @Nullable Buffer find(long offset, Buffer request) {
        return cache.find(question(offset, request));
    }

    private HotResultCache.Question question(long offset, Buffer request) {
        return HotResultCache.question(collection, new LogOffset(offset), ASKED, request.getBytes());
    }

    private double count(String result) {
        return meters.get("quiver.cache.requests")
                .tag("result", result)
                .counter()
                .count();
    }
}
