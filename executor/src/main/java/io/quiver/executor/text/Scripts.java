package io.quiver.executor.text;

import java.lang.Character.UnicodeScript;

/** Cuts texts where the way of finding words changes: Chinese, Japanese and Korean from all others. */
final class Scripts {
    private Scripts() {}

    /** A part of a text that is read in one way. */
    record Run(int end, boolean isInPairs) {}

    /**
     * The run from {@code begin} on. What belongs to no script, as digits and blanks do, goes with what is before it.
     */
    static Run run(String text, int begin) {
        boolean isInPairs = false;
        boolean isKnown = false;
        int at = begin;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            UnicodeScript script = UnicodeScript.of(character);
            if (script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED) {
                if (isKnown && isInPairs != isInPairs(script)) {
                    break;
                }
                isKnown = true;
                isInPairs = isInPairs(script);
            }
            at += Character.charCount(character);
        }
        return new Run(at, isInPairs);
    }

    private static boolean isInPairs(UnicodeScript script) {
        return switch (script) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> true;
            default -> false;
        };
    }
}
