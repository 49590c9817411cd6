package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.done;
import static io.quiver.log.catalog.Answers.get;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tenants, databases and what holds for the catalog as a whole. */
class SqliteCatalogTest extends CatalogFixture {
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
    void messagesStayOnOneLineWhateverWasAskedFor() {
        refused(ErrorCode.NOT_FOUND, "Collection [a\uFFFDb] does not exist", catalog.collection(T, D, "a\nb"));
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
        refused(ErrorCode.QUOTA_EXCEEDED, exceeded.formatted("Create tenant"), catalog.createTenant("more"));
        refused(ErrorCode.QUOTA_EXCEEDED, exceeded.formatted("Create database"), catalog.createDatabase(T, "more"));
        refused(
                ErrorCode.QUOTA_EXCEEDED,
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

    private List<String> databaseNames(int limit, int offset) {
        return get(catalog.databases(T, limit, offset)).stream()
                .map(Database::name)
                .toList();
    }
}
