package io.quiver.executor.text;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.core.LowerCaseFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/**
 * For scripts that do not part words by blanks: each two neighbouring characters are a term, one that stands alone is
 * too.
 */
final class PairAnalyzer extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
        Tokenizer characters = new StandardTokenizer();
        TokenStream even = new LowerCaseFilter(new CJKWidthFilter(characters));
        return new TokenStreamComponents(characters, new CJKBigramFilter(even));
    }
}
