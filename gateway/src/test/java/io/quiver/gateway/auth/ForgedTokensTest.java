package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are believed, and every way of forging one that we know. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForgedTokensTest {
    private static final String ISSUER = "https://issuer.example";
    private static final String AUDIENCE = "quiver";

    private PublicJsonWebKey rsa;
    private PublicJsonWebKey ec;
    private PublicJsonWebKey ed;
    private PublicJsonWebKey strangerRsa;
    private PublicJsonWebKey strangerEc;
    private String keySet;

    @BeforeAll
    void makeKeys() throws JoseException {
        rsa = named(RsaJwkGenerator.generateJwk(2048), "rsa");
        ec = named(EcJwkGenerator.generateJwk(EllipticCurves.P256), "ec");
        ed = named(OkpJwkGenerator.generateJwk("Ed25519"), "ed");
        strangerRsa = named(RsaJwkGenerator.generateJwk(2048), "rsa");
        strangerEc = named(EcJwkGenerator.generateJwk(EllipticCurves.P256), "ec");
        keySet = new JsonWebKeySet(rsa, ec, ed).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private static PublicJsonWebKey named(PublicJsonWebKey key, String id) {
        key.setKeyId(id);
        return key;
    }

    @Test
    void believesTheThreeAlgorithms(@TempDir Path directory) throws Exception {
        try (var gatekeeper = gatekeeper(directory)) {
            for (String token : List.of(
                    signed("RS256", rsa.getPrivateKey(), "rsa", _ -> {}),
                    signed("ES256", ec.getPrivateKey(), "ec", _ -> {}),
                    signed("EdDSA", ed.getPrivateKey(), "ed", _ -> {}))) {
                Caller caller = gatekeeper.identify(new Presented(token, "here", null));
                assertEquals("someone", caller.name());
                assertEquals(Rights.of(new Grant(Role.READ_ONLY, new Scope("acme", null, null))), caller.rights());
                assertEquals(caller, gatekeeper.identify(new Presented(token, "here", null)));
            }
        }
    }

    @Test
    void readsKeysFromAUrl(@TempDir Path directory) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/keys", exchange -> {
            byte[] body = keySet.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        var settings = new JwtSettings(null, url, ISSUER, AUDIENCE, "quiver_grants");
        try (var gatekeeper = gatekeeper(directory, settings)) {
            String token = signed("ES256", ec.getPrivateKey(), "ec", _ -> {});
            assertNotNull(gatekeeper.identify(new Presented(token, "here", null)));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void wantsKeysFromOnePlaceThatCanBeTrusted() {
        URI far = URI.create("http://issuer.example/keys");
        assertThrows(
                IllegalArgumentException.class, () -> new JwtSettings(null, far, ISSUER, AUDIENCE, "quiver_grants"));
        assertThrows(
                IllegalArgumentException.class, () -> new JwtSettings(null, null, ISSUER, AUDIENCE, "quiver_grants"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new JwtSettings(Path.of("keys"), null, ISSUER, " ", "quiver_grants"));
    }

    @Test
    void believesNoForgery(@TempDir Path directory) throws Exception {
        Map<String, String> forgeries = new LinkedHashMap<>();
        addAlgorithms(forgeries);
        addKeys(forgeries);
        addSignatures(forgeries);
        addClaims(forgeries);
        addGrants(forgeries);
        assertTrue(forgeries.size() >= 40, forgeries.size() + " forgeries");
        try (var gatekeeper = gatekeeper(directory)) {
            forgeries.forEach((name, token) -> assertThrows(
                    QuiverException.class, () -> gatekeeper.identify(new Presented(token, "here", null)), name));
        }
    }

    private void addAlgorithms(Map<String, String> out) throws Exception {
        for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
            out.put("alg '" + none + "'", unsigned("{\"alg\":\"" + none + "\",\"kid\":\"rsa\"}"));
        }
        out.put("no alg", unsigned("{\"kid\":\"rsa\"}"));
        out.put("alg null", unsigned("{\"alg\":null,\"kid\":\"rsa\"}"));
        byte[] publicDer = rsa.getPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(publicDer)
                + "\n-----END PUBLIC KEY-----\n";
        out.put("HS256 with the public key", signed("HS256", new HmacKey(publicDer), "rsa", _ -> {}));
        out.put(
                "HS256 with its PEM",
                signed("HS256", new HmacKey(pem.getBytes(StandardCharsets.US_ASCII)), "rsa", _ -> {}));
        out.put("HS384", signed("HS384", new HmacKey(publicDer), "rsa", _ -> {}));
        out.put("HS512", signed("HS512", new HmacKey(publicDer), "ec", _ -> {}));
        out.put("RS384", signed("RS384", rsa.getPrivateKey(), "rsa", _ -> {}));
        out.put("RS512", signed("RS512", rsa.getPrivateKey(), "rsa", _ -> {}));
        out.put("PS256", signed("PS256", rsa.getPrivateKey(), "rsa", _ -> {}));
        out.put("RS256 with the key for ES256", signed("RS256", rsa.getPrivateKey(), "ec", _ -> {}));
        out.put("ES256 with the key for RS256", signed("ES256", ec.getPrivateKey(), "rsa", _ -> {}));
        out.put("EdDSA with the key for ES256", signed("EdDSA", ed.getPrivateKey(), "ec", _ -> {}));
    }

    private void addKeys(Map<String, String> out) throws Exception {
        for (String id : List.of("../../../../dev/null", "/dev/null", "' OR 1=1 --", "RSA", "rsa\0", "unknown")) {
            out.put("kid " + id, signed("RS256", rsa.getPrivateKey(), id, _ -> {}));
        }
        out.put("a stranger's RSA key", signed("RS256", strangerRsa.getPrivateKey(), "rsa", _ -> {}));
        out.put("a stranger's EC key", signed("ES256", strangerEc.getPrivateKey(), "ec", _ -> {}));
        out.put(
                "a key that it brings along",
                signed(
                        "RS256",
                        strangerRsa.getPrivateKey(),
                        "rsa",
                        jws -> jws.getHeaders().setJwkHeaderValue("jwk", strangerRsa)));
        out.put(
                "a URL of keys",
                signed(
                        "RS256",
                        strangerRsa.getPrivateKey(),
                        "x",
                        jws -> jws.setHeader("jku", "http://127.0.0.1:1/keys")));
        out.put(
                "a URL of certificates",
                signed(
                        "RS256",
                        strangerRsa.getPrivateKey(),
                        "x",
                        jws -> jws.setHeader("x5u", "http://127.0.0.1:1/keys")));
        out.put("crit", signed("RS256", rsa.getPrivateKey(), "rsa", jws -> jws.setHeader("crit", List.of("exp"))));
    }

    private void addSignatures(Map<String, String> out) throws Exception {
        String valid = signed("RS256", rsa.getPrivateKey(), "rsa", _ -> {});
        String[] parts = valid.split("\\.", -1);
        String admin = base64(
                "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"x\",\"exp\":9999999999,\"quiver_grants\":[{\"role\":\"admin\"}]}"
                        .formatted(ISSUER, AUDIENCE));
        out.put("another payload", parts[0] + "." + admin + "." + parts[2]);
        out.put("another header", base64("{\"alg\":\"RS256\",\"kid\":\"ec\"}") + "." + parts[1] + "." + parts[2]);
        out.put("no signature", parts[0] + "." + parts[1] + ".");
        out.put("two parts", parts[0] + "." + parts[1]);
        out.put("four parts", valid + ".x");
        out.put("five parts", valid + ".x.y");
        out.put("half a signature", valid.substring(0, valid.length() - 20));
        out.put("a longer signature", valid + "AAAA");
        out.put("not base64", parts[0] + "." + parts[1] + ".%%%");
        String[] es = signed("ES256", ec.getPrivateKey(), "ec", _ -> {}).split("\\.", -1);
        out.put(
                "zeros for ES256",
                es[0] + "." + es[1] + "."
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]));
        out.put(
                "a huge header",
                signed("RS256", rsa.getPrivateKey(), "rsa", jws -> jws.setHeader("x", "x".repeat(16_000))));
        out.put("nothing", "..");
    }

    private void addClaims(Map<String, String> out) throws Exception {
        out.put("expired", with(claims -> claims.setExpirationTimeMinutesInTheFuture(-2)));
        out.put("not yet", with(claims -> claims.setNotBeforeMinutesInThePast(-2)));
        out.put("for ever", with(claims -> claims.unsetClaim("exp")));
        out.put("exp in words", with(claims -> claims.setClaim("exp", "tomorrow")));
        out.put("exp before everything", with(claims -> claims.setExpirationTime(NumericDate.fromSeconds(-1))));
        out.put("another audience", with(claims -> claims.setAudience("other")));
        out.put("other audiences", with(claims -> claims.setAudience("other", "Quiver")));
        out.put("no audience", with(claims -> claims.unsetClaim("aud")));
        out.put("another issuer", with(claims -> claims.setIssuer(ISSUER + ".evil")));
        out.put("no issuer", with(claims -> claims.unsetClaim("iss")));
        out.put("no subject", with(claims -> claims.unsetClaim("sub")));
    }

    private void addGrants(Map<String, String> out) throws Exception {
        out.put("no grants", with(claims -> claims.unsetClaim("quiver_grants")));
        out.put("empty grants", with(claims -> claims.setClaim("quiver_grants", List.of())));
        out.put("grants in words", with(claims -> claims.setClaim("quiver_grants", "admin")));
        out.put(
                "a role that is not",
                with(claims -> claims.setClaim("quiver_grants", List.of(Map.of("role", "king")))));
        out.put("no role", with(claims -> claims.setClaim("quiver_grants", List.of(Map.of("tenant", "acme")))));
        out.put(
                "a scope that is not understood",
                with(claims -> claims.setClaim("quiver_grants", List.of(Map.of("role", "admin", "tennant", "acme")))));
        out.put(
                "a scope with a hole",
                with(claims -> claims.setClaim("quiver_grants", List.of(Map.of("role", "admin", "database", "d")))));
        out.put(
                "a scope of a number",
                with(claims -> claims.setClaim("quiver_grants", List.of(Map.of("role", "admin", "tenant", 1)))));
    }

    private String with(Consumer<JwtClaims> change) throws JoseException {
        JwtClaims claims = claims();
        change.accept(claims);
        return sign(claims, AlgorithmIdentifiers.RSA_USING_SHA256, rsa.getPrivateKey(), "rsa", _ -> {});
    }

    private static String signed(String algorithm, Key key, String keyId, Consumer<JsonWebSignature> change)
            throws JoseException {
        return sign(claims(), algorithm, key, keyId, change);
    }

    private static String sign(
            JwtClaims claims, String algorithm, Key key, String keyId, Consumer<JsonWebSignature> change)
            throws JoseException {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(claims.toJson());
        jws.setAlgorithmHeaderValue(algorithm);
        jws.setKeyIdHeaderValue(keyId);
        jws.setKey(key);
        jws.setDoKeyValidation(false);
        change.accept(jws);
        return jws.getCompactSerialization();
    }

    private static JwtClaims claims() {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setSubject("someone");
        claims.setExpirationTimeMinutesInTheFuture(5);
        claims.setClaim("quiver_grants", List.of(Map.of("role", "read-only", "tenant", "acme")));
        return claims;
    }

    private static String unsigned(String header) {
        return base64(header) + "." + base64(claims().toJson()) + ".";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private AskingGatekeeper gatekeeper(Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("keys.json"), keySet);
        return gatekeeper(directory, new JwtSettings(file, null, ISSUER, AUDIENCE, "quiver_grants"));
    }

    private static AskingGatekeeper gatekeeper(Path directory, JwtSettings settings) throws IOException {
        return AskingGatekeeper.open(
                new AuthSettings(true, null, settings), directory, AuditTrail.NONE, Clock.systemUTC());
    }
}
