package io.quiver.gateway.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Section 7 of the contract, groups: what is kept of each. */
class SearchGroupsContractTest extends SearchFixture {
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
}
