package io.quiver.executor;

import io.quiver.executor.query.GroupBy;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

    /**
     * @param place in the order of scores
     * @param fields what orders the group, nothing in place of the score
     */
    private record Member(int record, int place, float score, List<@Nullable Scalar> fields) {}

    /** Those of {@code ordered} that are kept, in their order. */
    int[] kept(int[] ordered) {
        Comparator<Member> wanted = groupBy.isDescending() ? order().reversed() : order();
        return groups(ordered).values().stream()
                .flatMap(group -> group.stream().sorted(wanted).limit(groupBy.k()))
                .sorted(Comparator.comparingInt(Member::place))
                .mapToInt(Member::record)
                .toArray();
    }

    private Comparator<Member> order() {
        return IntStream.range(0, groupBy.order().size())
                .mapToObj(this::orderBy)
                .reduce(Comparator::thenComparing)
                .orElseThrow();
    }

    private Comparator<Member> orderBy(int key) {
        return groupBy.order().get(key).equals(GroupBy.SCORE)
                ? (left, right) -> left.score == right.score ? 0 : Float.compare(left.score, right.score)
                : (left, right) -> ScalarOrder.compare(left.fields.get(key), right.fields.get(key));
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
                    .add(new Member(record, place, scores.score(record), fields(metadata)));
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

    /** Nothing where a record lacks the field, or has a list there. */
    private List<@Nullable Scalar> fields(Metadata metadata) {
        List<@Nullable Scalar> fields = new ArrayList<>();
        for (String key : groupBy.order()) {
            fields.add(metadata.get(key) instanceof Scalar scalar ? scalar : null);
        }
        return fields;
    }
}
