package io.quiver.gateway.auth;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of a server, as its file has them: a change counts within two seconds. Safe on every thread. */
final class LiveKeys {
    private final KeyFile file;
    private final AuditTrail audit;
    private final Clock clock;
    private volatile Map<String, Known> keys = Map.of();

    /** A key and who it makes its bearer, made once. */
    private record Known(ApiKey key, Caller caller) {}

    private LiveKeys(KeyFile file, AuditTrail audit, Clock clock) {
        this.file = file;
        this.audit = audit;
        this.clock = clock;
    }

    static LiveKeys watch(KeyFile file, FileWatch watch, AuditTrail audit, Clock clock) throws IOException {
        LiveKeys keys = new LiveKeys(file, audit, clock);
        watch.add(List.of(file.path()), keys::read);
        return keys;
    }

    private void read() throws IOException {
        Map<String, Known> before = keys;
        keys = file.read().stream()
                .map(key -> new Known(key, key.caller()))
                .collect(Collectors.toUnmodifiableMap(known -> known.key.id(), Function.identity()));
        note("keys read", keys, before);
        note("keys revoked", before, keys);
    }

    private void note(String what, Map<String, Known> ours, Map<String, Known> theirs) {
        List<String> ids = ours.values().stream()
                .filter(known -> !theirs.containsKey(known.key.id()))
                .map(known -> known.key.toString())
                .sorted()
                .toList();
        if (!ids.isEmpty()) {
            audit.noticed(what, String.join(", ", ids));
        }
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** {@code null} for a token that is no key, or one that is not live. */
    @Nullable Caller find(String token) {
        int dot = token.indexOf('.');
        if (dot < 0) {
            return null;
        }
        Known known = keys.get(token.substring(0, dot));
        return known != null && known.key.isOpenedBy(token.substring(dot + 1)) && known.key.isLive(clock.instant())
                ? known.caller
                : null;
    }
}
