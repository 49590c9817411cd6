package io.quiver.gateway.model;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Draws regular expressions in the part of the syntax that the JDK's matcher and the server share. Repetitions are not
 * nested: the JDK's matcher would take them, but not in this age.
 */
final class RandomRegexes {
    private static final List<String> LETTERS = List.of("a", "b", "c", "A", "K", "s", "ü", "한", "1", " ", "\\.", "🏹");
    private static final List<String> SETS = List.of("[ab]", "[^a]", "[a-c1]", ".", "[ks]");
    /** Not in either case: there the Kelvin sign is a letter for the server, since it is a k, but not for the JDK. */
    private static final List<String> CLASSES = List.of("\\d", "\\w", "\\s", "\\W");

    private static final List<String> REPETITIONS = List.of("?", "*", "+", "{2}", "{0,2}", "{1,}", "*?", "{0}");

    private final RandomDraw draw;
    private boolean isEitherCase;

    RandomRegexes(RandomDraw draw) {
        this.draw = draw;
    }

    /**
     * One expression twice.
     *
     * @param text for the server; its {@code $} is the very end
     */
    record Expression(String text, Pattern pattern) {}

    Expression expression() {
        String flags = draw.of(List.of("", "", "", "(?i)", "(?s)", "(?m)"));
        isEitherCase = flags.equals("(?i)");
        String body = alternatives(2, true);
        String end = draw.oneIn(6) ? "$" : "";
        String begin = draw.oneIn(6) ? "^" : "";
        boolean isByLines = flags.equals("(?m)");
        String ofJdk = flags + beginOfJdk(begin, isByLines) + body + endOfJdk(end, isByLines);
        return new Expression(
                flags + begin + body + end, Pattern.compile(ofJdk, Pattern.UNIX_LINES | Pattern.UNICODE_CASE));
    }

    /** To the JDK no line begins at the end of a text, not even of an empty one. */
    private static String beginOfJdk(String begin, boolean isByLines) {
        return begin.isEmpty() || !isByLines ? begin : "(?:\\A|(?<=\n))";
    }

    private static String endOfJdk(String end, boolean isByLines) {
        return end.isEmpty() || isByLines ? end : "\\z";
    }

    private String alternatives(int depth, boolean mayRepeat) {
        return String.join("|", draw.several(1, draw.oneIn(3) ? 3 : 1, () -> sequence(depth, mayRepeat)));
    }

    private String sequence(int depth, boolean mayRepeat) {
        return String.join("", draw.several(draw.oneIn(9) ? 0 : 1, 5, () -> repeated(depth, mayRepeat)));
    }

    private String repeated(int depth, boolean mayRepeat) {
        boolean repeats = mayRepeat && draw.oneIn(4);
        String atom = atom(depth, mayRepeat && !repeats);
        return repeats ? atom + draw.of(REPETITIONS) : atom;
    }

    private String atom(int depth, boolean mayRepeat) {
        int dice = draw.below(depth == 0 ? 8 : 10);
        if (dice < 6) {
            return draw.of(LETTERS);
        }
        if (dice < 8) {
            return draw.of(isEitherCase || draw.oneIn(2) ? SETS : CLASSES);
        }
        return draw.of(List.of("(", "(?:")) + alternatives(depth - 1, mayRepeat) + ")";
    }
}
