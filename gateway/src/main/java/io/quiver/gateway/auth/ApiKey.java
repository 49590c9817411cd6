package io.quiver.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.executor.query.FilterJson;
import io.quiver.executor.query.QueryLimits;
import io.quiver.log.record.QuiverException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API key as the server keeps it: everything but its secret, of which it keeps a hash. 256 random bits cannot be
 * guessed, so one pass of SHA-256 is enough, and costs a request nothing.
 *
 * @param id by which it is found, shown and revoked
 * @param name whose it is; keys of one name are one caller
 * @param secretHash SHA-256 of the secret, in hexadecimal digits
 * @param expires {@code null} for never
 * @param where condition on metadata that every record seen with this key meets; {@code null} for none
 */
public record ApiKey(
        String id,
        String name,
        String secretHash,
        Rights rights,
        @Nullable JsonNode where,
        Instant created,
        @Nullable Instant expires) {
    private static final String PREFIX = "qk_";
    private static final int ID_BYTES = 9;
    private static final int SECRET_BYTES = 32;
    private static final Pattern NAME = Pattern.compile("[\\w.@+-]{1,128}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public ApiKey {
        if (!NAME.matcher(name).matches()) {
            throw QuiverException.invalid(
                    "a key's name must be 1 to 128 letters, digits and . _ @ + -, not '%s'".formatted(name));
        }
        if (rights.grants().isEmpty()) {
            throw QuiverException.invalid("a key needs a role");
        }
        requireReadOnly(where, rights.grants());
    }

    /** A filter says what may be read; who may write past it could change or take the place of what it hides. */
    private static void requireReadOnly(@Nullable JsonNode where, List<Grant> grants) {
        if (where != null) {
            FilterJson.readWhere(where, QueryLimits.HIGHEST);
            if (grants.stream().anyMatch(grant -> grant.role() != Role.READ_ONLY)) {
                throw QuiverException.invalid("a key with a filter must have the role read-only");
            }
        }
    }

    /** A new key, and the only time that its secret is known. */
    public record Created(ApiKey key, String secret) {
        /** What its owner must keep. */
        public String token() {
            return key.id + "." + secret;
        }

        /** Never the secret. */
        @Override
        public String toString() {
            return "new key " + key.id;
        }
    }

    public static Created create(
            String name, Rights rights, @Nullable JsonNode where, Instant now, @Nullable Instant expires) {
        String secret = random(SECRET_BYTES);
        String id = PREFIX + random(ID_BYTES).replace('-', 'A').replace('_', 'B');
        return new Created(new ApiKey(id, name, hash(secret), rights, where, now, expires), secret);
    }

    private static String random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String hash(String secret) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Takes the same time whatever the secret is. */
    boolean isOpenedBy(String secret) {
        return MessageDigest.isEqual(
                hash(secret).getBytes(StandardCharsets.US_ASCII), secretHash.getBytes(StandardCharsets.US_ASCII));
    }

    public boolean isLive(Instant now) {
        return expires == null || now.isBefore(expires);
    }

    Caller caller() {
        return new Caller(
                name, "key " + id, rights, where == null ? null : FilterJson.readWhere(where, QueryLimits.HIGHEST));
    }

    /** Never the hash. */
    @Override
    public String toString() {
        return "key %s of %s %s".formatted(id, name, rights);
    }
}
