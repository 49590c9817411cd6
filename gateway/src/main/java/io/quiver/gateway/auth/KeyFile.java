package io.quiver.gateway.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The file of API keys in a data directory, {@code auth/keys.json}: {@code {"version":1,"keys":[...]}}, readable by its
 * owner alone. It is replaced as a whole, so a reader finds the old keys or the new ones; who changes it holds {@code
 * auth/lock}.
 *
 * <p>Blocks; a server reads it on the thread that watches files, the command line changes it, also while a server runs.
 */
public final class KeyFile {
    private static final int VERSION = 1;
    private static final long BYTES_MAX = 64 << 20;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path file;

    private KeyFile(Path file) {
        this.file = file;
    }

    /** Of a data directory; neither need exist. */
    public static KeyFile in(Path dataDirectory) {
        return new KeyFile(dataDirectory.resolve("auth").resolve("keys.json"));
    }

    Path path() {
        return file;
    }

    /** None where there is no file; throws {@link IOException} for one that cannot be read or understood. */
    public List<ApiKey> read() throws IOException {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException("%s is larger than %d bytes".formatted(file, BYTES_MAX));
            }
            return parse(JSON.readTree(Files.readAllBytes(file)));
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (JsonProcessingException | QuiverException | DateTimeException damaged) {
            // the text of the file must not get into a log, so its problem does not either
            throw new IOException("%s cannot be understood".formatted(file), scrubbed(damaged));
        }
    }

    private static @Nullable Throwable scrubbed(Exception damaged) {
        return damaged instanceof QuiverException refusal ? refusal : null;
    }

    private static List<ApiKey> parse(JsonNode root) throws IOException {
        if (root.path("version").asInt() != VERSION || !root.path("keys").isArray()) {
            throw new IOException("the file of keys has another version than " + VERSION);
        }
        List<ApiKey> keys = new ArrayList<>();
        root.get("keys").forEach(key -> keys.add(key(key)));
        return keys;
    }

    private static ApiKey key(JsonNode key) {
        String expires = key.path("expires").textValue();
        return new ApiKey(
                required(key, "id"),
                required(key, "name"),
                required(key, "sha256"),
                RightsJson.read(key.get("grants")),
                key.get("where"),
                Instant.parse(required(key, "created")),
                expires == null ? null : Instant.parse(expires));
    }

    private static String required(JsonNode key, String field) {
        String text = key.path(field).textValue();
        if (text == null) {
            throw QuiverException.invalid("a key lacks '%s'".formatted(field));
        }
        return text;
    }

    /** Replaces the keys by what {@code change} makes of them, while nobody else changes them. */
    public void change(UnaryOperator<List<ApiKey>> change) throws IOException {
        Path directory = file.resolveSibling("");
        createDirectories(directory);
        try (FileChannel lock = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = lock.lock()) {
            write(directory, JSON.writeValueAsBytes(tree(change.apply(read()))));
        }
    }

    private static void createDirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
        }
    }

    private void write(Path directory, byte[] json) throws IOException {
        Path next = Files.createTempFile(directory, "keys", ".next", OWNER_ONLY);
        try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(json);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(directory)) {
            folder.force(true);
        }
    }

    private static ObjectNode tree(List<ApiKey> keys) {
        ObjectNode root = JSON.createObjectNode().put("version", VERSION);
        var array = root.putArray("keys");
        keys.forEach(key -> write(array.addObject(), key));
        return root;
    }

    private static void write(ObjectNode out, ApiKey key) {
        out.put("id", key.id()).put("name", key.name()).put("sha256", key.secretHash());
        out.set("grants", RightsJson.write(key.rights()));
        if (key.where() != null) {
            out.set("where", key.where());
        }
        out.put("created", key.created().toString());
        if (key.expires() != null) {
            out.put("expires", key.expires().toString());
        }
    }
}
