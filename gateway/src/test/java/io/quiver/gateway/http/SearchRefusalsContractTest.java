package io.quiver.gateway.http;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 7 of the contract, refusals: what makes no sense, has a wrong shape, or is too much. */
class SearchRefusalsContractTest extends SearchFixture {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'group_by':{'keys':['k'],'aggregate':{'$min_k':{'keys':['#score'],'k':1}}}}|searches[0]: group_by needs a rank",
                "{'rank':{'$val':1},'group_by':{'keys':['k']}}|searches[0].group_by: keys and aggregate must be given both or not at all",
                "{'rank':{'$val':1},'group_by':{'aggregate':{'$min_k':{'keys':['#score'],'k':1}}}}|searches[0].group_by: keys and aggregate must be given both or not at all",
                "{'rank':{'$val':1},'group_by':{'keys':['k'],'aggregate':{'$min_k':{'keys':['#score'],'k':0}}}}|group_by.aggregate.k: Expected at least 1, got 0",
                "{'rank':{'$val':1},'group_by':{'keys':['k'],'aggregate':{'$min_k':{'keys':[],'k':1}}}}|group_by.aggregate.keys: Expected 1 to 32 keys",
                "{'rank':{'$val':1},'group_by':{'keys':['k'],'aggregate':{'$min_k':{'keys':['#document'],'k':1}}}}|group_by.aggregate.keys: Expected #score or keys of metadata, got another one that begins with #",
                "{'rank':{'$val':1},'group_by':{'keys':['#score'],'aggregate':{'$min_k':{'keys':['k'],'k':1}}}}|group_by.keys: Expected keys of metadata, got one that begins with #",
                "{'rank':{'$knn':{'query':[]}}}|searches[0].rank.$knn.query: Embedding must have at least one dimension",
                "{'rank':{'$knn':{'query':[1e39]}}}|searches[0].rank.$knn.query[0]: Expected a finite number, got 1.0E39",
                "{'rank':{'$val':1e400}}|searches[0].rank.$val: Expected a finite number, got Infinity",
                "{'rank':{'$knn':{'query':[1],'key':'k'}}}|searches[0].rank.$knn.query: A dense query searches #embedding, got key k",
                "{'rank':{'$knn':{'query':{'indices':[1],'values':[1]}}}}|searches[0].rank.$knn.query: A sparse query needs the metadata key of sparse vectors, got key #embedding",
                "{'rank':{'$knn':{'query':{'indices':[2,1],'values':[1,1]},'key':'k'}}}|searches[0].rank.$knn.query: the indices of a sparse vector ascend strictly",
                "{'rank':{'$knn':{'query':{'indices':[1],'values':[]},'key':'k'}}}|searches[0].rank.$knn.query: a sparse vector has as many values as indices",
                "{'rank':{'$knn':{'query':[1],'limit':16385}}}|searches[0].rank.$knn.limit: Expected at most 16384, got 16385"
            })
    void refusesWhatMakesNoSense(String payload, String problem) {
        search(payload).isInvalid("Validation error: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1|searches[0]: invalid type: integer `1`, expected a map",
                "{'rank':[]}|searches[0].rank: invalid type: sequence, expected a map",
                "{'rank':{}}|searches[0].rank: invalid length 0, expected an object with one field",
                "{'rank':{'$val':1,'$abs':1}}|searches[0].rank: invalid length 2, expected an object with one field",
                "{'rank':{'$pow':1}}|searches[0].rank: unknown variant `$pow`, expected one of `$abs`, `$div`, `$exp`, `$knn`, `$log`, `$max`, `$min`, `$mul`, `$sub`, `$sum`, `$val`",
                "{'rank':{'$val':'1'}}|searches[0].rank.$val: invalid type: string \"1\", expected f32",
                "{'rank':{'$sum':{'$val':1}}}|searches[0].rank.$sum: invalid type: map, expected a sequence",
                "{'rank':{'$sum':[{'$abs':null}]}}|searches[0].rank.$sum[0].$abs: invalid type: null, expected a map",
                "{'rank':{'$sub':{'left':{'$val':1}}}}|searches[0].rank.$sub: missing field `right`",
                "{'rank':{'$knn':{}}}|searches[0].rank.$knn: missing field `query`",
                "{'rank':{'$knn':{'query':'text'}}}|searches[0].rank.$knn.query: invalid type: string \"text\", expected a sequence",
                "{'rank':{'$knn':{'query':[true]}}}|searches[0].rank.$knn.query[0]: invalid type: boolean `true`, expected f32",
                "{'rank':{'$knn':{'query':[1],'limit':-1}}}|searches[0].rank.$knn.limit: invalid value: integer `-1`, expected u32",
                "{'rank':{'$knn':{'query':[1],'limit':1.5}}}|searches[0].rank.$knn.limit: invalid type: floating point `1.5`, expected u32",
                "{'rank':{'$knn':{'query':[1],'return_rank':1}}}|searches[0].rank.$knn.return_rank: invalid type: integer `1`, expected a boolean",
                "{'rank':{'$knn':{'query':{'indices':[1]},'key':'k'}}}|searches[0].rank.$knn.query: missing field `values`",
                "{'limit':{'limit':'5'}}|searches[0].limit.limit: invalid type: string \"5\", expected u32",
                "{'limit':5}|searches[0].limit: invalid type: integer `5`, expected a map",
                "{'select':['#score']}|searches[0].select: invalid type: sequence, expected a map",
                "{'select':{'keys':[1]}}|searches[0].select.keys[0]: invalid type: integer `1`, expected a string",
                "{'rank':{'$val':1},'group_by':{'keys':['k'],'aggregate':{'$avg':{}}}}|searches[0].group_by.aggregate: unknown variant `$avg`, expected one of `$min_k`, `$max_k`"
            })
    void saysWhichShapeIsWrong(String payload, String problem) {
        search(payload).isWrongShape(problem);
    }

    @Test
    void saysWhichBodyIsWrong() {
        String path = client.collection() + "/search";
        client.post(path, "{}").isWrongShape("missing field `searches` at line 1 column 2");
        client.post(path, "{'searches':1}").isWrongShape("searches: invalid type: integer `1`, expected a sequence");
        client.post(path, "{'searches':[{'rank':}]}")
                .isInvalid(
                        "Failed to parse the request body as JSON: Unexpected character ('}' (code 125)): expected a value at"
                                + " line 1 column 22");
        client.post(path, "{'searches':[],'read_level':'all'}")
                .isWrongShape("read_level: unknown variant `all`, expected one of `index_and_wal`, `index_only`,"
                        + " `index_and_bounded_wal` at line 1 column 33");
        client.post(TestClient.D + "/collections/6c6b1f0e-0000-4000-8000-000000000000/search", "{'searches':[]}")
                .isProblem(404, "NotFoundError", "Collection [6c6b1f0e-0000-4000-8000-000000000000] does not exist.");
    }

    @Test
    void refusesAnotherDimensionAndFiltersWithoutIndex() {
        search(ranked("{'$sum':[" + FIRST + ",{'$knn':{'query':[1,2,3]}}]}"))
                .isInvalid("Collection expecting embedding with dimension of 2, got 3");
        search("{'filter':{'k':{'$gt':'x'}}}").isInvalid("Invalid where clause");
        String collection = client.collection(",'schema':{'defaults':{},'keys':"
                + "{'k':{'string':{'string_inverted_index':{'enabled':false,'config':{}}}}}}");
        client.post(collection + "/search", "{'searches':[{'filter':{'k':'x'}}]}")
                .isInvalid("Cannot filter using metadata key 'k' with type 'Str' because indexing is disabled");
    }

    @Test
    void refusesMoreThanItsLimits() {
        String path = client.collection() + "/search";
        client.post(path, "{'searches':[" + repeated("{}", RequestLimits.DEFAULT.searchesMax() + 1) + "]}")
                .isInvalid("Validation error: searches: Expected at most 128 searches, got 129");
        refusesRank(path, "{'$sum':[" + repeated(FIRST, 33) + "]}", "more than 32 $knn");
        refusesRank(path, "{'$sum':[" + repeated("{'$val':1}", 1024) + "]}", "more than 1024 expressions");
        refusesRank(path, "{'$abs':".repeat(32) + "{'$val':1}" + "}".repeat(32), "nested deeper than 32");
        refusesRank(
                path,
                "{'$sum':[" + repeated(knn("[1]", ",'limit':16384"), 5) + "]}",
                "the limits of all $knn add up to more than 65536");
        String keys = IntStream.rangeClosed(0, SearchSelect.KEYS_MAX)
                .mapToObj(i -> "'k" + i + "'")
                .collect(Collectors.joining(","));
        client.post(path, "{'searches':[{'select':{'keys':[" + keys + "]}}]}")
                .isInvalid("Validation error: searches[0].select.keys: Expected at most 1024 keys");
    }

    private void refusesRank(String path, String rank, String problem) {
        client.post(path, "{'searches':[" + ranked(rank) + "]}").isInvalid("Validation error: rank: " + problem);
    }

    private static String repeated(String json, int count) {
        return IntStream.range(0, count).mapToObj(_ -> json).collect(Collectors.joining(","));
    }
}
