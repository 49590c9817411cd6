package io.quiver.executor.filter;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;

/** The grams of one document, as Lucene takes them in. Used again for each row, by one thread. */
final class GramStream extends TokenStream {
    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
    private Grams grams = new Grams("");
    private boolean isDone;

    /** The document that the next row has. */
    void set(String document) {
        this.grams = new Grams(document);
        this.isDone = false;
    }

    @Override
    public boolean incrementToken() {
        clearAttributes();
        if (isDone) {
            return false;
        }
        term.setBytesRef(grams.current());
        isDone = grams.isAtEnd();
        grams.advance();
        return true;
    }
}
