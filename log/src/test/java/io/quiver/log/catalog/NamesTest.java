package io.quiver.log.catalog;

import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.QuiverException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final String ALPHABET =
            "Expected a name containing 3-512 characters from [a-zA-Z0-9._-], starting and ending with a character in"
                    + " [a-zA-Z0-9]. Got: ";

    @Test
    void acceptsWhatTheAlphabetAllows() {
        for (String name : List.of("abc", "A.b_c-9", "1.2.3", "256.1.1.1", "1.2.3.04", "1.2.3.4.5", "x".repeat(512))) {
            Names.checkCollection(name);
            Names.checkDatabase(name);
            Names.checkNewCollectionName(name);
        }
    }

    @Test
    void refusesWhatIsTooShortTooLongOrOutsideTheAlphabet() {
        for (String name : List.of("", "a", "ab", "_ab", "ab-", "a b", "a/b", "äbc", "a\u0301bc", "..a")) {
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "Validation error: name: " + ALPHABET + name,
                    () -> Names.checkCollection(name));
        }
        String tooLong = "x".repeat(513);
        assertThrows(QuiverException.class, () -> Names.checkCollection(tooLong));
    }

    @Test
    void saysWhichFieldIsWrongExceptForDatabases() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: new_name: " + ALPHABET + "a",
                () -> Names.checkNewCollectionName("a"));
        refused(ErrorCode.INVALID_ARGUMENT, ALPHABET + "a", () -> Names.checkDatabase("a"));
    }

    @Test
    void refusesTwoPeriodsInARow() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: name: Expected a name that does not contains two consecutive periods (..). Got a..b",
                () -> Names.checkCollection("a..b"));
    }

    @Test
    void refusesIpAddresses() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: name: Expected a name that is not a valid ip address. Got 192.168.1.1",
                () -> Names.checkCollection("192.168.1.1"));
        for (String name : List.of("0.0.0.0", "255.255.255.255", "1.2.3.4")) {
            assertThrows(QuiverException.class, () -> Names.checkDatabase(name));
        }
    }

    @Test
    void knowsTopologyNamesButDoesNotSupportThem() {
        refused(
                ErrorCode.UNIMPLEMENTED,
                "Topology names are not supported: '+' in west+docs",
                () -> Names.checkCollection("west+docs"));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: name: " + ALPHABET + "w",
                () -> Names.checkCollection("w+docs"));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: name: Expected a name to contain at most one topology: Got two `+` characters.",
                () -> Names.checkCollection("one+two+three"));
    }

    @Test
    void countsTheCharactersOfATenant() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: name: Validation error: length [{\"min\": Number(3), \"value\": String(\"ab\")}]",
                () -> Names.checkTenant("ab"));
        assertThrows(QuiverException.class, () -> Names.checkTenant("\uD83C\uDFF9\uD83C\uDFF9"));
        Names.checkTenant("\uD83C\uDFF9\uD83C\uDFF9\uD83C\uDFF9");
        Names.checkTenant("a tenant/may be+called anything");
    }

    @Test
    void refusesTenantsThatCouldNotBeStoredAndToldApart() {
        for (String name : List.of("abc\uD800", "ab\u0000c", "a\nbc", "x".repeat(513))) {
            assertThrows(QuiverException.class, () -> Names.checkTenant(name));
        }
    }

    @Test
    void asksThreeCharactersOfADatabaseToBeLookedFor() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: database_name: Validation error: length [{\"min\": Number(3), \"value\":"
                        + " String(\"a\\\"\")}]",
                () -> Names.checkDatabaseLookup("a\""));
        Names.checkDatabaseLookup("not a name, but long enough");
    }

    @Test
    void keepsItsMessagesToOneLineOfBoundedLength() {
        String message = assertThrows(QuiverException.class, () -> Names.checkCollection("a\nb" + "x".repeat(100_000)))
                .getMessage();
        assertEquals("Validation error: name: " + ALPHABET + "a\uFFFDb" + "x".repeat(509) + "...", message);
    }

    @Test
    void refusesEmptyMetadataAndReservedKeys() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: metadata: Metadata cannot be empty",
                () -> Names.checkMetadata(Metadata.EMPTY));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: metadata: Metadata key cannot start with '#' or '$': $k",
                () -> Names.checkMetadata(metadata("$k")));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: metadata: Metadata key cannot be empty",
                () -> Names.checkMetadata(metadata("")));
    }

    @Test
    void saysThatItIsTheNewMetadataThatIsWrong() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: new_metadata: Metadata cannot be empty",
                () -> Names.checkNewMetadata(Metadata.EMPTY));
    }

    @Test
    void boundsMetadata() {
        Map<String, MetadataValue> many = new LinkedHashMap<>();
        for (int i = 0; i <= Names.METADATA_KEYS_MAX; i++) {
            many.put("k" + i, new MetadataValue.Int(i));
        }
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: metadata: Expected at most 1024 metadata keys, got 1025",
                () -> Names.checkMetadata(new Metadata(many)));
        assertThrows(QuiverException.class, () -> Names.checkMetadata(metadata("k".repeat(70_000))));
    }

    private static Metadata metadata(String key) {
        return new Metadata(Map.of(key, new MetadataValue.Int(1)));
    }
}
