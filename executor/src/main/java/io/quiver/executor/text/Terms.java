package io.quiver.executor.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.util.StringHelper;

/**
 * The terms of a text as numbers: the absolute value of the 32-bit murmur3 hash of their UTF-8 bytes, with the seed 0.
 */
final class Terms {
    private static final Analyzer PAIRS = new PairAnalyzer();

    private final Analyzer words;

    /** @param words finds them where blanks part them */
    Terms(Analyzer words) {
        this.words = words;
    }

    /** In the order of the text, each as often as it is there. */
    int[] of(String text) {
        IntStream.Builder terms = IntStream.builder();
        for (int begin = 0; begin < text.length(); ) {
            Scripts.Run run = Scripts.run(text, begin);
            read(run.isInPairs() ? PAIRS : words, text.substring(begin, run.end()), terms);
            begin = run.end();
        }
        return terms.build().toArray();
    }

    private static void read(Analyzer analyzer, String text, IntStream.Builder terms) {
        try (TokenStream tokens = analyzer.tokenStream("", text)) {
            TermToBytesRefAttribute term = tokens.getAttribute(TermToBytesRefAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                // The least int stays as it is: unsigned it is its own absolute value.
                terms.add(Math.abs(StringHelper.murmurhash3_x86_32(term.getBytesRef(), 0)));
            }
            tokens.end();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a text in memory was read", impossible);
        }
    }
}
