package io.quiver.flight;

import java.io.IOException;
import java.io.InputStream;

/** The bytes behind a message's header, to be read where they must be; one reader at a time. */
@FunctionalInterface
interface MessageBody {
    /** The body from an offset within it on; ends what was read before. */
    InputStream from(long offset) throws IOException;
}
