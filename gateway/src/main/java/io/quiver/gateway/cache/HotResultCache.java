package io.quiver.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
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
    private static final int ENTRY_OVERHEAD_BYTES = 240;

    /** An answer larger than this share of the cache would push out too many others. */
    private static final int LARGEST_SHARE = 16;

    private final long sizeBytesMax;
    private final Cache<Question, Buffer> answers;
    private final AskedBefore askedBefore = new AskedBefore();
    private volatile boolean isCrowded;
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
                .evictionListener(this::left)
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
     * What is asked beside the body.
     *
     * @param route its template
     * @param parameters of the path; empty where all is in the body
     * @param contentType that the answer has
     * @param ef beam width of the collection
     */
    public record Asked(String route, String parameters, String contentType, int ef) {}

    /**
     * A question as the cache tells it from others.
     *
     * @param head newest acknowledged offset of the collection, read before anything else of the request
     * @param asked with the body, everything that the answer depends on
     * @param body given away by the caller, who must not change it
     */
    public static Question question(CollectionId collection, LogOffset head, Asked asked, byte[] body) {
        return new Question(collection, head, asked, body);
    }

    /**
     * The answer that was kept for this very question.
     *
     * @return shared with others: to be written, never changed
     */
    public @Nullable Buffer find(Question question) {
        Buffer answer = sizeBytesMax == 0 ? null : answers.getIfPresent(question);
        (answer == null ? misses : hits).increment();
        return answer;
    }

    /**
     * Keeps a complete answer, which shows the state at the question's offset; one that is marked partial does not
     * belong here. Where others must leave for it, it is kept only when its question comes for the second time.
     *
     * @param answer given away by the caller, who may still write it but must not change it
     */
    public void keep(Question question, Buffer answer) {
        boolean fits = (long) question.sizeBytes() + answer.length() <= sizeBytesMax / LARGEST_SHARE;
        if (fits && (!isCrowded || askedBefore.remember(question.requestHash))) {
            answers.put(question, answer);
        }
    }

    private double sizeBytes() {
        return answers.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    private static int weightBytes(Question question, Buffer answer) {
        return ENTRY_OVERHEAD_BYTES + question.sizeBytes() + answer.length();
    }

    private void left(@Nullable Question question, @Nullable Buffer answer, RemovalCause cause) {
        isCrowded = true;
    }

    /** What an answer is found by. */
    public static final class Question {
        private final CollectionId collection;
        private final LogOffset offset;
        private final Asked asked;
        private final byte[] body;
        private final int requestHash;

        private Question(CollectionId collection, LogOffset offset, Asked asked, byte[] body) {
            this.collection = collection;
            this.offset = offset;
            this.asked = asked;
            this.body = body;
            this.requestHash = (collection.hashCode() * 31 + asked.hashCode()) * 31 + Arrays.hashCode(body);
        }

        private int sizeBytes() {
            return asked.parameters.length() + body.length;
        }

        /** The offset whose state an answer shows. */
        public LogOffset offset() {
            return offset;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Question that
                    && requestHash == that.requestHash
                    && offset.equals(that.offset)
                    && collection.equals(that.collection)
                    && asked.equals(that.asked)
                    && Arrays.equals(body, that.body);
        }

        @Override
        public int hashCode() {
            return requestHash * 31 + offset.hashCode();
        }
    }
}
