package io.quiver.executor.regex;

import io.quiver.log.Corpus;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A line with a regular expression, then a text: the expression is refused, or the text is searched. */
class RegexFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", 2);
        try {
            Regex.compile(lines[0]).matchesIn(lines.length == 1 ? lines[0] : lines[1]);
        } catch (QuiverException refused) {
            // as it should be
        }
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(RegexFuzzTest.class, RegexFuzzTest::fuzzerTestOneInput);
    }
}
