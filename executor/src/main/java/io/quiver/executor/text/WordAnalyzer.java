package io.quiver.executor.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.core.LowerCaseFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.jspecify.annotations.Nullable;
import org.tartarus.snowball.ext.EnglishStemmer;

/**
 * Words between blanks and punctuation, in lower case, without some common ones and the very long, each as its English
 * stem. Languages other than English keep their common words, and mostly their endings.
 */
final class WordAnalyzer extends Analyzer {
    private static final CharArraySet STOP_WORDS = stopWords();

    private final CharArraySet stopWords;
    private final int lengthMax;

    /**
     * @param stopWords in lower case; {@code null} for the most common ones of English
     * @param lengthMax of a word; longer ones are left out
     */
    WordAnalyzer(@Nullable List<String> stopWords, int lengthMax) {
        this.stopWords = stopWords == null ? STOP_WORDS : new CharArraySet(stopWords, false);
        this.lengthMax = lengthMax;
    }

    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
        Tokenizer words = new WordTokenizer();
        TokenStream lower = new LowerCaseFilter(new CJKWidthFilter(words));
        TokenStream kept = new LengthFilter(new StopFilter(lower, stopWords), 1, lengthMax);
        return new TokenStreamComponents(words, new SnowballFilter(kept, new EnglishStemmer()));
    }

    private static CharArraySet stopWords() {
        try (InputStream file = WordAnalyzer.class.getResourceAsStream("stop-words.txt")) {
            String words = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return CharArraySet.unmodifiableSet(new CharArraySet(words.lines().toList(), false));
        } catch (IOException e) {
            throw new UncheckedIOException("the stop words cannot be read", e);
        }
    }
}
