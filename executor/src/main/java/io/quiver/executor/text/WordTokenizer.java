package io.quiver.executor.text;

import org.apache.lucene.analysis.util.CharTokenizer;
import org.apache.lucene.util.AttributeFactory;

/** Letters, numbers of every kind and underscores belong to words, all else is between them. */
final class WordTokenizer extends CharTokenizer {
    /** Beyond any document's longest word: parts of a long word would be taken for short ones. */
    private static final int LENGTH_MAX = 1 << 20;

    WordTokenizer() {
        super(AttributeFactory.DEFAULT_ATTRIBUTE_FACTORY, LENGTH_MAX);
    }

    @Override
    protected boolean isTokenChar(int character) {
        return character == '_' || Character.isLetterOrDigit(character) || isOtherNumber(character);
    }

    private static boolean isOtherNumber(int character) {
        int type = Character.getType(character);
        return type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
    }
}
