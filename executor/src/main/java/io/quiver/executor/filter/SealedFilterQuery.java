package io.quiver.executor.filter;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.All;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.ArrayContains;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.DocumentMatches;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.In;
import io.quiver.executor.query.Filter.Not;
import io.quiver.executor.query.Filter.Or;
import io.quiver.executor.regex.Regex;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.util.FixedBitSet;

/**
 * One filter on its way through one index. Each part of it narrows a set of rows, what is cheap first: so documents are
 * looked at only where everything else has said yes. Belongs to one thread.
 */
final class SealedFilterQuery {
    private final MetadataIndex metadata;
    private final DocumentIndex documents;
    private final RowSource rows;
    private final LookedAt lookedAt;
    private final int rowCount;

    SealedFilterQuery(LeafReader reader, RowSource rows, LookedAt lookedAt) throws IOException {
        this.metadata = new MetadataIndex(reader, lookedAt);
        this.documents = new DocumentIndex(reader, rows, lookedAt);
        this.rows = rows;
        this.lookedAt = lookedAt;
        this.rowCount = reader.maxDoc();
    }

    /** The rows that a filter accepts, in a set of its own. */
    FixedBitSet accepted(Filter filter) throws IOException {
        FixedBitSet all = new FixedBitSet(rowCount);
        all.set(0, rowCount);
        retain(filter, all);
        return all;
    }

    /** Retains those of the rows that the filter accepts. */
    private void retain(Filter filter, FixedBitSet within) throws IOException {
        lookedAt.worked(rowCount / Byte.SIZE);
        switch (filter) {
            case All() -> {}
            case Ids(var ids) -> within.and(rowsOf(ids));
            case Equals(var key, var value) ->
                retainFound(within, found -> metadata.addEqual(key, List.of(value), found));
            case In(var key, var values) -> retainFound(within, found -> metadata.addEqual(key, values, found));
            case Compares(var key, var comparison, var bound) ->
                retainFound(within, found -> metadata.addCompared(key, comparison, bound, found));
            case ArrayContains(var key, var value) ->
                retainFound(within, found -> metadata.addContaining(key, value, found));
            case DocumentContains(var text) -> documents.retainContaining(text, within);
            case DocumentMatches(var regex) -> documents.retainMatching(Regex.compile(regex), within);
            case And(var operands) -> retainAll(operands, within);
            case Or(var operands) -> retainAny(operands, within);
            case Not(var operand) -> retainOthers(operand, within);
        }
    }

    private void retainFound(FixedBitSet within, Search search) throws IOException {
        FixedBitSet found = new FixedBitSet(rowCount);
        search.addTo(found);
        within.and(found);
    }

    private void retainAll(List<Filter> operands, FixedBitSet within) throws IOException {
        for (Filter operand : cheapFirst(operands)) {
            if (within.scanIsEmpty()) {
                return;
            }
            retain(operand, within);
        }
    }

    private void retainAny(List<Filter> operands, FixedBitSet within) throws IOException {
        FixedBitSet rejected = within.clone();
        for (Filter operand : cheapFirst(operands)) {
            retainOthers(operand, rejected);
        }
        within.andNot(rejected);
    }

    private void retainOthers(Filter operand, FixedBitSet within) throws IOException {
        FixedBitSet accepted = within.clone();
        retain(operand, accepted);
        within.andNot(accepted);
    }

    private FixedBitSet rowsOf(Set<String> ids) {
        FixedBitSet found = new FixedBitSet(rowCount);
        for (String id : ids) {
            int row = rows.rowOf(id);
            if (row >= 0) {
                found.set(row);
            }
        }
        return found;
    }

    private static List<Filter> cheapFirst(List<Filter> operands) {
        return operands.stream()
                .sorted(Comparator.comparingInt(SealedFilterQuery::cost))
                .toList();
    }

    /** How much of documents must be looked at: 0 nothing, 1 a little, 2 perhaps much. */
    private static int cost(Filter filter) {
        return switch (filter) {
            case All(), Ids _, Equals _, In _, Compares _, ArrayContains _ -> 0;
            case DocumentContains _ -> 1;
            case DocumentMatches _ -> 2;
            case And(var operands) -> cost(operands);
            case Or(var operands) -> cost(operands);
            case Not(var operand) -> cost(operand);
        };
    }

    private static int cost(List<Filter> operands) {
        return operands.stream().mapToInt(SealedFilterQuery::cost).max().orElse(0);
    }

    /** Adds rows to a set. */
    private interface Search {
        void addTo(FixedBitSet found) throws IOException;
    }
}
