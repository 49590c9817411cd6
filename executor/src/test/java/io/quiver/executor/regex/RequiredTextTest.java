package io.quiver.executor.regex;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import io.quiver.log.record.QuiverException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an expression is said to require is there wherever it matches. */
class RequiredTextTest {
    private static final int EXPRESSIONS = 5_000;
    private static final String[] PIECES = {
        "a",
        "b",
        "c",
        "k",
        "S",
        "ab",
        "ca",
        "(",
        "(?:",
        "(?i)",
        "(?i:",
        "(?-i)",
        "(?P<n>",
        ")",
        "|",
        "*",
        "+",
        "?",
        "*?",
        "{0,1}",
        "{2}",
        "{1,}",
        "{",
        "}",
        "[ab]",
        "[^a]",
        "[]a]",
        "[[:alpha:]]",
        "[a\\]]",
        ".",
        "^",
        "$",
        "\\b",
        "\\d",
        "\\x61",
        "\\x{62}",
        "\\141",
        "\\pL",
        "\\p{Greek}",
        "\\.",
        "\\*",
        "\\n",
        "\u212A",
        "ß",
        "1"
    };
    private static final String LETTERS = "aaabbbcckKsS1.*\u212A\u017Fßẞ\n{}]";

    @Test
    void isInEveryTextThatMatches() {
        long seed = System.nanoTime();
        System.out.println("RequiredTextTest seed " + seed);
        Random random = new Random(seed);
        int matches = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            matches += checked(expression(random), random, seed);
        }
        assertTrue(matches > EXPRESSIONS / 4, "too few matches to mean anything: " + matches);
    }

    private static int checked(String expression, Random random, long seed) {
        Regex regex;
        try {
            regex = Regex.compile(expression);
        } catch (QuiverException _) {
            return 0;
        }
        int matches = 0;
        for (int i = 0; i < 20; i++) {
            String text = text(random);
            if (Pattern.compile(expression).matcher(text).find()) {
                matches++;
                assertTrue(
                        regex.requiredText().isPossiblyIn(text),
                        () -> "seed %d: %s matches in %s, which has not %s"
                                .formatted(seed, expression, text, regex.requiredText()));
            }
        }
        return matches;
    }

    private static String expression(Random random) {
        StringBuilder expression = new StringBuilder();
        int open = 0;
        for (int i = 1 + random.nextInt(7); i > 0; i--) {
            String piece = PIECES[random.nextInt(PIECES.length)];
            boolean opens = piece.startsWith("(") && !piece.endsWith(")");
            boolean closes = piece.equals(")");
            if (!closes || open > 0) {
                open += opens ? 1 : closes ? -1 : 0;
                expression.append(piece);
            }
        }
        return expression + ")".repeat(open);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
