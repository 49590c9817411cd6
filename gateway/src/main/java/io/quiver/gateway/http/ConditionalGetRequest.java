package io.quiver.gateway.http;

import io.quiver.log.Unchanged;
import io.quiver.log.record.LogOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of a conditional get: that of a get, and the token of an earlier read. Belongs to one thread. */
final class ConditionalGetRequest implements JsonCursor.FieldReader {
    private final GetRequest get = new GetRequest();
    private @Nullable LogOffset readToken;

    private ConditionalGetRequest() {}

    static ConditionalGetRequest read(RequestBody body) {
        ConditionalGetRequest request = new ConditionalGetRequest();
        new JsonCursor(body).readObject(request);
        return request;
    }

    @Override
    public boolean read(String name, JsonCursor in) {
        if (name.equals("read_token")) {
            readToken = token(in.value(name));
            return true;
        }
        return get.read(name, in);
    }

    /** {@code null} where there is none. */
    static @Nullable LogOffset token(JsonValue value) {
        return value.orNull(given -> new LogOffset(given.longCount()));
    }

    GetRequest get() {
        return get;
    }

    /** Of the earlier read that this one belongs to, {@code null} for the first. */
    @Nullable LogOffset readToken() {
        return readToken;
    }

    /** What makes an answer of now that of the earlier read: a filter could have matched any record. */
    Unchanged condition(LogOffset since) {
        List<String> ids = get.ids();
        return ids == null ? Unchanged.collectionSince(since) : new Unchanged(Set.copyOf(ids), since);
    }
}
