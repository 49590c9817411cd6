package io.quiver.log.catalog;

import static io.quiver.log.catalog.Json.json;
import static io.quiver.log.catalog.Json.written;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.catalog.IndexParameters.Hnsw;
import io.quiver.log.catalog.IndexParameters.Spann;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationJsonTest {
    private static final String TARGET = "Failed to deserialize the JSON body into the target type: ";

    @Test
    void writesTheDefaultAsClientsKnowIt() {
        assertEquals(
                json("{'hnsw':{'space':'l2','ef_construction':100,'ef_search':100,'max_neighbors':16,"
                        + "'resize_factor':1.2,'sync_threshold':1000},'spann':null,'embedding_function':null}"),
                written(CollectionConfiguration.DEFAULT));
    }

    @Test
    void readsNothingAsTheDefault() {
        for (String nothing :
                List.of("null", "{}", "{'hnsw':null,'spann':null,'embedding_function':null}", "{'hnsw':{}}")) {
            assertEquals(CollectionConfiguration.DEFAULT, ConfigurationJson.read(json(nothing)));
        }
    }

    @Test
    void readsEveryParameterAndKeepsThoseThatItDoesNotReturn() {
        var read = ConfigurationJson.read(json("{'hnsw':{'space':'ip','ef_construction':1,'ef_search':2,"
                + "'max_neighbors':3,'num_threads':4,'resize_factor':5,'sync_threshold':6,'batch_size':7}}"));
        assertEquals(new Hnsw(Space.IP, 1, 2, 3, 4, 5.0, 6, 7), read.index());
        assertEquals(
                json("{'space':'ip','ef_construction':1,'ef_search':2,'max_neighbors':3,'resize_factor':5.0,"
                        + "'sync_threshold':6}"),
                written(read).get("hnsw"));
    }

    @Test
    void readsAndWritesTheOtherIndexKind() {
        var read = ConfigurationJson.read(json("{'spann':{'space':'cosine','search_nprobe':9}}"));
        assertEquals(new Spann(Space.COSINE, 9, 32, 200, 200, 64, 64, 50, 25), read.index());
        assertEquals(
                json("{'hnsw':null,'spann':{'search_nprobe':9,'write_nprobe':32,'space':'cosine',"
                        + "'ef_construction':200,'ef_search':200,'max_neighbors':64,'reassign_neighbor_count':64,"
                        + "'split_threshold':50,'merge_threshold':25},'embedding_function':null}"),
                written(read));
    }

    @Test
    void carriesOverOnlyTheSpaceOfTheOtherIndexKind() {
        var read = ConfigurationJson.read(json("{'spann':{'space':'cosine','ef_search':10}}"));
        assertEquals(Hnsw.DEFAULT.withSpace(Space.COSINE), read.supported().index());
    }

    @Test
    void echoesEmbeddingFunctions() {
        for (String function : List.of(
                "{'type':'legacy'}",
                "{'type':'unknown'}",
                "{'type':'known','name':'my-ef','config':{'deep':[1,null,{'x':1.5}],'ü':'\uD83C\uDFF9'}}",
                "{'type':'known','name':'n','config':null}")) {
            var read = ConfigurationJson.read(json("{'embedding_function':" + function + "}"));
            assertEquals(json(function), written(read).get("embedding_function"));
        }
    }

    @Test
    void refusesUnknownFieldsOfAnIndexButNotAroundIt() {
        refused(
                ErrorCode.UNPROCESSABLE,
                TARGET + "configuration.hnsw.M: unknown field `M`, expected one of `space`, `ef_construction`,"
                        + " `ef_search`, `max_neighbors`, `num_threads`, `resize_factor`, `sync_threshold`,"
                        + " `batch_size`",
                () -> ConfigurationJson.read(json("{'hnsw':{'M':16}}")));
        assertThrows(QuiverException.class, () -> ConfigurationJson.read(json("{'spann':{'num_threads':1}}")));
        assertEquals(CollectionConfiguration.DEFAULT, ConfigurationJson.read(json("{'something':'else'}")));
    }

    @Test
    void refusesWrongTypesWithThePathToThem() {
        unprocessable("configuration: invalid type: sequence, expected a map", "[]");
        unprocessable("configuration.hnsw: invalid type: string \"x\", expected a map", "{'hnsw':'x'}");
        unprocessable(
                "configuration.hnsw.ef_search: invalid type: string \"9\", expected usize",
                "{'hnsw':{'ef_search':'9'}}");
        unprocessable(
                "configuration.hnsw.ef_search: invalid type: floating point `1.5`, expected usize",
                "{'hnsw':{'ef_search':1.5}}");
        unprocessable(
                "configuration.hnsw.ef_search: invalid value: integer `-1`, expected usize",
                "{'hnsw':{'ef_search':-1}}");
        unprocessable(
                "configuration.hnsw.ef_search: invalid value: integer `99999999999`, expected usize",
                "{'hnsw':{'ef_search':99999999999}}");
        unprocessable(
                "configuration.hnsw.resize_factor: invalid type: boolean `true`, expected f64",
                "{'hnsw':{'resize_factor':true}}");
        unprocessable(
                "configuration.hnsw.space: unknown variant `hamming`, expected one of `l2`, `cosine`, `ip`",
                "{'hnsw':{'space':'hamming'}}");
        unprocessable("configuration.embedding_function: missing field `type`", "{'embedding_function':{'name':'x'}}");
        unprocessable(
                "configuration.embedding_function: missing field `config`",
                "{'embedding_function':{'type':'known','name':'x'}}");
        unprocessable(
                "configuration.embedding_function.type: unknown variant `new`, expected one of `legacy`, `known`,"
                        + " `unknown`",
                "{'embedding_function':{'type':'new'}}");
    }

    @Test
    void refusesTwoKindsOfIndexAtOnce() {
        String message = "Multiple vector index configurations provided";
        refused(ErrorCode.INVALID_ARGUMENT, message, () -> ConfigurationJson.read(json("{'hnsw':{},'spann':{}}")));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                message,
                () -> ConfigurationJson.readChange(json("{'hnsw':{},'spann':{}}")));
    }

    @Test
    void refusesWhatNoIndexCouldWorkWith() {
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: sync_threshold: Expected at least 2, got 1",
                () -> ConfigurationJson.read(json("{'hnsw':{'sync_threshold':1}}")));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "Validation error: split_threshold: Expected 25 to 200, got 24",
                () -> ConfigurationJson.read(json("{'spann':{'split_threshold':24}}")));
        for (String wrong : List.of(
                "{'hnsw':{'ef_search':0}}",
                "{'hnsw':{'max_neighbors':0}}",
                "{'hnsw':{'resize_factor':0}}",
                "{'hnsw':{'batch_size':1}}",
                "{'spann':{'write_nprobe':129}}",
                "{'spann':{'ef_construction':201}}",
                "{'spann':{'max_neighbors':65}}",
                "{'spann':{'merge_threshold':101}}")) {
            var refusal = assertThrows(QuiverException.class, () -> ConfigurationJson.read(json(wrong)));
            assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        }
    }

    @Test
    void boundsWhatIsStoredOfAnEmbeddingFunction() {
        String config = "x".repeat(EmbeddingFunctionJson.LENGTH_MAX);
        assertThrows(
                QuiverException.class,
                () -> ConfigurationJson.read(
                        json("{'embedding_function':{'type':'known','name':'n','config':'" + config + "'}}")));
    }

    @Test
    void aChangeSetsWhatItNamesAndLeavesTheRest() {
        var change = ConfigurationJson.readChange(
                json(
                        "{'hnsw':{'ef_search':7,'batch_size':8},'embedding_function':{'type':'known','name':'n','config':{}}}"));
        var before = CollectionConfiguration.DEFAULT.withIndex(new Hnsw(Space.COSINE, 1, 2, 3, 4, 5.0, 6, 7));
        var after = change.over(before);
        assertEquals(new Hnsw(Space.COSINE, 1, 7, 3, 4, 5.0, 6, 8), after.index());
        assertEquals(
                json("{'type':'known','name':'n','config':{}}"), written(after).get("embedding_function"));
        assertEquals(after, ConfigurationJson.readChange(json("{}")).over(after));
    }

    @Test
    void aChangeNeverTouchesTheSpace() {
        refused(
                ErrorCode.UNPROCESSABLE,
                TARGET + "new_configuration.hnsw.space: unknown field `space`, expected one of `ef_search`,"
                        + " `max_neighbors`, `num_threads`, `resize_factor`, `sync_threshold`, `batch_size`",
                () -> ConfigurationJson.readChange(json("{'hnsw':{'space':'cosine'}}")));
        assertThrows(QuiverException.class, () -> ConfigurationJson.readChange(json("{'spann':{'space':'ip'}}")));
    }

    @Test
    void aChangeOfTheOtherIndexKindIsDropped() {
        var change = ConfigurationJson.readChange(json("{'spann':{'search_nprobe':3,'ef_search':9}}"));
        assertEquals(CollectionConfiguration.DEFAULT, change.over(CollectionConfiguration.DEFAULT));
        assertNull(change.embeddingFunctionJson());
    }

    private static void unprocessable(String message, String configuration) {
        refused(ErrorCode.UNPROCESSABLE, TARGET + message, () -> ConfigurationJson.read(json(configuration)));
    }
}
