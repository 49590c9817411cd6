package io.quiver.executor.regex;

import io.quiver.executor.regex.RequiredText.Anything;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the structure of a regular expression: how large it unfolds, which text it requires. It knows less than RE2/J,
 * which has the last word about syntax, and what it does not know it takes to require nothing.
 *
 * <p>It refuses two things that RE2/J takes and Rust does not: {@code \Q}, and a repetition right behind flags. With
 * either, a repetition would reach back to a part that this parser has left already.
 */
final class RegexParser {
    private final String expression;
    private final boolean[] isFoldedAt = new boolean[Regex.NESTING_MAX + 1];
    private int position;
    private int depth;

    private RegexParser(String expression) {
        this.expression = expression;
    }

    static RegexShape parse(String expression) {
        RegexParser parser = new RegexParser(expression);
        RegexShape shape = parser.alternatives();
        if (parser.hasMore()) {
            throw RegexError.at(expression, parser.position, 1, "unopened group");
        }
        return shape;
    }

    /** Branches between {@code |}, up to the end of the group. */
    private RegexShape alternatives() {
        List<RequiredText> branches = new ArrayList<>();
        long instructions = 0;
        do {
            RegexShape branch = sequence();
            branches.add(branch.required());
            instructions += branch.instructions() + 1;
        } while (skip('|'));
        return new RegexShape(RequiredText.any(branches), instructions);
    }

    private RegexShape sequence() {
        List<RequiredText> parts = new ArrayList<>();
        LetterRun run = new LetterRun();
        long instructions = 0;
        while (hasMore() && peek() != '|' && peek() != ')') {
            instructions += 1 + part(run, parts);
        }
        parts.add(run.end());
        return new RegexShape(RequiredText.all(parts), instructions);
    }

    /** Reads one part with its repetition; returns its instructions. */
    private long part(LetterRun run, List<RequiredText> parts) {
        int letter = letter();
        if (letter < 0) {
            return other(run, parts);
        }
        Repetition repetition = repetition();
        if (repetition.least() == 0 || !run.add(letter, isFoldedAt[depth])) {
            parts.add(run.end());
        } else if (repetition.length() > 0) {
            parts.add(run.end());
        }
        return RegexShape.UNKNOWN.repeated(repetition).instructions();
    }

    private long other(LetterRun run, List<RequiredText> parts) {
        RegexShape shape = shape();
        RegexShape repeated = shape.repeated(repetition());
        parts.add(run.end());
        if (!(repeated.required() instanceof Anything)) {
            parts.add(repeated.required());
        }
        return repeated.instructions();
    }

    private Repetition repetition() {
        Repetition repetition = Repetition.at(expression, position);
        position += repetition.length();
        return repetition;
    }

    /** Reads a letter that stands for itself, plain or escaped; -1, and nothing is read, where there is none. */
    private int letter() {
        int next = peek();
        if (next == '\\') {
            int escaped = peekAt(position + 1);
            boolean isPunctuation = escaped > ' ' && escaped < 127 && !Character.isLetterOrDigit(escaped);
            position += isPunctuation ? 2 : 0;
            return isPunctuation ? escaped : -1;
        }
        if ("[(.^$*+?".indexOf(next) >= 0) {
            return -1;
        }
        position += Character.charCount(next);
        return next;
    }

    /** Reads a part that is not a letter. */
    private RegexShape shape() {
        switch (peek()) {
            case '(' -> {
                return group();
            }
            case '[' -> position = classEnd();
            case '\\' -> position = escapeEnd();
            default -> position++;
        }
        return RegexShape.UNKNOWN;
    }

    private RegexShape group() {
        int from = position++;
        if (depth == Regex.NESTING_MAX) {
            throw RegexError.at(
                    expression,
                    from,
                    1,
                    "exceed the maximum number of nested parentheses/brackets (%d)".formatted(Regex.NESTING_MAX));
        }
        isFoldedAt[depth + 1] = isFoldedAt[depth];
        if (skip('?') && readFlags()) {
            refuseRepetition();
            return RegexShape.UNKNOWN;
        }
        depth++;
        RegexShape inner = alternatives();
        depth--;
        if (!skip(')')) {
            throw RegexError.at(expression, from, 1, "unclosed group");
        }
        return new RegexShape(inner.required(), inner.instructions() + 2);
    }

    /** Reads what follows {@code (?}; true when the group ends with it and its flags hold for the rest of this one. */
    private boolean readFlags() {
        if (peek() == '<' && "=!".indexOf(peekAt(position + 1)) >= 0) {
            throw RegexError.unsupportedGroup(expression, position + 1);
        }
        if (skip('P') || peek() == '<') {
            int end = expression.indexOf('>', position);
            position = end < 0 ? position : end + 1;
            return false;
        }
        boolean isOn = true;
        boolean isFolded = isFoldedAt[depth];
        while (hasMore() && "imsU-".indexOf(peek()) >= 0) {
            isOn &= peek() != '-';
            isFolded = peek() == 'i' ? isOn : isFolded;
            position++;
        }
        boolean endsHere = skip(')');
        isFoldedAt[endsHere ? depth : depth + 1] = isFolded;
        if (!endsHere && !skip(':')) {
            throw RegexError.unsupportedGroup(expression, position);
        }
        return endsHere;
    }

    private void refuseRepetition() {
        int length = Repetition.at(expression, position).length();
        if (length > 0) {
            throw RegexError.at(expression, position, length, "repetition operator missing expression");
        }
    }

    /** Where a class in brackets ends; a bracket right at its beginning is a letter of it. */
    private int classEnd() {
        int at = position + 1;
        at += peekAt(at) == '^' ? 1 : 0;
        at += peekAt(at) == ']' ? 1 : 0;
        while (at < expression.length() && expression.charAt(at) != ']') {
            int named = expression.startsWith("[:", at) ? expression.indexOf(":]", at + 2) : -1;
            at = named >= 0 ? named + 2 : at + (expression.charAt(at) == '\\' ? 2 : 1);
        }
        if (at >= expression.length()) {
            throw RegexError.at(expression, position, 1, "unclosed character class");
        }
        return at + 1;
    }

    /** Where an escape ends that is more than a letter: a class, a place, a letter by its number. */
    private int escapeEnd() {
        int escaped = peekAt(position + 1);
        int after =
                Math.min(expression.length(), position + 1 + Math.max(1, Character.charCount(Math.max(0, escaped))));
        return switch (escaped) {
            case 'Q', 'E' -> throw RegexError.at(expression, position, 2, "unrecognized escape sequence");
            case 'p', 'P' -> bracedEnd(after, 1);
            case 'x' -> bracedEnd(after, 2);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octalEnd(after);
            default -> after;
        };
    }

    private int bracedEnd(int at, int letters) {
        int end = peekAt(at) == '{' ? expression.indexOf('}', at) : at + letters - 1;
        return end < 0 || end >= expression.length() ? expression.length() : end + 1;
    }

    private int octalEnd(int from) {
        int at = from;
        while (at < from + 2 && peekAt(at) >= '0' && peekAt(at) <= '7') {
            at++;
        }
        return at;
    }

    private boolean hasMore() {
        return position < expression.length();
    }

    private int peek() {
        return peekAt(position);
    }

    private int peekAt(int at) {
        return at < expression.length() ? expression.codePointAt(at) : -1;
    }

    private boolean skip(char expected) {
        boolean isThere = peek() == expected;
        position += isThere ? 1 : 0;
        return isThere;
    }
}
