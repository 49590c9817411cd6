package io.quiver.executor;

import io.quiver.executor.query.GroupBy;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the first records of each group. Belongs to one thread, within the life of its view. */
final class Grouping {
    /** Records between two looks at the clock. */
    private static final int CLOCK_RECORDS = 1024;

    private final GroupBy groupBy;
    private final FoundRecords records;
    private final Scores scores;
    private final QueryClock clock;

    Grouping(GroupBy groupBy, FoundRecords records, Scores scores, QueryClock clock) {
        this.groupBy = groupBy;
        this.records = records;
        this.scores = scores;
        this.clock = clock;
    }

    /** @param place in the order of scores */
    private record Member(int record, int place, List<@Nullable Scalar> order) {}

    /** Those of {@code ordered} that are kept, in their order. */
    int[] kept(int[] ordered) {
        Comparator<Member> order = Comparator.comparing(Member::order, ScalarOrder.LISTS);
        Comparator<Member> wanted = groupBy.isDescending() ? order.reversed() : order;
        return groups(ordered).values().stream()
                .flatMap(group -> group.stream().sorted(wanted).limit(groupBy.k()))
                .sorted(Comparator.comparingInt(Member::place))
                .mapToInt(Member::record)
                .toArray();
    }

    /** Reads the metadata of all records until the time runs out. */
    private Map<List<@Nullable Object>, List<Member>> groups(int[] ordered) {
        Map<List<@Nullable Object>, List<Member>> groups = new LinkedHashMap<>();
        for (int place = 0; place < ordered.length; place++) {
            if (place % CLOCK_RECORDS == 0 && clock.getAsBoolean()) {
                break;
            }
            int record = ordered[place];
            Metadata metadata = records.segment(record).metadata(records.row(record));
            groups.computeIfAbsent(group(metadata), _ -> new ArrayList<>())
                    .add(new Member(record, place, order(record, metadata)));
        }
        return groups;
    }

    private List<@Nullable Object> group(Metadata metadata) {
        List<@Nullable Object> group = new ArrayList<>();
        for (String key : groupBy.keys()) {
            group.add(ScalarOrder.identity(metadata.get(key)));
        }
        return group;
    }

    private List<@Nullable Scalar> order(int record, Metadata metadata) {
        List<@Nullable Scalar> order = new ArrayList<>();
        for (String key : groupBy.order()) {
            boolean isScore = key.equals(GroupBy.SCORE);
            order.add(isScore ? new Real(scores.score(record)) : scalar(metadata.get(key)));
        }
        return order;
    }

    private static @Nullable Scalar scalar(@Nullable MetadataValue value) {
        return value instanceof Scalar scalar ? scalar : null;
    }
}
