package io.quiver.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request shows of who sends it, before its body is read.
 *
 * @param token of {@code x-chroma-token} or {@code authorization}; {@code null} where there is none that can be read
 * @param from the address it comes from
 * @param subject of the certificate that the connection proved; {@code null} where there is none
 */
public record Presented(
        @Nullable String token, String from, @Nullable String subject) {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    /**
     * Reads the headers of a request.
     *
     * @param header the value of a header by its name in small letters, {@code null} where it is absent
     */
    public static Presented of(Function<String, @Nullable String> header, String from, @Nullable String subject) {
        String chroma = header.apply("x-chroma-token");
        String authorization = header.apply("authorization");
        String shown = chroma == null ? authorization : chroma;
        return new Presented(shown == null ? null : token(shown.strip()), from, subject);
    }

    /** Whether there is anything to know the caller by. */
    public boolean isNothing() {
        return token == null && subject == null;
    }

    private static @Nullable String token(String shown) {
        String lower =
                shown.substring(0, Math.min(shown.length(), BEARER.length())).toLowerCase(Locale.ROOT);
        if (lower.equals(BEARER)) {
            return shown.substring(BEARER.length()).strip();
        }
        return lower.startsWith(BASIC) ? basic(shown.substring(BASIC.length()).strip()) : shown;
    }

    /** The user is the id of a key and the password its secret, or the password is the whole key. */
    private static @Nullable String basic(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            String password = pair.substring(colon + 1);
            return colon < 0 || password.indexOf('.') >= 0 ? password : pair.substring(0, colon) + '.' + password;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "request from " + from;
    }
}
