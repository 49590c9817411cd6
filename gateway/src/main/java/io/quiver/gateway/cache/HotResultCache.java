package io.quiver.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encoded answers by collection, log offset and the exact bytes of the request.
 *
 * <p>A hit is never stale: the key holds the offset whose state the answer shows, and the caller asks with the newest
 * offset that has been acknowledged. A write moves that offset, so that older answers cannot be found any more; they
 * leave as room is needed. Hits and misses are counted as {@code quiver_cache_requests_total{result}}.
 */
public final class HotResultCache {
    /** Objects, key and map node around the bytes of an entry, about. */
    private static final int ENTRY_OVERHEAD_BYTES = 200;

    /** An answer larger than this share of the cache would push out too many others. */
    private static final int LARGEST_SHARE = 16;

    private final long sizeBytesMax;
    private final Cache<Key, Buffer> answers;
    private final Counter hits;
    private final Counter misses;

    /** An empty cache of at most so many bytes of requests and answers; 0 keeps nothing. */
    public HotResultCache(long sizeBytesMax, MeterRegistry meters) {
        if (sizeBytesMax < 0) {
            throw new IllegalArgumentException("size of the cache must not be negative: " + sizeBytesMax);
        }
        this.sizeBytesMax = sizeBytesMax;
        this.answers = Caffeine.newBuilder()
                .maximumWeight(sizeBytesMax)
                .weigher(HotResultCache::weightBytes)
                .executor(Runnable::run)
                .build();
        this.hits = counter(meters, "hit");
        this.misses = counter(meters, "miss");
        Gauge.builder("quiver.cache.bytes", this, HotResultCache::sizeBytes)
                .strongReference(true)
                .description("Bytes of requests and answers in the hot-result cache")
                .register(meters);
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("quiver.cache.requests")
                .description("Look-ups in the hot-result cache")
                .tag("result", result)
                .register(meters);
    }

    /**
     * The answer that was kept for these very bytes at this very offset.
     *
     * @param head newest acknowledged offset of the collection, read before anything else of the request
     * @param request everything that the answer depends on: the route and the body
     * @return shared with others: to be written, never changed
     */
    public @Nullable Buffer find(CollectionId collection, LogOffset head, Buffer request) {
        Buffer answer = sizeBytesMax == 0 ? null : answers.getIfPresent(new Key(collection, head, request.getBytes()));
        (answer == null ? misses : hits).increment();
        return answer;
    }

    /**
     * Keeps a complete answer; one that is marked partial does not belong here.
     *
     * @param answeredAt the offset whose state the answer shows
     * @param answer given away by the caller, who may still write it but must not change it
     */
    public void keep(CollectionId collection, LogOffset answeredAt, Buffer request, Buffer answer) {
        if ((long) request.length() + answer.length() <= sizeBytesMax / LARGEST_SHARE) {
            answers.put(new Key(collection, answeredAt, request.getBytes()), answer);
        }
    }

    private double sizeBytes() {
        return answers.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    private static int weightBytes(Key key, Buffer answer) {
        return ENTRY_OVERHEAD_BYTES + key.request.length + answer.length();
    }

    private record Key(CollectionId collection, LogOffset offset, byte[] request) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(var otherCollection, var otherOffset, var otherRequest)
                    && offset.equals(otherOffset)
                    && collection.equals(otherCollection)
                    && Arrays.equals(request, otherRequest);
        }

        @Override
        public int hashCode() {
            return (collection.hashCode() * 31 + offset.hashCode()) * 31 + Arrays.hashCode(request);
        }
    }
}
