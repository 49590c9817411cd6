package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static io.quiver.log.catalog.Json.json;
import static io.quiver.log.catalog.Json.written;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A catalog with something of everything. {@code src/test/resources/catalog/v1.db} was made by {@link #main} with the
 * first version, {@code v2.db} with the second, {@code v3.db} with the third,
 * {@code v4.db} with the fourth, and none is ever made again; a later version gets a file of its own.
 */
final class GoldenCatalog {
    private static final Metadata METADATA = new Metadata(Map.of(
            "hnsw:space", new Text("cosine"),
            "year", new Int(1999),
            "rating", new Real(5),
            "read", new Bool(true),
            "tags", new Array(List.of(new Text("à"), new Text("b")))));
    private static final Manifest MANIFEST = new Manifest(
            2,
            new LogOffset(42),
            List.of(new Manifest.Segment("one", 100, 5_000_000_000L, "one.2", 7), segment("two", 1)));

    private static final CollectionId FORK = CollectionId.parse("0f0f0f0f-0000-4000-8000-000000000001");

    private GoldenCatalog() {}

    /** Writes a golden file to the path given. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("golden");
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            fill(catalog);
            fork(catalog);
            limit(catalog);
        }
        Files.copy(directory.resolve(CatalogFiles.NAME), Path.of(arguments[0]));
    }

    /** Since version 2, beside {@link #fill}. */
    static void fork(SqliteCatalog catalog) {
        Collection books = get(catalog.collection("Acme & Söhne", "docs", "books"));
        get(catalog.fork(books.id(), FORK, "fork", MANIFEST));
        get(catalog.fork(FORK, CollectionId.random(), "fork-of-the-fork", Manifest.EMPTY));
        get(catalog.deleteCollection("Acme & Söhne", "docs", "fork-of-the-fork").thenReturn(true));
    }

    static void verifyFork(SqliteCatalog catalog) {
        Collection books = get(catalog.collection("Acme & Söhne", "docs", "books"));
        Collection fork = get(catalog.collection(FORK));
        assertEquals(books.schema(), fork.schema());
        assertEquals(METADATA, fork.metadata());
        assertEquals(384, fork.dimension());
        assertEquals(MANIFEST, get(catalog.manifest(FORK)));
        assertEquals(1, get(catalog.countForks(FORK)));
        assertEquals(1, get(catalog.countForks(books.id())));
    }

    /** Since version 3, beside {@link #fill} and {@link #fork}. */
    static void limit(SqliteCatalog catalog) {
        Quota hundred = new Quota(Map.of(Quota.Resource.RECORDS, 100L, Quota.Resource.K, 5L));
        for (QuotaScope scope : QuotaScope.around(get(catalog.collection(FORK)))) {
            get(catalog.setQuota(scope, hundred).thenReturn(true));
        }
        get(catalog.setQuota(new QuotaScope.OfDatabase("Acme & Söhne", "docs"), Quota.NONE)
                .thenReturn(true));
    }

    static void verifyLimit(SqliteCatalog catalog) {
        Quota hundred = new Quota(Map.of(Quota.Resource.RECORDS, 100L, Quota.Resource.K, 5L));
        assertEquals(hundred, catalog.quota(new QuotaScope.OfTenant("Acme & Söhne")));
        assertEquals(Quota.NONE, catalog.quota(new QuotaScope.OfDatabase("Acme & Söhne", "docs")));
        assertEquals(hundred, catalog.quota(new QuotaScope.OfCollection(FORK)));
        assertEquals(Quota.NONE, catalog.quota(new QuotaScope.OfTenant(Tenant.DEFAULT)));
    }

    static void fill(SqliteCatalog catalog) {
        get(catalog.createTenant("Acme & Söhne"));
        get(catalog.setResourceName("Acme & Söhne", "acme"));
        get(catalog.createDatabase("Acme & Söhne", "docs"));
        Collection books = create(catalog, "books", null, METADATA);
        get(catalog.fixDimension(books.id(), 384));
        get(catalog.noteKeys(books.id(), Map.of("page", new Int(1))));
        get(catalog.publish(books.id(), new Manifest(1, new LogOffset(7), List.of(segment("gone", 3)))));
        get(catalog.publish(books.id(), MANIFEST));
        Collection films = create(
                catalog,
                "films",
                "{'hnsw':{'space':'ip','ef_search':50,'num_threads':9},'embedding_function':"
                        + "{'type':'known','name':'ef','config':{'model':'m'}}}",
                null);
        get(catalog.changeCollection(films.id(), new CollectionChange("movies", null, null)));
        create(catalog, "songs", null, null);
    }

    static void verify(SqliteCatalog catalog) {
        assertEquals("acme", get(catalog.tenant("Acme & Söhne")).resourceName());
        assertEquals(
                Database.DEFAULT_ID,
                get(catalog.database(Tenant.DEFAULT, Database.DEFAULT)).id());
        List<Collection> found = get(catalog.collections("Acme & Söhne", "docs", 3, 0));
        assertEquals(
                List.of("books", "movies", "songs"),
                found.stream().map(Collection::name).toList());
        verifyBooks(catalog, found.get(0));
        verifyMovies(catalog, found.get(1));
        assertEquals(Schema.DEFAULT, found.get(2).schema());
    }

    private static void verifyBooks(SqliteCatalog catalog, Collection books) {
        assertEquals(METADATA, books.metadata());
        assertEquals(384, books.dimension());
        assertEquals(2, books.version());
        assertEquals(Space.COSINE, books.space());
        assertEquals(
                json("{'int':{'int_inverted_index':{'enabled':true,'config':{}}}}"),
                written(books.schema()).at("/keys/page"));
        assertEquals(MANIFEST, get(catalog.manifest(books.id())));
    }

    private static void verifyMovies(SqliteCatalog catalog, Collection movies) {
        assertEquals(
                json("{'hnsw':{'space':'ip','ef_construction':100,'ef_search':50,'max_neighbors':16,"
                        + "'resize_factor':1.2,'sync_threshold':1000},'spann':null,"
                        + "'embedding_function':{'type':'known','name':'ef','config':{'model':'m'}}}"),
                written(movies.configuration()));
        assertEquals(
                9,
                written(movies.schema())
                        .at("/keys/#embedding/float_list/vector_index/config/hnsw/num_threads")
                        .asInt());
        assertEquals(Manifest.EMPTY, get(catalog.manifest(movies.id())));
    }

    private static Collection create(
            SqliteCatalog catalog, String name, @Nullable String configuration, @Nullable Metadata metadata) {
        return get(catalog.createCollection(
                NewCollection.read(
                        "Acme & Söhne",
                        "docs",
                        name,
                        configuration == null ? null : json(configuration),
                        null,
                        metadata),
                false));
    }

    private static Manifest.Segment segment(String name, int rowCount) {
        return new Manifest.Segment(name, rowCount, 64, null, 0);
    }
}
