package io.quiver.gateway.auth;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/**
 * Signed tokens (JWT) of an issuer that the operator trusts. Only RS256, ES256 and EdDSA count, with a key of the
 * operator's set; what a token says of its key is a name to look up there, nothing else. Issuer, audience, subject and
 * expiry must be there.
 *
 * <p>A signature costs tens of microseconds to verify, so what was verified is kept for a minute, by the hash of the
 * token. Safe on every thread and never waits.
 */
final class Tokens {
    private static final int KEPT_MAX = 10_000;
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int CLOCK_SKEW_SECONDS = 30;
    private static final JsonMapper JSON = new JsonMapper();

    private final JwtSettings settings;
    private final TokenKeys keys;
    private final Clock clock;
    private final Cache<String, Verified> verified =
            Caffeine.newBuilder().maximumSize(KEPT_MAX).expireAfterWrite(KEPT).build();

    private record Verified(Caller caller, Instant expires) {}

    private Tokens(JwtSettings settings, TokenKeys keys, Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
    }

    static Tokens watch(JwtSettings settings, FileWatch watch, Clock clock) throws IOException {
        return new Tokens(settings, TokenKeys.watch(settings, watch), clock);
    }

    /** {@code null} for what is no token, or one that is not believed. */
    @Nullable Caller find(String token) {
        String hash = ApiKey.hash(token);
        Verified kept = verified.getIfPresent(hash);
        if (kept == null) {
            kept = verify(token);
            if (kept != null) {
                verified.put(hash, kept);
            }
        }
        return kept != null && clock.instant().isBefore(kept.expires) ? kept.caller : null;
    }

    private @Nullable Verified verify(String token) {
        try {
            JwtClaims claims = consumer().processToClaims(token);
            Instant expires = Instant.ofEpochMilli(claims.getExpirationTime().getValueInMillis())
                    .plusSeconds(CLOCK_SKEW_SECONDS);
            return new Verified(caller(claims), expires);
        } catch (InvalidJwtException
                | MalformedClaimException
                | QuiverException
                | IllegalArgumentException
                | ArithmeticException notBelieved) {
            return null;
        }
    }

    private Caller caller(JwtClaims claims) throws MalformedClaimException {
        Object grants = claims.getClaimValue(settings.grantsClaim());
        return new Caller(claims.getSubject(), "token", RightsJson.read(JSON.valueToTree(grants)), null);
    }

    private JwtConsumer consumer() {
        return new JwtConsumerBuilder()
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys.all()))
                .setJwsAlgorithmConstraints(
                        ConstraintType.PERMIT,
                        AlgorithmIdentifiers.RSA_USING_SHA256,
                        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
                        AlgorithmIdentifiers.EDDSA)
                .setExpectedIssuer(true, settings.issuer())
                .setExpectedAudience(true, settings.audience())
                .setRequireSubject()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                .build();
    }
}
