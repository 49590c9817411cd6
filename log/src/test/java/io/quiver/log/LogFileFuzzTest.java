package io.quiver.log;

import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** The only file of a log: the log is opened and its entries are read, or it is said to be damaged. */
class LogFileFuzzTest {
    private static final String FILE = LogFixture.DIRECTORY + "/0000000000000001.log";

    public static void fuzzerTestOneInput(byte[] input) {
        SimulatedStorage storage = new SimulatedStorage();
        try {
            storage.createDirectories(LogFixture.DIRECTORY);
            storage.overwrite(FILE, input);
            try (LocalLog log = LogFixture.open(storage)) {
                readAll(log);
            }
        } catch (CorruptLogException damaged) {
            // as it should be
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A gap is told to who reads it. */
    private static void readAll(LocalLog log) throws CorruptLogException {
        try {
            LogFixture.all(log);
        } catch (RuntimeException failure) {
            if (failure.getCause() instanceof CorruptLogException damaged) {
                throw damaged;
            }
            throw failure;
        }
    }

    @Test
    void answersWhatIsKept() throws IOException {
        Corpus.replay(LogFileFuzzTest.class, LogFileFuzzTest::fuzzerTestOneInput);
    }
}
