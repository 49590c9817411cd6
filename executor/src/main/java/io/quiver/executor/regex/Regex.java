package io.quiver.executor.regex;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.quiver.log.record.QuiverException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * A compiled regular expression. Matching takes time proportional to the text, times the size of the expression, which
 * is bounded: by its bytes, its nesting, and the instructions that its repetitions unfold to.
 */
public final class Regex {
    public static final int BYTES_MAX = 1024;
    public static final int NESTING_MAX = 100;
    public static final int INSTRUCTIONS_MAX = 2_500;

    private final Pattern pattern;
    private final RegexShape shape;

    private Regex(Pattern pattern, RegexShape shape) {
        this.pattern = pattern;
        this.shape = shape;
    }

    /**
     * Throws {@link QuiverException} with {@code INVALID_ARGUMENT} where the syntax is wrong or a limit is exceeded.
     */
    public static Regex compile(String expression) {
        return compile(expression, BYTES_MAX);
    }

    /** As {@link #compile(String)}, with a lower limit on its bytes. */
    public static Regex compile(String expression, int bytesMax) {
        int sizeBytes = expression.getBytes(StandardCharsets.UTF_8).length;
        if (sizeBytes > bytesMax) {
            throw RegexError.tooLarge("%d bytes, more than %d".formatted(sizeBytes, bytesMax));
        }
        RegexShape shape = RegexParser.parse(expression);
        if (shape.instructions() > INSTRUCTIONS_MAX) {
            throw RegexError.tooLarge("its repetitions unfold to more than %d steps".formatted(INSTRUCTIONS_MAX));
        }
        try {
            return new Regex(Pattern.compile(expression), shape);
        } catch (PatternSyntaxException e) {
            throw RegexError.of(expression, e);
        }
    }

    /** Whether some part of the text matches. */
    public boolean matchesIn(String text) {
        return matchesIn(text, _ -> {});
    }

    /**
     * The same.
     *
     * @param steps told again and again, while a long text is read, of how many steps it took at most; throws to end
     *     the matching
     */
    public boolean matchesIn(String text, LongConsumer steps) {
        if (!shape.required().isPossiblyIn(text)) {
            return false;
        }
        boolean isLong = text.length() > ReadText.PART;
        return pattern.matcher(isLong ? new ReadText(text, shape.instructions(), steps) : text)
                .find();
    }

    public RequiredText requiredText() {
        return shape.required();
    }
}
