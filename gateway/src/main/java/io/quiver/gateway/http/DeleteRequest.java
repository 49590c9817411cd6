package io.quiver.gateway.http;

import io.quiver.executor.query.Filter;
import io.quiver.log.catalog.Schema;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the body of a delete. Belongs to one thread. */
final class DeleteRequest implements JsonCursor.FieldReader {
    private final Selection selection = new Selection();
    private @Nullable Integer limit;

    private DeleteRequest() {}

    static DeleteRequest read(RequestBody body) {
        DeleteRequest request = new DeleteRequest();
        new JsonCursor(body).readObject(request);
        request.check();
        return request;
    }

    @Override
    public boolean read(String name, JsonCursor in) {
        if (name.equals("limit")) {
            limit = in.value(name).orNull(JsonValue::count);
            return true;
        }
        return selection.read(name, in);
    }

    private void check() {
        List<String> ids = selection.ids();
        if (limit != null && !selection.hasWhere()) {
            throw QuiverException.invalid(
                    "Validation error: limit, where: limit can only be specified when a where clause is provided");
        }
        if (ids != null && ids.isEmpty() && !selection.hasWhere()) {
            throw QuiverException.invalid("Either ids or where must be specified");
        }
    }

    /** Whether the records must be looked for. */
    boolean hasWhere() {
        return selection.hasWhere();
    }

    /** The records named, existing or not, where {@link #hasWhere} is false; none where nothing was said. */
    List<Operation> operations() {
        List<String> ids = selection.ids();
        return ids == null
                ? List.of()
                : ids.stream().<Operation>map(Operation.Delete::new).toList();
    }

    Filter filter(Schema schema) {
        return selection.filter(schema);
    }

    int limit() {
        return Objects.requireNonNullElse(limit, Integer.MAX_VALUE);
    }
}
