package io.quiver.executor.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.catalog.Bm25Parameters;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.SparseVector;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bm25Test {
    /** Published values of murmur3: 0x248bfa47 for hello; 0xf6a5c420 for foo, which is -156908512. */
    private static final int HELLO = 613_153_351;

    private static final int FOO = 156_908_512;

    private static final Bm25 BM25 = Bm25.of(Bm25Parameters.DEFAULT);

    @Test
    void indicesAreAbsoluteHashesAndWeightsSaturate() {
        SparseVector vector = BM25.vector("Foo! Hello, foo.");
        assertEquals(2, vector.size());
        assertEquals(FOO, vector.index(0));
        assertEquals(HELLO, vector.index(1));
        // 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 256)) and 2.2 / (1 + the same)
        assertEquals(1.904311f, vector.value(0), 1e-6f);
        assertEquals(1.6786885f, vector.value(1), 1e-6f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The runners were running|runners running",
                "don't it's|''",
                "quick-brown fox_den 3.14|QUICK brown fox_den 3 14",
                "the and of|''",
                "ponies caresses flies|poni caress fli",
                "ＡＢＣ|abc",
            })
    void readsAsTheSameTerms(String text, String other) {
        assertEquals(BM25.vector(other), BM25.vector(text));
    }

    @Test
    void leavesOutWhatIsTooLongToBeAWord() {
        assertEquals(1, BM25.vector("x".repeat(40)).size());
        assertEquals(0, BM25.vector("x".repeat(41)).size());
        assertEquals(0, BM25.vector("x".repeat(300)).size());
    }

    @ParameterizedTest
    @CsvSource({"東京都,2", "東京都 大阪,3", "ひらがな,3", "한국어,2", "水,1", "iPhone手机,2", "2024年,2", "ｶﾀｶﾅ,3"})
    void readsScriptsWithoutBlanksInPairs(String text, int terms) {
        assertEquals(terms, BM25.vector(text).size());
    }

    @Test
    void aPairIsFoundInsideALongerText() {
        SparseVector pair = BM25.vector("北京");
        SparseVector text = BM25.vector("我爱北京天安门 in Beijing");
        assertEquals(1, pair.size());
        assertEquals(
                1,
                IntStream.range(0, text.size())
                        .filter(i -> text.index(i) == pair.index(0))
                        .count());
    }

    @Test
    void refusesMoreTermsThanAVectorHas() {
        String text = IntStream.range(0, SparseVector.TERMS_MAX + 100)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
        QuiverException refusal = assertThrows(QuiverException.class, () -> BM25.vector(text));
        assertEquals(true, refusal.getMessage().contains("limit of 65536"), refusal.getMessage());
    }

    @Test
    void parametersSayHowTermsWeighAndWhichThereAre() {
        Bm25 counting = Bm25.of(new Bm25Parameters(0, 0, 1, 5, List.of("foo")));
        SparseVector vector = counting.vector("Foo hello HELLO lengthy the");
        assertEquals(2, vector.size());
        assertEquals(HELLO, vector.index(vector.index(0) == HELLO ? 0 : 1));
        assertEquals(1f, vector.value(0));
        assertEquals(1f, vector.value(1));
    }

    @Test
    void longTextsAreHeldAgainstByTheAverageOfTheCollection() {
        Bm25 ofShortTexts = Bm25.of(new Bm25Parameters(1.2, 1, 2, 40, null));
        // 2.2 / (1 + 1.2 * 2 / 2) and 2.2 / (1 + 1.2 * 4 / 2)
        assertEquals(1f, ofShortTexts.vector("foo hello").value(0), 1e-6f);
        assertEquals(2.2f / 3.4f, ofShortTexts.vector("foo hello seven words").value(0), 1e-6f);
    }
}
