package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.gateway.http.TestClient.Reply;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3 of the contract: what collections and databases may be called, by whichever route they get their name. */
class NamesContractTest extends ServerFixture {
    private static final String DATABASES = "/api/v2/tenants/default_tenant/databases";
    private static final String ALPHABET =
            "Expected a name containing 3-512 characters from [a-zA-Z0-9._-], starting and ending with a character in"
                    + " [a-zA-Z0-9]. Got: ";

    private static String body(String field, String name) {
        return "{'" + field + "':'" + name + "'}";
    }

    private Reply rename(String name) {
        return client.json("PUT", client.collection(), body("new_name", name), _ -> {});
    }

    private void isRefusedEverywhere(String name, String problem) {
        client.post(D + "/collections", body("name", name)).isInvalid("Validation error: name: " + problem);
        rename(name).isInvalid("Validation error: new_name: " + problem);
        client.post(client.collection() + "/fork", body("new_name", name))
                .isInvalid("Validation error: new_name: " + problem);
        client.post(DATABASES, body("name", name)).isInvalid(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "_ab", "ab_", "-ab", "ab-", ".ab", "ab.", "a b", "a/b", "äbc", "日本語", "::1"})
    void aNameHasThreeCharactersOfTheAlphabetAndBeginsAndEndsWithALetterOrADigit(String name) {
        isRefusedEverywhere(name, ALPHABET + name);
    }

    @Test
    void aNameHasAtMost512Characters() {
        isRefusedEverywhere("x".repeat(513), ALPHABET + "x".repeat(512) + "...");
        String longest = UUID.randomUUID() + "x".repeat(476);
        assertEquals(200, client.post(DATABASES, body("name", longest)).status());
        assertEquals(200, client.post(D + "/collections", body("name", longest)).status());
        assertEquals(
                longest,
                client.get(D + "/collections/" + longest).json().get("name").textValue());
    }

    @ParameterizedTest
    @CsvSource({
        "a..b,Expected a name that does not contains two consecutive periods (..). Got a..b",
        "192.168.1.1,Expected a name that is not a valid ip address. Got 192.168.1.1",
        "0.0.0.0,Expected a name that is not a valid ip address. Got 0.0.0.0",
        "one+two+three,Expected a name to contain at most one topology: Got two `+` characters."
    })
    void aNameIsNoAddressAndHasNoTwoPeriodsInARow(String name, String problem) {
        isRefusedEverywhere(name, problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3", "256.1.1.1", "1.2.3.4.5", "A.b_c-9", "000"})
    void whatOnlyLooksLikeSuchANameIsOne(String name) {
        assertEquals(200, client.post(D + "/collections", body("name", name)).status());
        assertEquals(200, client.post(DATABASES, body("name", name)).status());
        client.delete(D + "/collections/" + name).is(200, "{}");
        rename(name).is(200, "{}");
    }

    @Test
    void aTenantIsCheckedOnlyWhenItIsCreatedAndOnlyForItsLength() {
        client.get("/api/v2/tenants/ab").isProblem(404, "NotFoundError", "Tenant [ab] not found");
        String name = "!? " + UUID.randomUUID();
        client.post("/api/v2/tenants", body("name", name)).is(200, "{}");
        client.post("/api/v2/tenants", body("name", name))
                .isProblem(409, "ChromaError", "Tenant [" + name + "] already exists");
    }

    @Test
    void aDatabaseIsAskedForByThreeCharactersAtLeast() {
        String problem = "Validation error: database_name: Validation error: length [{\"min\": Number(3), \"value\":"
                + " String(\"ab\")}]";
        client.get(DATABASES + "/ab").isInvalid(problem);
        client.delete(DATABASES + "/ab").isInvalid(problem);
    }
}
