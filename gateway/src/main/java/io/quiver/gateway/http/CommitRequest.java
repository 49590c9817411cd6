package io.quiver.gateway.http;

import io.quiver.log.Unchanged;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of a conditional commit. Belongs to one thread. */
final class CommitRequest implements JsonCursor.FieldReader {
    private @Nullable LogOffset readToken;
    private @Nullable List<String> readIds;
    private @Nullable List<Operation> operations;

    private CommitRequest() {}

    static CommitRequest read(RequestBody body) {
        CommitRequest request = new CommitRequest();
        int end = new JsonCursor(body).readObject(request);
        if (request.operations == null) {
            throw BadBody.missingField(body, "operations", end);
        }
        if (request.readToken == null && !request.ids().isEmpty()) {
            throw QuiverException.invalid("Validation error: read_ids: They need the read_token of the read");
        }
        return request;
    }

    @Override
    public boolean read(String name, JsonCursor in) {
        switch (name) {
            case "read_token" -> readToken = ConditionalGetRequest.token(in.value(name));
            case "read_ids" -> readIds = in.value(name).orNull(JsonValue::ids);
            case "operations" -> operations = readOperations(name, in);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static List<Operation> readOperations(String name, JsonCursor in) {
        List<Operation> all = new ArrayList<>();
        if (!in.take('[')) {
            throw BadBody.shape(name + ": " + in.value(name).wrongType("a sequence"));
        }
        if (in.take(']')) {
            return all;
        }
        int index = 0;
        do {
            String path = "%s[%d]".formatted(name, index++);
            FieldsRequest operation = FieldsRequest.read(in.value(path).asBody(), "operation", "payload");
            all.addAll(operations(operation));
            RequestLimits.require(name, all.size(), in.body().limits().idsMax(), " records");
        } while (in.hasMore(']', "list"));
        return all;
    }

    private static List<Operation> operations(FieldsRequest operation) {
        String kind = operation.requiredText("operation");
        RequestBody payload = operation.required("payload").asBody();
        return switch (kind) {
            case "add" -> RecordsRequest.read(payload, RecordsRequest.Kind.ADD);
            case "update" -> RecordsRequest.read(payload, RecordsRequest.Kind.UPDATE);
            case "upsert" -> RecordsRequest.read(payload, RecordsRequest.Kind.UPSERT);
            case "delete" -> deletes(DeleteRequest.read(payload));
            default ->
                throw BadBody.shape(
                        "operations: unknown variant `%s`, expected one of `add`, `update`, `upsert`, `delete`"
                                .formatted(BadBody.shortened(kind, 64)));
        };
    }

    /** What a filter matches at the commit is not what its caller read. */
    private static List<Operation> deletes(DeleteRequest request) {
        if (request.hasWhere()) {
            throw QuiverException.invalid("A conditional delete names its records by ids, not by a filter");
        }
        return request.operations();
    }

    List<Operation> operations() {
        return Objects.requireNonNull(operations);
    }

    /** What must not have been written to since the read; {@code null} where the commit rests on none. */
    @Nullable Unchanged condition() {
        if (readToken == null) {
            return null;
        }
        Set<String> ids = new HashSet<>(ids());
        operations().forEach(operation -> ids.add(operation.id()));
        return new Unchanged(ids, readToken);
    }

    private List<String> ids() {
        return Objects.requireNonNullElse(readIds, List.of());
    }
}
