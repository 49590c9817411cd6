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
import java.util.List;
import org.apache.lucene.index.LeafReader;

/**
 * About which share of the rows of an index a filter accepts: by the lengths of lists and the shapes of trees, without
 * reading a list or a record. Conditions are taken for independent of each other. Belongs to one thread.
 */
final class SealedEstimate {
    private final MetadataIndex metadata;
    private final DocumentIndex documents;
    private final int rowCount;

    SealedEstimate(LeafReader reader, RowSource rows) throws IOException {
        LookedAt unstopped = new LookedAt(() -> false);
        this.metadata = new MetadataIndex(reader, unstopped);
        this.documents = new DocumentIndex(reader, rows, unstopped);
        this.rowCount = reader.maxDoc();
    }

    /** From 0 to 1. */
    double of(Filter filter) throws IOException {
        return switch (filter) {
            case All() -> 1;
            case Ids(var ids) -> share(ids.size());
            case Equals(var key, var value) -> share(metadata.estimateEqual(key, List.of(value)));
            case In(var key, var values) -> share(metadata.estimateEqual(key, values));
            case Compares(var key, var comparison, var bound) ->
                share(metadata.estimateCompared(key, comparison, bound));
            case ArrayContains(var key, var value) -> share(metadata.estimateContaining(key, value));
            case DocumentContains(var text) -> share(documents.estimateContaining(text));
            case DocumentMatches(var regex) ->
                share(documents.estimateRequired(Regex.compile(regex).requiredText()));
            case And(var operands) -> all(operands);
            case Or(var operands) -> 1 - none(operands);
            case Not(var operand) -> 1 - of(operand);
        };
    }

    private double share(long rows) {
        return rowCount == 0 ? 0 : Math.min(1, (double) rows / rowCount);
    }

    private double all(List<Filter> operands) throws IOException {
        double product = 1;
        for (Filter operand : operands) {
            product *= of(operand);
        }
        return product;
    }

    private double none(List<Filter> operands) throws IOException {
        double product = 1;
        for (Filter operand : operands) {
            product *= 1 - of(operand);
        }
        return product;
    }
}
