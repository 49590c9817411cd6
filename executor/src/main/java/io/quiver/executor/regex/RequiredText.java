package io.quiver.executor.regex;

import java.util.List;

/**
 * What every text that a regular expression matches must hold: necessary, never sufficient. An index narrows by it what
 * the expression itself must then look at.
 */
public sealed interface RequiredText {
    /** Nothing is known. */
    record Anything() implements RequiredText {}

    /** This text, letter by letter. */
    record Text(String text) implements RequiredText {}

    /** All parts, anywhere. */
    record All(List<RequiredText> parts) implements RequiredText {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** At least one part. */
    record Any(List<RequiredText> parts) implements RequiredText {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** Whether a text has what is required; far cheaper to ask than the expression. */
    default boolean isPossiblyIn(String text) {
        return switch (this) {
            case Anything() -> true;
            case Text(String part) -> text.contains(part);
            case All(var parts) -> parts.stream().allMatch(part -> part.isPossiblyIn(text));
            case Any(var parts) -> parts.stream().anyMatch(part -> part.isPossiblyIn(text));
        };
    }

    /** All parts, without nesting what is trivial. */
    static RequiredText all(List<RequiredText> parts) {
        List<RequiredText> known =
                parts.stream().filter(part -> !(part instanceof Anything)).toList();
        return switch (known.size()) {
            case 0 -> new RequiredText.Anything();
            case 1 -> known.getFirst();
            default -> new All(known);
        };
    }

    /** One of the parts: nothing is known where nothing is known of one of them. */
    static RequiredText any(List<RequiredText> parts) {
        if (parts.stream().anyMatch(Anything.class::isInstance)) {
            return new RequiredText.Anything();
        }
        return parts.size() == 1 ? parts.getFirst() : new Any(parts);
    }
}
