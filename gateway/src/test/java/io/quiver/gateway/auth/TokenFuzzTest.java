package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.Corpus;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

/** What is shown in place of a credential: nobody has the key, so nothing is believed. */
class TokenFuzzTest {
    private static final AskingGatekeeper GATEKEEPER = gatekeeper();

    private static AskingGatekeeper gatekeeper() {
        try {
            Path directory = Files.createTempDirectory("tokens");
            var key = OkpJwkGenerator.generateJwk("Ed25519");
            key.setKeyId("ed");
            Path file = Files.writeString(
                    directory.resolve("keys.json"), new JsonWebKeySet(key).toJson(OutputControlLevel.PUBLIC_ONLY));
            var settings = new JwtSettings(file, null, "https://issuer.example", "quiver", "quiver_grants");
            return AskingGatekeeper.open(
                    new AuthSettings(true, null, settings), directory, AuditTrail.NONE, Clock.systemUTC());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String shown = new String(input, StandardCharsets.ISO_8859_1);
        assertThrows(QuiverException.class, () -> GATEKEEPER.identify(new Presented(shown, "here", null)));
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(TokenFuzzTest.class, TokenFuzzTest::fuzzerTestOneInput);
    }
}
