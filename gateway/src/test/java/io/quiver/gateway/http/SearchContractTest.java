package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 7 of the contract: search. */
class SearchContractTest extends ServerFixture {
    /** Squared distances of a, b, c, d: 0, 1, 4, 9 from the first, 9, 4, 1, 0 from the second. */
    private static final String FIRST = "{'$knn':{'query':[0,0]}}";

    private static final String SECOND = "{'$knn':{'query':[3,0]}}";

    /** Inserted in this order: b, d, a, c. */
    private String line() {
        String collection = client.collection();
        client.post(collection + "/add", """
                {'ids':['b','d','a','c'],'embeddings':[[1,0],[3,0],[0,0],[2,0]],
                 'documents':['of yew','of elm','of ash',null],
                 'metadatas':[{'kind':'x','n':1},{'kind':'y','n':2.5},{'kind':'x','n':1.0},null]}""").is(201, "{}");
        return collection;
    }

    private Reply search(String payload) {
        return searches(payload);
    }

    private Reply searches(String... payloads) {
        return client.post(line() + "/search", "{'searches':[" + String.join(",", payloads) + "]}");
    }

    private static String ranked(String rank) {
        return "{'rank':" + rank + ",'select':{'keys':['#score']}}";
    }

    /** A search for all records but those beyond {@code limit}. */
    private static String knn(String query, String more) {
        return "{'$knn':{'query':" + query + more + "}}";
    }

    private void assertRanked(String rank, String ids, String scores) {
        Reply reply = search(ranked(rank));
        assertIds("[" + ids + "]", reply);
        assertField("scores", "[" + scores + "]", reply);
    }

    // ---- answers ----

    @Test
    void answersIdsAloneWhereNothingIsSelected() {
        search("{'rank':" + FIRST + "}")
                .is(
                        200,
                        "{'ids':[['a','b','c','d']],'documents':[null],'embeddings':[null],'metadatas':[null],"
                                + "'scores':[null],'select':[[]]}");
    }

    @Test
    void answersEverySelectedPartAndTheKeysInOrder() {
        search("{'rank':" + knn("[0,0]", ",'limit':2")
                        + ",'select':{'keys':['n','#score','#metadata','#embedding','#document','#score']}}")
                .is(
                        200,
                        "{'ids':[['a','b']],'documents':[['of ash','of yew']],'embeddings':[[[0.0,0.0],[1.0,0.0]]],"
                                + "'metadatas':[[{'kind':'x','n':1.0},{'kind':'x','n':1}]],'scores':[[0.0,1.0]],"
                                + "'select':[['#document','#embedding','#metadata','#score','n']]}");
    }

    @Test
    void answersOnlyTheFieldsOfMetadataThatAreSelected() {
        Reply reply = search("{'rank':" + FIRST + ",'select':{'keys':['n','absent']}}");
        assertField("metadatas", "[[{'n':1.0},{'n':1},null,{'n':2.5}]]", reply);
        assertField("documents", "[null]", reply);
        assertField("select", "[['absent','n']]", reply);
    }

    @Test
    void answersEachSearchForItself() {
        Reply reply = searches(
                "{'rank':" + FIRST + ",'limit':{'limit':1},'select':{'keys':['#score']}}",
                "{'filter':{'kind':'y'},'select':{'keys':['#document']}}",
                "{'rank':" + SECOND + ",'filter':{'kind':'nothing'},'select':{'keys':['#score']}}");
        reply.is(
                200,
                "{'ids':[['a'],['d'],[]],'documents':[null,['of elm'],null],'embeddings':[null,null,null],"
                        + "'metadatas':[null,null,null],'scores':[[0.0],null,[]],"
                        + "'select':[['#score'],['#document'],['#score']]}");
    }

    @Test
    void answersNothingToNoSearchAndInAnEmptyCollection() {
        client.post(line() + "/search", "{'searches':[]}")
                .is(200, "{'ids':[],'documents':[],'embeddings':[],'metadatas':[],'scores':[],'select':[]}");
        Reply reply = client.post(client.collection() + "/search", "{'searches':[" + ranked(FIRST) + ",{}]}");
        assertIds("[[],[]]", reply);
        assertField("scores", "[[],null]", reply);
    }

    @Test
    void namesTheFieldsOfAnAnswerInTheirOrder() {
        assertTrue(
                search(ranked(FIRST))
                        .body()
                        .matches(
                                "\\{\"ids\":.*,\"documents\":.*,\"embeddings\":.*,\"metadatas\":.*,\"scores\":.*,\"select\":.*}"));
    }

