package io.quiver.compactor.backup;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes to be copied. */
@FunctionalInterface
interface ByteSource {
    /** Reads from a position; returns how many, -1 at the end. */
    int read(ByteBuffer target, long position) throws IOException;
}
