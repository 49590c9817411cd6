package io.quiver.gateway.http;

import io.quiver.log.record.QuiverException;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Bodies of refusals that come by the thousand, made once. Safe on every thread. */
final class AlikeRefusals {
    /** Their words are constants of the program: there are a few. */
    private static final ConcurrentMap<String, Buffer> BODIES = new ConcurrentHashMap<>();

    private AlikeRefusals() {}

    static Answer answer(QuiverException refusal, String traceId) {
        Buffer body = BODIES.computeIfAbsent(refusal.getMessage(), _ -> Problems.body(refusal));
        return Problems.answer(refusal, traceId, body);
    }
}
