package io.quiver.gateway.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of the log: the entry's fields, the hash of the line before, and last its own, SHA-256 of everything before
 * it.
 *
 * @param sequence counts lines from 1, without gaps
 */
record AuditLine(long sequence, String previous, String hash, String text) {
    /** Before the first line. */
    static final String NO_HASH = "0".repeat(64);

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern END = Pattern.compile(",\"hash\":\"([0-9a-f]{64})\"}$");

    /** The line of an entry behind another. */
    static AuditLine of(long sequence, String previous, Instant time, AuditEntry entry) {
        ObjectNode fields = JSON.createObjectNode()
                .put("sequence", sequence)
                .put("time", time.toString())
                .put("who", entry.who())
                .put("credential", entry.credential())
                .put("from", entry.from())
                .put("action", entry.action())
                .put("object", entry.object())
                .put("result", entry.result())
                .put("previous", previous);
        String json = fields.toString();
        String open = json.substring(0, json.length() - 1);
        String hash = sha256(open);
        return new AuditLine(sequence, previous, hash, open + ",\"hash\":\"" + hash + "\"}");
    }

    /** {@code null} for a line that is not as it was written. */
    static @Nullable AuditLine parse(String text) {
        Matcher end = END.matcher(text);
        if (!end.find()) {
            return null;
        }
        String hash = end.group(1);
        try {
            JsonNode fields = JSON.readTree(text);
            boolean isWhole = sha256(text.substring(0, end.start())).equals(hash);
            return isWhole
                    ? new AuditLine(
                            fields.path("sequence").asLong(),
                            fields.path("previous").asText(),
                            hash,
                            text)
                    : null;
        } catch (JsonProcessingException notJson) {
            return null;
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
