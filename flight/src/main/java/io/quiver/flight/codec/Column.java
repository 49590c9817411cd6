package io.quiver.flight.codec;

import org.apache.arrow.vector.types.pojo.Field;

/** A column gathered on the heap, emptied and filled again for each message. Belongs to one thread. */
public sealed interface Column permits BoolColumn, LongColumn, FloatColumn, BytesColumn, ListColumn, FixedListColumn {
    /** Its name and Arrow type. */
    Field field();

    /** Values so far. */
    int count();

    void clear();

    /** Copies the values into Arrow buffers. */
    void layOut(Layout layout);
}
