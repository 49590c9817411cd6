package io.quiver.log.catalog;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.record.QuiverException;
import java.util.regex.Pattern;

/**
 * What tenants, databases, collections and their metadata keys may be called, with the refusals of Chroma's API.
 *
 * <p>Pure functions, safe on every thread; each throws {@link QuiverException} with {@link ErrorCode#INVALID_ARGUMENT},
 * or with {@link ErrorCode#UNIMPLEMENTED} for {@code topology+name}.
 */
public final class Names {
    public static final int LENGTH_MIN = 3;
    public static final int LENGTH_MAX = 512;
    public static final int METADATA_KEYS_MAX = 1_024;
    public static final int METADATA_BYTES_MAX = 65_536;

    private static final Pattern ALPHABET = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{1,510}[a-zA-Z0-9]");
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    /** Version 4; the colons of version 6 are not in the alphabet. */
    private static final Pattern IP_ADDRESS = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

    private Names() {}

    /** Checks the name of a collection to be created. */
    public static void checkCollection(String name) {
        check("Validation error: name: ", name);
    }

    /** Checks the new name of a collection. */
    public static void checkNewCollectionName(String name) {
        check("Validation error: new_name: ", name);
    }

    /** Checks the name of a database to be created. */
    public static void checkDatabase(String name) {
        check("", name);
    }

    /** Checks the name of a database to be looked for, which need not be one that could be created. */
    public static void checkDatabaseLookup(String name) {
        checkLength("database_name", name);
    }

    /** Checks the name of a tenant to be created. */
    public static void checkTenant(String name) {
        checkLength("name", name);
        checkText("name", name);
    }

    /** Checks what a tenant is called in resource names. */
    public static void checkResourceName(String name) {
        if (name.isEmpty() || name.indexOf(':') >= 0) {
            throw QuiverException.invalid(
                    "Validation error: resource_name: Expected at least one character, and no ':'");
        }
        checkText("resource_name", name);
    }

    /** Checks the metadata of a collection: not empty, keys that may be used, a size that may be kept. */
    public static void checkMetadata(Metadata metadata) {
        check("Validation error: metadata: ", metadata);
    }

    /** Checks the new metadata of a collection. */
    public static void checkNewMetadata(Metadata metadata) {
        check("Validation error: new_metadata: ", metadata);
    }

    private static void check(String prefix, Metadata metadata) {
        if (metadata.isEmpty()) {
            throw QuiverException.invalid(prefix + "Metadata cannot be empty");
        }
        metadata.fields().keySet().forEach(key -> checkMetadataKey(prefix, key));
        checkSize(prefix, metadata);
    }

    private static void checkSize(String prefix, Metadata metadata) {
        int keys = metadata.fields().size();
        if (keys > METADATA_KEYS_MAX) {
            throw QuiverException.invalid(
                    prefix + "Expected at most %d metadata keys, got %d".formatted(METADATA_KEYS_MAX, keys));
        }
        int sizeBytes = MetadataCodec.encode(metadata).length;
        if (sizeBytes > METADATA_BYTES_MAX) {
            throw QuiverException.invalid(
                    prefix + "Expected at most %d bytes of metadata, got %d".formatted(METADATA_BYTES_MAX, sizeBytes));
        }
    }

    private static void checkMetadataKey(String prefix, String key) {
        if (key.isEmpty()) {
            throw QuiverException.invalid(prefix + "Metadata key cannot be empty");
        }
        if (key.startsWith("#") || key.startsWith("$")) {
            throw QuiverException.invalid(prefix + "Metadata key cannot start with '#' or '$': " + shown(key));
        }
    }

    private static void check(String prefix, String name) {
        if (name.indexOf('+') >= 0) {
            checkTopology(prefix, name);
        } else {
            checkPlain(prefix, name);
        }
    }

    private static void checkTopology(String prefix, String name) {
        String[] parts = name.split("\\+", -1);
        if (parts.length > 2) {
            throw QuiverException.invalid(
                    prefix + "Expected a name to contain at most one topology: Got two `+` characters.");
        }
        checkPlain(prefix, parts[0]);
        checkPlain(prefix, parts[1]);
        throw new QuiverException(ErrorCode.UNIMPLEMENTED, "Topology names are not supported: '+' in " + shown(name));
    }

    private static void checkPlain(String prefix, String name) {
        if (!ALPHABET.matcher(name).matches()) {
            throw QuiverException.invalid(
                    prefix + "Expected a name containing 3-512 characters from [a-zA-Z0-9._-], starting and ending"
                            + " with a character in [a-zA-Z0-9]. Got: " + shown(name));
        }
        if (name.contains("..")) {
            throw QuiverException.invalid(
                    prefix + "Expected a name that does not contains two consecutive periods (..). Got " + name);
        }
        if (IP_ADDRESS.matcher(name).matches()) {
            throw QuiverException.invalid(prefix + "Expected a name that is not a valid ip address. Got " + name);
        }
    }

    private static void checkLength(String field, String name) {
        if (name.codePointCount(0, name.length()) < LENGTH_MIN) {
            throw QuiverException.invalid(
                    "Validation error: %s: Validation error: length [{\"min\": Number(%d), \"value\": String(\"%s\")}]"
                            .formatted(field, LENGTH_MIN, quoted(name)));
        }
    }

    /** Whatever is not in a fixed alphabet must survive being stored, and be told from others after that. */
    private static void checkText(String field, String text) {
        if (text.length() > LENGTH_MAX) {
            throw QuiverException.invalid("Validation error: %s: Expected at most %d characters, got %d"
                    .formatted(field, LENGTH_MAX, text.length()));
        }
        if (text.codePoints().anyMatch(Names::isUnprintable)) {
            throw QuiverException.invalid(
                    "Validation error: %s: Expected no control characters and no unpaired surrogates".formatted(field));
        }
    }

    private static String quoted(String name) {
        return shown(name).replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static boolean isUnprintable(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }

    /** A message stays one line of bounded length, whatever was sent. */
    static String shown(String name) {
        String start = name.length() <= LENGTH_MAX ? name : name.substring(0, LENGTH_MAX) + "...";
        return start.codePoints().anyMatch(Names::isUnprintable)
                ? start.replaceAll("[\\p{Cntrl}\\p{Cs}]", "\uFFFD")
                : start;
    }
}
