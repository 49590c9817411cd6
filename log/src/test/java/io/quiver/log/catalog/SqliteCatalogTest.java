package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.done;
import static io.quiver.log.catalog.Answers.get;
import static io.quiver.log.catalog.Json.json;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCatalogTest {
    private static final String T = Tenant.DEFAULT;
    private static final String D = Database.DEFAULT;
    private static final CollectionId UNKNOWN = CollectionId.parse("12345678-1234-1234-1234-123456789abc");

    @TempDir
    Path directory;

    private SqliteCatalog catalog;

    @BeforeEach
    void open() throws IOException {
        catalog = SqliteCatalog.open(directory);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Test
    void theDefaultsExistFromTheStart() {
        assertTheDefaultsExist();
    }

    private void assertTheDefaultsExist() {
        assertEquals(new Tenant("default_tenant", null), get(catalog.tenant(T)));
        Database database = get(catalog.database(T, D));
        assertEquals("00000000-0000-0000-0000-000000000000", database.id().toString());
        assertEquals(List.of(database), get(catalog.databases(T, 10, 0)));
        assertEquals(0, get(catalog.countCollections(T, D)));
    }

    @Test
    void tenantsAreMadeOnceAndNamedOnce() {
        assertEquals(new Tenant("acme", null), get(catalog.createTenant("acme")));
        refused(ErrorCode.ALREADY_EXISTS, "Tenant [acme] already exists", catalog.createTenant("acme"));
        assertEquals(
                "a-resource", get(catalog.setResourceName("acme", "a-resource")).resourceName());
        assertEquals("a-resource", get(catalog.tenant("acme")).resourceName());
        refused(
                ErrorCode.ALREADY_EXISTS,
                "Tenant [acme] already has a resource name",
                catalog.setResourceName("acme", "another"));
        get(catalog.createTenant("other"));
        refused(
                ErrorCode.ALREADY_EXISTS,
                "Resource name [a-resource] is another tenant's already",
                catalog.setResourceName("other", "a-resource"));
    }

    @Test
    void unknownTenantsAreNotFound() {
        refused(ErrorCode.NOT_FOUND, "Tenant [nope] not found", catalog.tenant("nope"));
        refused(ErrorCode.NOT_FOUND, "Tenant [nope] not found", catalog.setResourceName("nope", "x"));
        refused(ErrorCode.NOT_FOUND, "Tenant [nope] not found", catalog.createDatabase("nope", "docs"));
        assertEquals(List.of(), get(catalog.databases("nope", 10, 0)));
    }

    @Test
    void badNamesAreRefusedHereToo() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: name: Validation error: length [{\"min\": Number(3), \"value\": String(\"ab\")}]",
                catalog.createTenant("ab"));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Expected a name containing 3-512 characters from [a-zA-Z0-9._-], starting and ending with a character"
                        + " in [a-zA-Z0-9]. Got: a",
                catalog.createDatabase(T, "a"));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: database_name: Validation error: length [{\"min\": Number(3), \"value\":"
                        + " String(\"a\")}]",
                catalog.database(T, "a"));
    }

    @Test
    void databasesAreMadeOnce() {
        Database docs = get(catalog.createDatabase(T, "docs"));
        assertEquals(docs, get(catalog.database(T, "docs")));
        assertNotEquals(Database.DEFAULT_ID, docs.id());
        refused(ErrorCode.ALREADY_EXISTS, "Database [docs] already exists", catalog.createDatabase(T, "docs"));
        get(catalog.createTenant("acme"));
        assertNotEquals(docs.id(), get(catalog.createDatabase("acme", "docs")).id());
    }

    @Test
    void unknownDatabasesAreNotFound() {
        String message = "Database [nope] not found. Are you sure it exists?";
        refused(ErrorCode.NOT_FOUND, message, catalog.database(T, "nope"));
        refused(ErrorCode.NOT_FOUND, message, catalog.database("nope", "nope"));
        refused(ErrorCode.NOT_FOUND, message, catalog.deleteDatabase(T, "nope"));
        assertEquals(List.of(), get(catalog.collections(T, "nope", 10, 0)));
        assertEquals(0, get(catalog.countCollections(T, "nope")));
    }

    @Test
    void databasesArePagedInOrderOfCreation() {
        for (String name : List.of("zzz", "aaa", "mmm")) {
            get(catalog.createDatabase(T, name));
        }
        assertEquals(List.of(D, "zzz", "aaa", "mmm"), databaseNames(10, 0));
        assertEquals(List.of("zzz", "aaa"), databaseNames(2, 1));
        assertEquals(List.of(), databaseNames(2, 4));
        assertEquals(List.of(), databaseNames(0, 0));
    }

    @Test
    void aCollectionIsWhatWasAskedFor() {
        Metadata metadata = new Metadata(Map.of("hnsw:space", new MetadataValue.Text("cosine")));
        Collection made =
                get(catalog.createCollection(NewCollection.read(T, D, "books", json("{}"), null, metadata), false));
        assertEquals(Space.COSINE, made.space());
        assertEquals(metadata, made.metadata());
        assertNull(made.dimension());
        assertEquals(0, made.version());
        assertEquals(made, get(catalog.collection(T, D, "books")));
        assertEquals(made, get(catalog.collection(made.id())));
        assertEquals(List.of(made), get(catalog.allCollections()));
        assertEquals(Manifest.EMPTY, get(catalog.manifest(made.id())));
    }

    @Test
    void collectionsAreMadeOnce() {
        create("books");
        refused(
                ErrorCode.ALREADY_EXISTS,
                "Collection [books] already exists",
                catalog.createCollection(NewCollection.of(T, D, "books", Space.L2), false));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Database [nope] does not exist",
                catalog.createCollection(NewCollection.of(T, "nope", "books", Space.L2), true));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Database [default_database] does not exist",
                catalog.createCollection(NewCollection.of("nope", D, "books", Space.L2), false));
    }

    @Test
    void getOrCreateReturnsAnExistingOneUnchanged() {
        Collection made = create("books");
        NewCollection other = NewCollection.of(T, D, "books", Space.IP);
        assertSame(made, get(catalog.createCollection(other, true)));
        assertEquals(Space.L2, get(catalog.collection(made.id())).space());
        Collection fresh = get(catalog.createCollection(NewCollection.of(T, D, "films", Space.IP), true));
        assertEquals(Space.IP, fresh.space());
    }

    @Test
    void unknownCollectionsAreNotFound() {
        String byId = "Collection [" + UNKNOWN + "] does not exist.";
        refused(ErrorCode.NOT_FOUND, "Collection [nope] does not exist", catalog.collection(T, D, "nope"));
        refused(ErrorCode.NOT_FOUND, "Collection [nope] does not exist", catalog.collection("x", "y", "nope"));
        refused(ErrorCode.NOT_FOUND, "Collection [nope] does not exist", catalog.deleteCollection(T, D, "nope"));
        refused(ErrorCode.NOT_FOUND, byId, catalog.collection(UNKNOWN));
        refused(ErrorCode.NOT_FOUND, byId, catalog.manifest(UNKNOWN));
        refused(ErrorCode.NOT_FOUND, byId, catalog.fixDimension(UNKNOWN, 3));
        refused(ErrorCode.NOT_FOUND, byId, catalog.noteKeys(UNKNOWN, Map.of()));
        refused(ErrorCode.NOT_FOUND, byId, catalog.changeCollection(UNKNOWN, new CollectionChange(null, null, null)));
    }

    @Test
    void messagesStayOnOneLineWhateverWasAskedFor() {
        refused(ErrorCode.NOT_FOUND, "Collection [a\uFFFDb] does not exist", catalog.collection(T, D, "a\nb"));
    }

    @Test
    void collectionsArePagedInOrderOfCreationAlsoAfterRenaming() {
        Collection first = create("zzz");
        create("mmm");
        create("nnn");
        get(catalog.changeCollection(first.id(), new CollectionChange("aaa", null, null)));
        assertEquals(List.of("aaa", "mmm", "nnn"), collectionNames(10, 0));
        assertEquals(List.of("mmm"), collectionNames(1, 1));
        assertEquals(3, get(catalog.countCollections(T, D)));
    }

    @Test
    void aCollectionIsFoundByItsNewNameOnly() {
        Collection made = create("books");
        Collection renamed = get(catalog.changeCollection(made.id(), new CollectionChange("films", null, null)));
        assertEquals("films", renamed.name());
        assertEquals(made.id(), get(catalog.collection(T, D, "films")).id());
        refused(ErrorCode.NOT_FOUND, "Collection [books] does not exist", catalog.collection(T, D, "books"));
        create("books");
    }

    @Test
    void aTakenNameIsRefused() {
        Collection made = create("books");
        create("films");
        refused(
                ErrorCode.ALREADY_EXISTS,
                "Collection [films] already exists",
                catalog.changeCollection(made.id(), new CollectionChange("films", null, null)));
        assertEquals(made, get(catalog.changeCollection(made.id(), new CollectionChange("books", null, null))));
    }

    @Test
    void newMetadataTakesThePlaceOfTheOld() {
        Collection made = create("books");
        Metadata first = new Metadata(Map.of("a", new MetadataValue.Int(1)));
        Metadata second = new Metadata(Map.of("b", new MetadataValue.Real(1)));
        get(catalog.changeCollection(made.id(), new CollectionChange(null, first, null)));
        assertEquals(
                second,
                get(catalog.changeCollection(made.id(), new CollectionChange(null, second, null)))
                        .metadata());
    }

    @Test
    void aNewConfigurationIsFoundInTheSchemaToo() {
        Collection made = create("books");
        ConfigurationChange change = ConfigurationJson.readChange(json("{'hnsw':{'ef_search':77}}"));
        Collection changed = get(catalog.changeCollection(made.id(), new CollectionChange(null, null, change)));
        assertEquals(77, ((IndexParameters.Hnsw) changed.configuration().index()).efSearch());
        assertEquals(changed.configuration(), changed.schema().configuration());
    }

    @Test
    void versionsCountChanges() {
        Collection made = create("books");
        assertEquals(1, get(catalog.fixDimension(made.id(), 3)).version());
        assertEquals(1, get(catalog.fixDimension(made.id(), 4)).version());
        assertEquals(
                1,
                get(catalog.changeCollection(made.id(), new CollectionChange(null, null, null)))
                        .version());
        Map<String, MetadataValue> seen = Map.of("k", new MetadataValue.Int(1));
        assertEquals(2, get(catalog.noteKeys(made.id(), seen)).version());
        assertEquals(2, get(catalog.noteKeys(made.id(), seen)).version());
        assertEquals(2, get(catalog.collection(made.id())).version());
    }

    @Test
    void theFirstWriteFixesTheDimension() {
        Collection made = create("books");
        assertEquals(3, get(catalog.fixDimension(made.id(), 3)).dimension());
        assertEquals(3, get(catalog.fixDimension(made.id(), 4)).dimension());
        assertEquals(3, get(catalog.collection(made.id())).dimension());
    }

    @Test
    void seenKeysEnterTheSchema() {
        Collection made = create("books");
        Collection noted = get(catalog.noteKeys(
                made.id(), Map.of("year", new MetadataValue.Int(1999), "tag", new MetadataValue.Text("x"))));
        assertEquals(Map.of(ValueKind.INT, true), inverted(noted, "year"));
        assertEquals(Map.of(ValueKind.STRING, true), inverted(noted, "tag"));
    }

    @Test
    void aDeletedCollectionIsGoneAndItsNameFree() {
        Collection made = create("books");
        done(catalog.deleteCollection(T, D, "books"));
        assertEquals(0, get(catalog.countCollections(T, D)));
        assertEquals(List.of(), get(catalog.allCollections()));
        refused(ErrorCode.NOT_FOUND, "Collection [" + made.id() + "] does not exist.", catalog.collection(made.id()));
        assertNotEquals(made.id(), create("books").id());
    }

    @Test
    void aDeletedDatabaseTakesItsCollectionsAlong() {
        get(catalog.createDatabase(T, "docs"));
        Collection within = get(catalog.createCollection(NewCollection.of(T, "docs", "books", Space.L2), false));
        Collection outside = create("books");
        get(catalog.publish(within.id(), new Manifest(1, new LogOffset(5), List.of())));
        done(catalog.deleteDatabase(T, "docs"));
        assertEquals(List.of(outside), get(catalog.allCollections()));
        assertEquals(List.of(D), databaseNames(10, 0));
        assertEquals(List.of(), get(catalog.collections(T, "docs", 10, 0)));
    }

    @Test
    void manifestsArePublishedOneVersionAfterTheOther() {
        CollectionId id = create("books").id();
        Manifest first =
                new Manifest(1, new LogOffset(7), List.of(new Manifest.Segment("seg-1", 10, 4_096, "seg-1.dead", 2)));
        Manifest second =
                new Manifest(2, new LogOffset(9), List.of(new Manifest.Segment("seg-2", 8, 1L << 40, null, 0)));
        assertFalse(get(catalog.publish(id, second)));
        assertTrue(get(catalog.publish(id, first)));
        assertFalse(get(catalog.publish(id, first)));
        assertEquals(first, get(catalog.manifest(id)));
        assertTrue(get(catalog.publish(id, second)));
        assertEquals(second, get(catalog.manifest(id)));
        assertFalse(get(catalog.publish(UNKNOWN, first)));
    }

    @Test
    void aResetLeavesNothingButTheDefaults() {
        get(catalog.createTenant("acme"));
        get(catalog.createDatabase("acme", "docs"));
        create("books");
        done(catalog.deleteCollection(T, D, "books"));
        create("films");
        done(catalog.reset());
        assertTheDefaultsExist();
        assertEquals(List.of(), get(catalog.allCollections()));
        refused(ErrorCode.NOT_FOUND, "Tenant [acme] not found", catalog.tenant("acme"));
        create("films");
    }

    @Test
    void limitsAreSaidWhenTheyAreMet() throws IOException {
        catalog.close();
        catalog = SqliteCatalog.open(directory, new CatalogLimits(2, 2, 2), DefaultQuotas.NONE);
        get(catalog.createTenant("acme"));
        get(catalog.createDatabase(T, "docs"));
        create("one");
        get(catalog.createCollection(NewCollection.of(T, "docs", "two", Space.L2), false));
        String exceeded =
                "Quota exceeded: 'Limit value' exceeded quota limit for action '%s': current usage of 3 exceeds"
                        + " limit of 2";
        refused(ErrorCode.UNPROCESSABLE, exceeded.formatted("Create tenant"), catalog.createTenant("more"));
        refused(ErrorCode.UNPROCESSABLE, exceeded.formatted("Create database"), catalog.createDatabase(T, "more"));
        refused(
                ErrorCode.UNPROCESSABLE,
                exceeded.formatted("Create collection"),
                catalog.createCollection(NewCollection.of(T, D, "three", Space.L2), false));
        assertEquals(
                "one",
                get(catalog.createCollection(NewCollection.of(T, D, "one", Space.L2), true))
                        .name());
        done(catalog.deleteCollection(T, D, "one"));
        create("three");
    }

    @Test
    void nothingIsChangedAfterClosingButReadsGoOn() {
        create("books");
        catalog.close();
        refused(ErrorCode.UNAVAILABLE, "The catalog is closed", catalog.createTenant("acme"));
        assertEquals(List.of("books"), collectionNames(10, 0));
    }

    private static Map<ValueKind, Boolean> inverted(Collection collection, String key) {
        return Objects.requireNonNull(collection.schema().keys().get(key)).inverted();
    }

    private Collection create(String name) {
        return get(catalog.createCollection(NewCollection.of(T, D, name, Space.L2), false));
    }

    private List<String> databaseNames(int limit, int offset) {
        return get(catalog.databases(T, limit, offset)).stream()
                .map(Database::name)
                .toList();
    }

    private List<String> collectionNames(int limit, int offset) {
        return get(catalog.collections(T, D, limit, offset)).stream()
                .map(Collection::name)
                .toList();
    }
}
