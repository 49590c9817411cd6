package io.quiver.loadtest.index.engine;

import java.io.IOException;

/** A kind of index: builds itself over the base of a corpus. */
public interface Engine {
    /** What {@code --engines} calls it. */
    String name();

    /** Engines of one family are configurations of one thing; the best of them counts. */
    Family family();

    /** Builds with one thread, and is what a build is timed by. */
    BuiltIndex build(Corpus corpus) throws IOException;
}
