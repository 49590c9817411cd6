package io.quiver.executor.regex;

import java.util.ArrayList;
import java.util.List;

/**
 * Letters of an expression that follow each other, some of them in either case. Becomes the text that they require.
 *
 * <p>A letter in either case stands for its variants: a run with such letters requires, for each window of three, one
 * of at most 27 spellings.
 */
final class LetterRun {
    private static final int WINDOW = 3;
    private static final int WINDOWS_MAX = 8;

    /** The spellings of each letter. */
    private final List<String[]> letters = new ArrayList<>();

    private boolean isPlain = true;

    /** Whether the letter has variants, in a way that {@link #add} knows or not. */
    static boolean isCased(int letter) {
        return Character.isUpperCase(letter)
                || Character.isLowerCase(letter)
                || Character.isTitleCase(letter)
                || Character.toLowerCase(letter) != letter
                || Character.toUpperCase(letter) != letter;
    }

    /** Adds a letter; false when its variants are not known. */
    boolean add(int letter, boolean eitherCase) {
        if (!eitherCase || !isCased(letter)) {
            letters.add(new String[] {Character.toString(letter)});
            return true;
        }
        if (letter >= 128) {
            return false;
        }
        letters.add(variants((char) Character.toLowerCase(letter)));
        isPlain = false;
        return true;
    }

    /** What the letters so far require; the run is empty afterwards. */
    RequiredText end() {
        RequiredText required = isPlain ? plain() : windows();
        letters.clear();
        isPlain = true;
        return required;
    }

    private RequiredText plain() {
        StringBuilder text = new StringBuilder();
        letters.forEach(spellings -> text.append(spellings[0]));
        return text.isEmpty() ? new RequiredText.Anything() : new RequiredText.Text(text.toString());
    }

    private RequiredText windows() {
        List<RequiredText> parts = new ArrayList<>();
        for (int from = 0; from + WINDOW <= letters.size() && from < WINDOWS_MAX; from++) {
            parts.add(spellings(letters.subList(from, from + WINDOW)));
        }
        return RequiredText.all(parts);
    }

    private static RequiredText spellings(List<String[]> window) {
        List<String> texts = List.of("");
        for (String[] spellings : window) {
            List<String> longer = new ArrayList<>();
            texts.forEach(text -> List.of(spellings).forEach(spelling -> longer.add(text + spelling)));
            texts = longer;
        }
        return RequiredText.any(
                texts.stream().<RequiredText>map(RequiredText.Text::new).toList());
    }

    /** An ASCII letter in either case; Unicode counts the Kelvin sign as a k, the long s as an s. */
    private static String[] variants(char lower) {
        String small = Character.toString(lower);
        String capital = Character.toString(Character.toUpperCase(lower));
        return switch (lower) {
            case 'k' -> new String[] {small, capital, "\u212A"};
            case 's' -> new String[] {small, capital, "\u017F"};
            default -> new String[] {small, capital};
        };
    }
}
