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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Collections in the catalog: made, found, changed, deleted, and their manifests. */
class CatalogCollectionsTest extends CatalogFixture {
    private static final CollectionId UNKNOWN = CollectionId.parse("12345678-1234-1234-1234-123456789abc");

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

    private static Map<ValueKind, Boolean> inverted(Collection collection, String key) {
        return Objects.requireNonNull(collection.schema().keys().get(key)).inverted();
    }
}