    @Test
    void withoutARankRecordsComeInOrderOfInsertionAndHaveNoScore() {
        Reply reply = search("{'select':{'keys':['#score']}}");
        assertIds("[['b','d','a','c']]", reply);
        assertField("scores", "[[null,null,null,null]]", reply);
        assertIds("[['d','a']]", search("{'rank':null,'limit':{'limit':2,'offset':1}}"));
    }

    @Test
    void showsTheStateThatItsOffsetNames() {
        String collection = line();
        String body = "{'searches':[" + ranked(FIRST) + "]}";
        Reply before = client.post(collection + "/search", body);
        Reply written = client.post(collection + "/upsert", "{'ids':['e'],'embeddings':[[0.5,0]]}");
        Reply after = client.post(collection + "/search", body);
        assertIds("[['a','b','c','d']]", before);
        assertIds("[['a','e','b','c','d']]", after);
        assertEquals(written.header(RecordAnswers.OFFSET_HEADER), after.header(RecordAnswers.OFFSET_HEADER));
        assertEquals("miss", after.header(RecordAnswers.CACHE_HEADER));
        assertEquals("hit", client.post(collection + "/search", body).header(RecordAnswers.CACHE_HEADER));
    }

    @ParameterizedTest
    @CsvSource({"index_and_wal,4", "index_and_bounded_wal,4", "index_only,0"})
    void readsAsMuchAsItsLevelSays(String level, int records) {
        String body = "{'searches':[{},{'rank':" + FIRST + "}],'read_level':'" + level + "'}";
        Reply reply = client.post(line() + "/search", body);
        assertEquals(200, reply.status(), reply.body());
        assertEquals(records, reply.json().at("/ids/0").size());
        assertEquals(records, reply.json().at("/ids/1").size());
    }

