package io.quiver.executor.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.regex.RequiredText.All;
import io.quiver.executor.regex.RequiredText.Any;
import io.quiver.executor.regex.RequiredText.Text;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    @Test
    void matchesAnywhereAndMindsCaseUnlessTold() {
        assertTrue(Regex.compile("wor").matchesIn("hello world"));
        assertFalse(Regex.compile("WOR").matchesIn("hello world"));
        assertTrue(Regex.compile("(?i)WOR").matchesIn("hello world"));
    }

    @Test
    void saysWhereAGroupIsNotClosed() {
        assertEquals("Regex syntax errror: regex parse error:\n    (\n    ^\nerror: unclosed group", error("("));
        assertEquals(
                "Regex syntax errror: regex parse error:\n    ab(c\n      ^\nerror: unclosed group", error("ab(c"));
    }

    @ParameterizedTest
    @CsvSource({
        "a), unopened group",
        "[a, unclosed character class",
        "*a, repetition operator missing expression",
        "a|*, repetition operator missing expression",
        "a(?i)*, repetition operator missing expression",
        "(?=a), 'look-around, including look-ahead and look-behind, is not supported'",
        "(?!a), 'look-around, including look-ahead and look-behind, is not supported'",
        "(?<!a), 'look-around, including look-ahead and look-behind, is not supported'",
        "(a)\\1, backreferences are not supported",
        "[z-a], 'invalid character class range, the start must be <= the end'",
        "\\Qa\\E, unrecognized escape sequence",
        "\\h, unrecognized escape sequence",
        "a\\, 'incomplete escape sequence, reached end of pattern prematurely'",
        "'a{2,1}', invalid repetition count range",
        "\\p{Quiver}, Unicode property or class not found",
        "(?P<n>a)(?P<n>b), duplicate capture group name",
        "(?, unrecognized flag or unclosed group",
    })
    void saysWhatIsWrong(String expression, String reason) {
        assertTrue(error(expression).endsWith("error: " + reason), () -> error(expression));
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{1000}){1000}){1000}", "(((x{1,100}){100})*){100}", "\\pL{1000}\\pN{1000}\\pL{1000}"})
    void refusesRepetitionsThatUnfoldTooFar(String expression) {
        assertTrue(error(expression).contains("the regular expression is too large"), () -> error(expression));
    }

    @Test
    void refusesWhatIsTooLongOrTooDeep() {
        assertTrue(error("a".repeat(Regex.BYTES_MAX + 1)).contains("too large: 1025 bytes, more than 1024"));
        assertTrue(error("(".repeat(500) + ")".repeat(500)).contains("nested parentheses/brackets (100)"));
    }

    @Test
    void takesLinearTimeWhereBacktrackingWouldNotEnd() {
        String text = "a".repeat(50_000);
        assertFalse(Regex.compile("(a+)+b").matchesIn(text));
        assertFalse(Regex.compile("(a|a)*(a|a)*c").matchesIn(text));
        assertFalse(Regex.compile("(x?){30}x{30}y").matchesIn("x".repeat(5_000)));
    }

    @Test
    void knowsWhichTextIsRequired() {
        assertEquals(new Text("abc"), required("abc"));
        assertEquals(new All(List.of(new Text("abc"), new Text("def"))), required("abc.*def"));
        assertEquals(new Any(List.of(new Text("abc"), new Text("def"))), required("abc|def"));
        assertEquals(new All(List.of(new Text("ab"), new Text("d"))), required("abc?d"));
        assertEquals(new All(List.of(new Text("abc"), new Text("d"))), required("abc+d"));
        assertEquals(new Text("a.b"), required("^a\\.b$"));
        assertEquals(new Text("x"), required("(abc|)x"));
        assertEquals(new RequiredText.Anything(), required("(abc){0,3}"));
        assertEquals(new RequiredText.Anything(), required("[abc]\\d*"));
    }

    @Test
    void knowsTheSpellingsOfLettersInEitherCase() {
        assertEquals(
                new Any(List.of(new Text("1ab"), new Text("1aB"), new Text("1Ab"), new Text("1AB"))),
                required("(?i)1AB"));
        assertEquals(new All(List.of(new Text("abc"))).parts().getFirst(), required("abc(?i)"));
        assertEquals(new Text("123"), required("(?i)123é"));
    }

    private static RequiredText required(String expression) {
        return Regex.compile(expression).requiredText();
    }

    private static String error(String expression) {
        QuiverException failure = assertThrows(QuiverException.class, () -> Regex.compile(expression));
        assertEquals(ErrorCode.INVALID_ARGUMENT, failure.code());
        return failure.getMessage();
    }
}
