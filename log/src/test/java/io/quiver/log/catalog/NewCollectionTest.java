package io.quiver.log.catalog;

import static io.quiver.log.catalog.Json.json;
import static io.quiver.log.catalog.Json.written;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.QuiverException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NewCollectionTest {
    private static final String COSINE_SCHEMA = "{'defaults':{},'keys':{'#embedding':{'float_list':{'vector_index':"
            + "{'enabled':true,'config':{'space':'cosine','hnsw':{'ef_search':33}}}}}}}";
    private static final String EMPTY_SCHEMA = "{'defaults':{},'keys':{}}";

    @Test
    void ofNothingIsTheDefault() {
        for (NewCollection nothing :
                List.of(read(null, null, null), read("null", "null", null), read("{}", EMPTY_SCHEMA, null))) {
            assertEquals(CollectionConfiguration.DEFAULT, nothing.configuration());
            assertEquals(Schema.DEFAULT, nothing.schema());
        }
    }

    @Test
    void aConfigurationIsFoundInTheSchemaToo() {
        NewCollection given = read(
                "{'hnsw':{'space':'ip','max_neighbors':24,'num_threads':2},'embedding_function':{'type':'known',"
                        + "'name':'ef','config':{}}}",
                null,
                null);
        var config = written(given.schema()).at("/keys/#embedding/float_list/vector_index/config");
        assertEquals("ip", config.get("space").asText());
        assertEquals(24, config.get("hnsw").get("max_neighbors").asInt());
        assertEquals(2, config.get("hnsw").get("num_threads").asInt());
        assertEquals(json("{'type':'known','name':'ef','config':{}}"), config.get("embedding_function"));
        assertEquals("#document", config.get("source_key").asText());
    }

    @Test
    void aSchemaIsFoundInTheConfigurationToo() {
        CollectionConfiguration configuration = read(null, COSINE_SCHEMA, null).configuration();
        assertEquals(Space.COSINE, configuration.space());
        assertEquals(
                json("{'space':'cosine','ef_construction':100,'ef_search':33,'max_neighbors':16,"
                        + "'resize_factor':1.2,'sync_threshold':1000}"),
                written(configuration).get("hnsw"));
    }

    @Test
    void theVectorIndexOfASchemaTakesAfterItsDefaults() {
        String schema =
                "{'defaults':{'float_list':{'vector_index':{'enabled':false,'config':{'space':'ip'}}}},'keys':{}}";
        assertEquals(Space.IP, read(null, schema, null).configuration().space());
    }

    @Test
    void theOtherIndexKindLeavesItsSpace() {
        var index = read("{'spann':{'space':'cosine','ef_search':9}}", null, null)
                .configuration()
                .index();
        assertEquals(Hnsw.DEFAULT.withSpace(Space.COSINE), index);
        String spann = COSINE_SCHEMA.replace("'hnsw':{'ef_search':33}", "'spann':{'ef_search':33,'quantize':'none'}");
        assertEquals(
                Hnsw.DEFAULT.withSpace(Space.COSINE),
                read(null, spann, null).configuration().index());
    }

    @Test
    void refusesAConfigurationBesideASchema() {
        for (String configuration : List.of(
                "{'hnsw':{'space':'ip'}}", "{'embedding_function':{'type':'known','name':'my-ef','config':{}}}")) {
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "Failed to reconcile schema: Cannot set both collection config and schema simultaneously",
                    () -> read(configuration, COSINE_SCHEMA, null));
        }
    }

    @Test
    void aConfigurationThatSaysNothingMayStandBesideASchema() {
        assertEquals(
                Space.COSINE,
                read("{'hnsw':{}}", COSINE_SCHEMA, null).configuration().space());
        assertEquals(
                "{\"type\":\"legacy\"}",
                read("{'embedding_function':{'type':'legacy'}}", COSINE_SCHEMA, null)
                        .configuration()
                        .embeddingFunctionJson());
    }

    @Test
    void aSchemaThatSaysNothingMayStandBesideAConfiguration() {
        assertEquals(
                Space.IP,
                read("{'hnsw':{'space':'ip'}}", EMPTY_SCHEMA, null)
                        .configuration()
                        .space());
    }

    @Test
    void legacyMetadataConfiguresTheIndexAndStays() {
        Metadata metadata = metadata(Map.of(
                "hnsw:space", new Text("cosine"),
                "hnsw:construction_ef", new Int(1),
                "hnsw:search_ef", new Int(2),
                "hnsw:M", new Int(3),
                "hnsw:num_threads", new Int(4),
                "hnsw:resize_factor", new Real(5.5),
                "hnsw:sync_threshold", new Int(6),
                "hnsw:batch_size", new Int(7),
                "other", new Int(8)));
        NewCollection given = read(null, null, metadata);
        assertEquals(
                new Hnsw(Space.COSINE, 1, 2, 3, 4, 5.5, 6, 7),
                given.configuration().index());
        assertEquals(metadata, given.metadata());
        assertEquals(given.configuration(), given.schema().configuration());
    }

    @Test
    void legacyMetadataYieldsToAConfigurationOrSchemaThatSaysSomething() {
        Metadata cosine = metadata(Map.of("hnsw:space", new Text("cosine")));
        assertEquals(
                Space.L2,
                read("{'hnsw':{'ef_search':50}}", null, cosine).configuration().space());
        assertEquals(
                Space.IP,
                read("{'hnsw':{'space':'ip'}}", null, cosine).configuration().space());
        assertEquals(
                Space.COSINE,
                read("{'hnsw':{}}", EMPTY_SCHEMA, cosine).configuration().space());
        String schema = COSINE_SCHEMA.replace("cosine", "ip");
        assertEquals(Space.IP, read(null, schema, cosine).configuration().space());
    }

    @Test
    void refusesLegacyMetadataThatMakesNoSense() {
        for (Map.Entry<String, MetadataValue> wrong : Map.<String, MetadataValue>of(
                        "hnsw:ef", new Int(1),
                        "hnsw:space", new Text("hamming"),
                        "hnsw:M", new Real(16),
                        "hnsw:search_ef", new Text("100"),
                        "hnsw:construction_ef", new Int(-1),
                        "hnsw:batch_size", new Int(1),
                        "hnsw:sync_threshold", new Int(1L << 40))
                .entrySet()) {
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "Failed to parse hnsw parameters from segment metadata",
                    () -> read(null, null, metadata(Map.ofEntries(wrong))));
        }
    }

    @Test
    void isCheckedWhenItIsMade() {
        assertThrows(QuiverException.class, () -> NewCollection.of("t", "d", "x", Space.L2));
        assertThrows(QuiverException.class, () -> read(null, null, Metadata.EMPTY));
        assertThrows(
                IllegalArgumentException.class,
                () -> new NewCollection(
                        "t",
                        "d",
                        "name",
                        CollectionConfiguration.DEFAULT.withIndex(Hnsw.DEFAULT.withSpace(Space.IP)),
                        Schema.DEFAULT,
                        null));
        assertNull(NewCollection.of("t", "d", "name", Space.IP).metadata());
    }

    private static Metadata metadata(Map<String, MetadataValue> fields) {
        return new Metadata(new LinkedHashMap<>(fields));
    }

    private static NewCollection read(
            @Nullable String configuration, @Nullable String schema, @Nullable Metadata metadata) {
        return NewCollection.read(
                Tenant.DEFAULT,
                Database.DEFAULT,
                "name",
                configuration == null ? null : json(configuration),
                schema == null ? null : json(schema),
                metadata);
    }
}
