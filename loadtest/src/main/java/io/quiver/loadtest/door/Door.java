package io.quiver.loadtest.door;

import io.quiver.log.catalog.Space;
import java.io.IOException;

/** A server behind one door, and a collection in it. The id of the record of row {@code r} is {@code r} in digits. */
public interface Door {
    String name();

    /** Makes an empty collection, in place of any of this name. */
    void create(String collection, Space space, int dimension) throws IOException;

    /** Uses a collection that exists. */
    void use(String collection) throws IOException;

    /** A connection of its own. */
    Session connect() throws IOException;
}
