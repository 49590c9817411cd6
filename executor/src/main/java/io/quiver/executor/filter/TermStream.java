package io.quiver.executor.filter;

import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.util.BytesRef;

/** The terms of one row, as Lucene takes them in. Used again for each row, by one thread. */
final class TermStream extends TokenStream {
    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
    private List<BytesRef> terms = List.of();
    private int next;

    /** The terms that the next row has. */
    void set(List<BytesRef> rowTerms) {
        this.terms = rowTerms;
    }

    @Override
    public void reset() {
        next = 0;
    }

    @Override
    public boolean incrementToken() {
        clearAttributes();
        if (next == terms.size()) {
            return false;
        }
        term.setBytesRef(terms.get(next++));
        return true;
    }
}
