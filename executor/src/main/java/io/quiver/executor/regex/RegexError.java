package io.quiver.executor.regex;

import com.google.re2j.PatternSyntaxException;
import io.quiver.log.record.QuiverException;

/** Says what is wrong with an expression in the words and the form of Rust's engine, which clients know. */
final class RegexError {
    private RegexError() {}

    static QuiverException tooLarge(String reason) {
        return QuiverException.invalid("Regex syntax errror: the regular expression is too large: " + reason);
    }

    /** A fault in {@code length} characters from {@code position} on. */
    static QuiverException at(String expression, int position, int length, String reason) {
        // An expression of several lines is shown without the marks, which could not stand below their place.
        boolean isOneLine = expression.indexOf('\n') < 0;
        int column = expression.codePointCount(0, Math.min(position, expression.length()));
        String marks = isOneLine ? "    " + " ".repeat(column) + "^".repeat(Math.max(1, length)) + "\n" : "";
        return QuiverException.invalid("Regex syntax errror: regex parse error:\n    %s\n%serror: %s"
                .formatted(expression.replace("\n", "\\n"), marks, reason));
    }

    /** What RE2/J found. */
    static QuiverException of(String expression, PatternSyntaxException failure) {
        String fragment = failure.getPattern();
        int position = Math.max(0, fragment == null ? -1 : expression.indexOf(fragment));
        int length = fragment == null ? 1 : fragment.codePointCount(0, fragment.length());
        return switch (failure.getDescription()) {
            case "trailing backslash at end of expression" ->
                at(
                        expression,
                        expression.length() - 1,
                        1,
                        "incomplete escape sequence, reached end of pattern prematurely");
            default -> at(expression, position, length, reason(failure.getDescription(), fragment));
        };
    }

    /** A group with a question mark that is none of RE2's. */
    static QuiverException unsupportedGroup(String expression, int position) {
        int from = expression.lastIndexOf("(?", position);
        boolean looksAround = position < expression.length() && "=!".indexOf(expression.charAt(position)) >= 0;
        return looksAround
                ? at(expression, from, position + 1 - from, lookAround())
                : at(expression, from, 2, "unrecognized flag or unclosed group");
    }

    private static String reason(String description, String fragment) {
        return switch (description) {
            case "missing argument to repetition operator" -> "repetition operator missing expression";
            case "invalid named capture" -> "invalid capture group name";
            case "duplicate capture group name" -> "duplicate capture group name";
            case "invalid escape sequence" -> escape(fragment);
            case "invalid character class range" ->
                fragment.startsWith("\\p") || fragment.startsWith("\\P") || fragment.startsWith("[:")
                        ? "Unicode property or class not found"
                        : "invalid character class range, the start must be <= the end";
            case "invalid repeat count" -> "invalid repetition count range";
            default -> description;
        };
    }

    private static String escape(String fragment) {
        boolean isReference = fragment.length() == 2 && Character.isDigit(fragment.charAt(1));
        return isReference ? "backreferences are not supported" : "unrecognized escape sequence";
    }

    private static String lookAround() {
        return "look-around, including look-ahead and look-behind, is not supported";
    }
}
