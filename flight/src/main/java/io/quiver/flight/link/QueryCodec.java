package io.quiver.flight.link;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Consistency.Pinned.Place;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.LogOffset;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a query but the embedding of a nearest one, as bytes, little-endian.
 *
 * <pre>
 * query = u8 kind, u64 u64 collection, consistency, i64 nanoseconds left, u8 projection bits,
 *         i64 skip, i32 limit or k, nearest alone: effort, search alone: {@link RankCodec rank}, u8 same filter as the
 *         query before?, else the filter (to the end)
 * consistency = u8 kind, u64 offset or number of a pinned view, which the consistency of that view follows
 * effort = u8 kind, i64 ef or bits of the f64 recall, u8 wishes (1 estimated recall, 2 explanation)
 * </pre>
 *
 * A deadline travels as the time left, for the clocks of two processes differ.
 */
final class QueryCodec {
    static final int NEAREST = 1;
    static final int SCAN = 2;
    static final int COUNT = 3;
    static final int SEARCH = 4;

    private static final int NEW_FILTER = 0;
    private static final int SAME_FILTER = 1;

    private static final int STRONG = 0;
    private static final int AT_LEAST = 1;
    private static final int INDEX_ONLY = 2;
    private static final int PINNED_FIRST = 3;
    private static final int PINNED_BETWEEN = 4;
    private static final int PINNED_LAST = 5;
    private static final int AT = 6;

    private final FilterCodec filters = new FilterCodec();

    /** {@code before} is the filter of the query before it in the same request: most requests have one filter. */
    static void write(GrowingBuffer out, Query query, @Nullable Filter before) {
        switch (query) {
            case Query.Nearest nearest -> {
                writeCommon(out, NEAREST, nearest, 0, nearest.k());
                EffortCodec.write(out, nearest);
            }
            case Query.Scan scan -> writeCommon(out, SCAN, scan, scan.skip(), scan.limit());
            case Query.Count count -> writeCommon(out, COUNT, count, 0, 0);
            case Query.Search search -> {
                writeCommon(out, SEARCH, search, search.skip(), search.limit());
                RankCodec.write(out, search);
            }
        }
        boolean isSame = query.filter().equals(before);
        out.putByte(isSame ? SAME_FILTER : NEW_FILTER);
        if (!isSame) {
            out.putBytes(FilterCodec.encode(query.filter()));
        }
    }

    static void writeCollection(GrowingBuffer out, CollectionId collection) {
        UUID id = collection.value();
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    static CollectionId readCollection(ByteBuffer in) {
        return new CollectionId(new UUID(in.getLong(), in.getLong()));
    }

    /** Reads what was written; throws {@link RuntimeException} for bytes that are not a query. */
    Query read(byte[] bytes, @Nullable Embedding embedding, @Nullable Filter before) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int kind = in.get();
        CollectionId collection = readCollection(in);
        Consistency consistency = readConsistency(in);
        Deadline deadline = Deadline.after(Duration.ofNanos(in.getLong()));
        Projection projection = readProjection(in.get());
        long skip = in.getLong();
        int limit = in.getInt();
        EffortCodec.Asked asked = kind == NEAREST ? EffortCodec.read(in) : EffortCodec.NOTHING;
        RankCodec.Asked ranking = kind == SEARCH ? RankCodec.read(in) : null;
        Filter filter = in.get() == SAME_FILTER ? present(before) : filters.decode(bytes, in.position());
        return switch (kind) {
            case NEAREST ->
                new Query.Nearest(
                        collection,
                        present(embedding),
                        limit,
                        filter,
                        projection,
                        consistency,
                        deadline,
                        asked.effort(),
                        asked.estimateRecall(),
                        asked.explain());
            case SCAN -> new Query.Scan(collection, skip, limit, filter, projection, consistency, deadline);
            case COUNT -> new Query.Count(collection, filter, consistency, deadline);
            case SEARCH ->
                new Query.Search(
                        collection,
                        present(ranking).rank(),
                        present(ranking).groupBy(),
                        skip,
                        limit,
                        filter,
                        projection,
                        consistency,
                        deadline);
            default -> throw new IllegalArgumentException("unknown kind of query: " + kind);
        };
    }

    private static void writeCommon(GrowingBuffer out, int kind, Query query, long skip, int limit) {
        out.putByte(kind);
        writeCollection(out, query.collection());
        writeConsistency(out, query.consistency());
        out.putLong(query.deadline().left().toNanos());
        out.putByte(bits(query.projection()));
        out.putLong(skip).putInt(limit);
    }

    private static void writeConsistency(GrowingBuffer out, Consistency consistency) {
        switch (consistency) {
            case Consistency.Strong() -> out.putByte(STRONG).putLong(0);
            case Consistency.AtLeast(var offset) -> out.putByte(AT_LEAST).putLong(offset.value());
            case Consistency.IndexOnly() -> out.putByte(INDEX_ONLY).putLong(0);
            case Consistency.At(var offset) -> out.putByte(AT).putLong(offset.value());
            case Consistency.Pinned(long number, var place, var first) -> {
                out.putByte(kind(place)).putLong(number);
                writeConsistency(out, first);
            }
        }
    }

    private static int kind(Place place) {
        return switch (place) {
            case FIRST -> PINNED_FIRST;
            case BETWEEN -> PINNED_BETWEEN;
            case LAST -> PINNED_LAST;
        };
    }

    private static Consistency readConsistency(ByteBuffer in) {
        int kind = in.get();
        long number = in.getLong();
        return switch (kind) {
            case PINNED_FIRST -> new Consistency.Pinned(number, Place.FIRST, readFreshness(in.get(), in.getLong()));
            case PINNED_BETWEEN -> new Consistency.Pinned(number, Place.BETWEEN, readFreshness(in.get(), in.getLong()));
            case PINNED_LAST -> new Consistency.Pinned(number, Place.LAST, readFreshness(in.get(), in.getLong()));
            default -> readFreshness(kind, number);
        };
    }

    private static Consistency readFreshness(int kind, long offset) {
        return switch (kind) {
            case STRONG -> Consistency.STRONG;
            case AT_LEAST -> new Consistency.AtLeast(new LogOffset(offset));
            case AT -> new Consistency.At(new LogOffset(offset));
            case INDEX_ONLY -> new Consistency.IndexOnly();
            default -> throw new IllegalArgumentException("unknown kind of consistency: " + kind);
        };
    }

    private static int bits(Projection projection) {
        return (projection.documents() ? 1 : 0)
                | (projection.embeddings() ? 2 : 0)
                | (projection.metadatas() ? 4 : 0)
                | (projection.uris() ? 8 : 0)
                | (projection.distances() ? 16 : 0);
    }

    private static Projection readProjection(int bits) {
        return new Projection((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0);
    }

    private static <T> T present(@Nullable T part) {
        if (part == null) {
            throw new IllegalArgumentException("a query lacks a part");
        }
        return part;
    }
}