    // ---- filter, limit ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|['a','b','c','d']",
                "null|['a','b','c','d']",
                "{'kind':'x'}|['a','b']",
                "{'kind':{'$ne':'x'}}|['c','d']",
                "{'#id':{'$in':['d','b','zzz']}}|['b','d']",
                "{'#id':'d'}|refused",
                "{'#document':{'$contains':'of '}}|['a','b','d']",
                "{'#document':{'$regex':'^of [ye]'}}|['b','d']",
                "{'$and':[{'#document':{'$contains':'of'}},{'n':{'$lte':1}}]}|['a','b']"
            })
    void filtersWhatEverySearchOfTheRankFinds(String filter, String ids) {
        Reply reply = search("{'rank':" + FIRST + ",'filter':" + filter + "}");
        if (ids.equals("refused")) {
            reply.isInvalid("Invalid where clause");
        } else {
            assertIds("[" + ids + "]", reply);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null|['a','b','c','d']",
                "{}|['a','b','c','d']",
                "{'limit':null,'offset':0}|['a','b','c','d']",
                "{'limit':2}|['a','b']",
                "{'limit':2,'offset':1}|['b','c']",
                "{'limit':9,'offset':3}|['d']",
                "{'offset':4294967295}|[]",
                "{'limit':0}|[]",
                "{'limit':4294967295}|['a','b','c','d']"
            })
    void skipsAndLimits(String limit, String ids) {
        assertIds("[" + ids + "]", search("{'rank':" + FIRST + ",'limit':" + limit + "}"));
    }

    // ---- rank ----

    @Test
    void aKnnScoresItsLimitOfRecordsByDistanceAndSixteenUnlessToldOtherwise() {
        assertRanked(FIRST, "['a','b','c','d']", "[0.0,1.0,4.0,9.0]");
        assertRanked(knn("[0,0]", ",'key':'#embedding','limit':2,'default':null"), "['a','b']", "[0.0,1.0]");
        assertRanked(knn("[0,0]", ",'limit':0"), "[]", "[]");
        String many = client.collection();
        String ids = IntStream.range(0, 20).mapToObj(i -> "'" + i + "'").collect(Collectors.joining(","));
        String embeddings = IntStream.range(0, 20).mapToObj(i -> "[" + i + "]").collect(Collectors.joining(","));
        client.post(many + "/add", "{'ids':[" + ids + "],'embeddings':[" + embeddings + "]}");
        Reply reply = client.post(many + "/search", "{'searches':[{'rank':{'$knn':{'query':[0]}}}]}");
        assertEquals(16, reply.json().at("/ids/0").size(), reply.body());
    }

    @Test
    void aKnnMayGiveThePlaceFromNought() {
        assertRanked(knn("[3,0]", ",'return_rank':true"), "['d','c','b','a']", "[0.0,1.0,2.0,3.0]");
        assertRanked(knn("[3,0]", ",'return_rank':true,'limit':2"), "['d','c']", "[0.0,1.0]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'$sum':[%1$s,{'$val':0.5}]}|['a','b','c','d']|[0.5,1.5,4.5,9.5]",
                "{'$sum':[%1$s]}|['a','b','c','d']|[0.0,1.0,4.0,9.0]",
                "{'$mul':[%1$s,{'$val':-1}]}|['d','c','b','a']|[-9.0,-4.0,-1.0,-0.0]",
                "{'$mul':[%1$s,%2$s]}|['d','a','b','c']|[0.0,0.0,4.0,4.0]",
                "{'$max':[%1$s,%2$s]}|['b','c','d','a']|[4.0,4.0,9.0,9.0]",
                "{'$min':[%1$s,%2$s]}|['d','a','b','c']|[0.0,0.0,1.0,1.0]",
                "{'$sub':{'left':%1$s,'right':%2$s}}|['a','b','c','d']|[-9.0,-3.0,3.0,9.0]",
                "{'$div':{'left':%1$s,'right':{'$val':4}}}|['a','b','c','d']|[0.0,0.25,1.0,2.25]",
                "{'$abs':{'$sub':{'left':%1$s,'right':%2$s}}}|['b','c','d','a']|[3.0,3.0,9.0,9.0]",
                "{'$exp':{'$mul':[%1$s,{'$val':0}]}}|['b','d','a','c']|[1.0,1.0,1.0,1.0]",
                "{'$log':{'$sum':[{'$mul':[%1$s,{'$val':0}]},{'$val':1}]}}|['b','d','a','c']|[0.0,0.0,0.0,0.0]",
                "{'$log':{'$exp':%1$s}}|['a','b','c','d']|[0.0,1.0,4.0,9.0]"
            })
    void calculates(String rank, String ids, String scores) {
        assertRanked(rank.formatted(FIRST, SECOND), ids, scores);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // both without default: only what both have found
                "$sum|,'limit':3|,'limit':3|['b','c']|[5.0,5.0]",
                "$sum|,'limit':1|,'limit':1|[]|[]",
                // one with a default: it fills in for the other side's records
                "$sum|,'limit':2|,'limit':1,'default':100|['a','b']|[100.0,101.0]",
                "$sum|,'limit':1,'default':100|,'limit':2|['d','c']|[100.0,101.0]",
                // both with defaults: what either has found
                "$sum|,'limit':1,'default':50|,'limit':1,'default':100|['d','a']|[50.0,100.0]",
                "$max|,'limit':1,'default':50|,'limit':1,'default':100|['d','a']|[50.0,100.0]",
                "$min|,'limit':2,'default':50|,'limit':1,'default':100|['d','a','b']|[0.0,0.0,1.0]",
                "$mul|,'limit':1,'default':2|,'limit':1,'default':3|['d','a']|[0.0,0.0]"
            })
    void joinsWhatItsSearchesFoundByTheirDefaults(String fold, String first, String second, String ids, String scores) {
        String rank = "{'%s':[%s,%s]}".formatted(fold, knn("[0,0]", first), knn("[3,0]", second));
        assertRanked(rank, ids, scores);
    }

    @Test
    void aRecordThatNoKnnFoundIsNeverThere() {
        assertRanked("{'$val':1}", "[]", "[]");
        assertRanked("{'$sum':[]}", "[]", "[]");
        assertRanked(knn("[0,0]", ",'limit':1,'default':0"), "['a']", "[0.0]");
    }

    @Test
    void fusesReciprocalRanksAsClientsWriteThem() {
        String place = ",'return_rank':true,'default':1000";
        String first = reciprocal(knn("[0,0]", place + ",'limit':2"));
        String second = reciprocal(knn("[1,0]", place + ",'limit':3"));
        Reply reply = search(ranked("{'$mul':[{'$val':-1},{'$sum':[" + first + "," + second + "]}]}"));
        assertIds("[['b','a','c']]", reply);
        assertEquals(
                (float) -(1 / 61.0 + 1 / 60.0), reply.json().at("/scores/0/0").floatValue());
        assertEquals(
                (float) -(1 / 60.0 + 1 / 61.0), reply.json().at("/scores/0/1").floatValue());
        assertEquals(
                (float) -(1 / 1060.0 + 1 / 62.0), reply.json().at("/scores/0/2").floatValue());
    }

    private static String reciprocal(String rank) {
        return "{'$div':{'left':{'$val':1},'right':{'$sum':[{'$val':60}," + rank + "]}}}";
    }

    @Test
    void whatIsNoFiniteNumberHasNoScoreAndKeepsItsPlace() {
        // -infinity, finite, +infinity, not a number
        assertRanked("{'$log':" + FIRST + "}", "['a','b','c','d']", "[null,0.0,1.3862944,2.1972246]");
        assertRanked(
                "{'$div':{'left':{'$val':1},'right':" + FIRST + "}}",
                "['d','c','b','a']",
                "[0.11111111,0.25,1.0,null]");
        assertRanked(
                "{'$div':{'left':" + FIRST + ",'right':" + FIRST + "}}", "['b','d','c','a']", "[1.0,1.0,1.0,null]");
        assertRanked("{'$exp':{'$mul':[" + FIRST + ",{'$val':1000}]}}", "['a','b','d','c']", "[1.0,null,null,null]");
    }

    @Test
    void scoresByASparseQueryAlsoWhereNoRecordHasSuchAVector() {
        assertRanked(
                "{'$knn':{'query':{'#type':'sparse_vector','indices':[1,4294967295],'values':[0.5,1]},'key':'sparse'}}",
                "[]",
                "[]");
        assertRanked(
                "{'$sum':[" + FIRST + ",{'$knn':{'query':{'indices':[1],'values':[1]},'key':'sparse','default':2}}]}",
                "['a','b','c','d']",
                "[2.0,3.0,6.0,11.0]");
    }

    // ---- sparse ----

    /** Records a, b, c, d of {@link #line}, of which all but d have a sparse vector. */
    private Reply hybrid(String payload) {
        String collection = line();
        client.post(collection + "/update", """
                        {'ids':['a','b','c'],'metadatas':[{'sparse':{'indices':[1,7],'values':[0.5,2]}},
                         {'sparse':{'indices':[1,4294967295],'values':[1,3]}},{'sparse':{'indices':[7],'values':[0.25]}}]}""").is(200, "{}");
        return client.post(collection + "/search", "{'searches':[" + payload + "]}");
    }

    private static String sparse(String more) {
        return "{'$knn':{'query':{'#type':'sparse_vector','indices':[1,4294967295],'values':[1,0.5]},'key':'sparse'%s}}"
                .formatted(more);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // 1 - 2.5 and 1 - 0.5; c shares no term with the query, d has no vector
                "%1$s|['b','a']|[-1.5,0.5]",
                "%2$s|['b']|[-1.5]",
                "%3$s|['b','a']|[0.0,1.0]",
                // with the embeddings: both, either, all
                "{'$sum':[%4$s,%1$s]}|['b','a']|[-0.5,0.5]",
                "{'$sum':[%4$s,%5$s]}|['b','a','c','d']|[-0.5,0.5,5.0,10.0]",
                "{'$max':[{'$knn':{'query':[3,0],'limit':1,'default':-9}},%5$s]}|['b','a','d']|[-1.5,0.5,1.0]"
            })
    void scoresBySparseVectors(String rank, String ids, String scores) {
        String all = rank.formatted(
                sparse(""), sparse(",'limit':1"), sparse(",'return_rank':true"), FIRST, sparse(",'default':1"));
        Reply reply = hybrid(ranked(all));
        assertIds("[" + ids + "]", reply);
        assertField("scores", "[" + scores + "]", reply);
    }

    @Test
    void filtersSparseVectorsTooAndAnswersThem() {
        Reply reply = hybrid(
                "{'rank':" + sparse("") + ",'filter':{'#id':{'$in':['a','c','d']}},'select':{'keys':['sparse']}}");
        assertIds("[['a']]", reply);
        assertField("metadatas", "[[{'sparse':{'#type':'sparse_vector','indices':[1,7],'values':[0.5,2.0]}}]]", reply);
    }

    // ---- group by ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // the nearest of each kind; those without a kind have that in common
                "['kind']|{'$min_k':{'keys':['#score'],'k':1}}|['a','c','d']",
                "['kind']|{'$min_k':{'keys':['#score'],'k':2}}|['a','b','c','d']",
                "['kind']|{'$max_k':{'keys':['#score'],'k':1}}|['b','c','d']",
                // numbers are equal whatever they are written as
                "['n']|{'$min_k':{'keys':['#score'],'k':1}}|['a','c','d']",
                "['kind','n']|{'$max_k':{'keys':['#score'],'k':1}}|['b','c','d']",
                // a tie keeps the order of scores, and so does what follows
                "['kind']|{'$min_k':{'keys':['n'],'k':1}}|['a','c','d']",
                "['kind']|{'$max_k':{'keys':['n','#score'],'k':1}}|['b','c','d']",
                // one group: what is absent is the least
                "['absent']|{'$min_k':{'keys':['n'],'k':2}}|['a','c']",
                "['absent']|{'$max_k':{'keys':['n'],'k':2}}|['a','d']",
                "['absent']|{'$max_k':{'keys':['kind','#score'],'k':3}}|['a','b','d']"
            })
    void keepsTheFirstOfEachGroupInTheOrderOfScores(String keys, String aggregate, String ids) {
        assertIds("[" + ids + "]", search(grouped(keys, aggregate, "null")));
    }

    private static String grouped(String keys, String aggregate, String limit) {
        return "{'rank':%s,'group_by':{'keys':%s,'aggregate':%s},'limit':%s}".formatted(FIRST, keys, aggregate, limit);
    }

    @Test
    void groupsScoresThatAreNoFiniteNumbers() {
        String group = "'group_by':{'keys':['kind'],'aggregate':{'$max_k':{'keys':['#score'],'k':1}}}";
        assertIds("[['b','c','d']]", search("{'rank':{'$log':" + FIRST + "}," + group + "}"));
        assertIds(
                "[['d','c','a']]", search("{'rank':{'$div':{'left':{'$val':1},'right':" + FIRST + "}}," + group + "}"));
    }

    @Test
    void limitsWhatIsLeftOfTheGroups() {
        String aggregate = "{'$min_k':{'keys':['#score'],'k':1}}";
        assertIds("[['c']]", search(grouped("['kind']", aggregate, "{'limit':1,'offset':1}")));
    }

    @Test
    void groupsNothingByNothing() {
        assertIds("[['a','b','c','d']]", search("{'rank':" + FIRST + ",'group_by':{}}"));
        assertIds("[['a','b','c','d']]", search(grouped("[]", "null", "null")));
        assertIds("[['b','d','a','c']]", search("{'group_by':{'keys':[],'aggregate':null}}"));
    }

    // ---- refusals ----

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

    // ---- explain ----

    @Test
    void explainsEachKnnOfEachSearch() {
        String sparse = "{'$knn':{'query':{'indices':[1,5],'values':[1,1]},'key':'sparse','limit':7,'default':1}}";
        String rank = "{'$sum':[" + knn("[0,0]", ",'limit':2") + "," + sparse + "]}";
        Reply reply = client.post(
                line() + "/explain",
                "{'searches':[{'rank':" + rank + ",'filter':{'kind':'x'}},{'filter':{'kind':'y'}}]}");
        assertEquals(200, reply.status(), reply.body());
        assertTrue(reply.header(RecordAnswers.OFFSET_HEADER).matches("\\d+"));
        assertEquals(2, reply.json().at("/searches/0/knns").size());
        assertEquals(0, reply.json().at("/searches/1/knns").size());
        JsonNode dense = reply.json().at("/searches/0/knns/0");
        assertEquals("#embedding", dense.get("key").textValue());
        assertEquals(2, dense.get("limit").intValue());
        assertEquals(2, dense.get("hits").intValue());
        assertEquals("scan_matches", dense.at("/segments/0/way").textValue());
        assertEquals(2, dense.at("/segments/0/matches").intValue());
        assertEquals(
                "{\"key\":\"sparse\",\"limit\":7,\"terms\":2,\"hits\":0,\"partial\":false}",
                reply.json().at("/searches/0/knns/1").toString());
    }

    @Test
    void explainsNoSearchAndRefusesWhatSearchRefuses() {
        String path = line() + "/explain";
        client.post(path, "{'searches':[]}").is(200, "{'searches':[]}");
        client.post(path, "{'searches':[{'rank':1}]}")
                .isWrongShape("searches[0].rank: invalid type: integer `1`, expected a map");
        client.post(path, "{'searches':null}").isWrongShape("missing field `query_embeddings` at line 1 column 17");
    }
}
