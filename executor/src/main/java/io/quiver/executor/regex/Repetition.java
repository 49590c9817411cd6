package io.quiver.executor.regex;

/**
 * {@code *}, <code>+</code>, {@code ?} or a count in braces behind a part of an expression.
 *
 * @param least how often the part must match
 * @param copies how often the compiler writes it down
 * @param length of the repetition itself in the expression, 0 where there is none
 */
record Repetition(int least, int copies, int length) {
    private static final int DIGITS_MAX = 6;

    private static final Repetition ONCE = new Repetition(1, 1, 0);

    /** The repetition that begins at {@code at}, or none. */
    static Repetition at(String expression, int at) {
        if (at >= expression.length()) {
            return ONCE;
        }
        return switch (expression.charAt(at)) {
            case '*', '?' -> lazy(expression, at, new Repetition(0, 1, 1));
            case '+' -> lazy(expression, at, new Repetition(1, 1, 1));
            case '{' -> counted(expression, at);
            default -> ONCE;
        };
    }

    private static Repetition lazy(String expression, int at, Repetition repetition) {
        int end = at + repetition.length;
        boolean isLazy = end < expression.length() && expression.charAt(end) == '?';
        return isLazy ? new Repetition(repetition.least, repetition.copies, repetition.length + 1) : repetition;
    }

    /** {@code {2}}, {@code {2,}} or {@code {2,5}}; every other brace is an ordinary letter. */
    private static Repetition counted(String expression, int at) {
        int firstEnd = digitsEnd(expression, at + 1);
        if (firstEnd == at + 1) {
            return ONCE;
        }
        int least = number(expression, at + 1, firstEnd);
        if (isAt(expression, firstEnd, '}')) {
            return lazy(expression, at, new Repetition(least, Math.max(1, least), firstEnd + 1 - at));
        }
        if (!isAt(expression, firstEnd, ',')) {
            return ONCE;
        }
        int secondEnd = digitsEnd(expression, firstEnd + 1);
        if (!isAt(expression, secondEnd, '}')) {
            return ONCE;
        }
        int most = secondEnd == firstEnd + 1 ? least + 1 : number(expression, firstEnd + 1, secondEnd);
        return lazy(expression, at, new Repetition(least, Math.max(1, Math.max(least, most)), secondEnd + 1 - at));
    }

    private static boolean isAt(String expression, int at, char expected) {
        return at < expression.length() && expression.charAt(at) == expected;
    }

    private static int digitsEnd(String expression, int from) {
        int end = from;
        while (end < expression.length() && expression.charAt(end) >= '0' && expression.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static int number(String expression, int from, int to) {
        return to - from > DIGITS_MAX ? Integer.MAX_VALUE - 1 : Integer.parseInt(expression, from, to, 10);
    }
}
