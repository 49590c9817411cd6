package io.quiver.gateway.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What the subjects of certificates may do, from a file that is read again when it changes: {@code
 * {"CN=search-app,O=Acme": [{"role":"read-only","tenant":"acme"}]}}. Names are compared as certificates mean them, not
 * letter by letter. Safe on every thread.
 */
final class Subjects {
    private final Path file;
    private volatile Map<String, Caller> callers = Map.of();

    private Subjects(Path file) {
        this.file = file;
    }

    static Subjects watch(Path file, FileWatch watch) throws IOException {
        Subjects subjects = new Subjects(file);
        watch.add(List.of(file), subjects::read);
        return subjects;
    }

    private void read() throws IOException {
        try {
            Map<String, Caller> next = new HashMap<>();
            JsonNode root = new JsonMapper().readTree(Files.readAllBytes(file));
            root.properties().forEach(entry -> {
                String subject = canonical(entry.getKey());
                next.put(subject, new Caller(entry.getKey(), "certificate", RightsJson.read(entry.getValue()), null));
            });
            callers = Map.copyOf(next);
        } catch (JsonProcessingException | QuiverException | IllegalArgumentException wrong) {
            throw new IOException("%s must be an object of grants by subject: %s".formatted(file, wrong.getMessage()));
        }
    }

    private static String canonical(String subject) {
        return new X500Principal(subject).getName(X500Principal.CANONICAL);
    }

    /** {@code null} for a subject that the file lacks. */
    @Nullable Caller find(String subject) {
        return callers.get(canonical(subject));
    }
}
