package io.quiver.log;

import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Operation;
import java.util.List;

/**
 * Metadata that the server makes out of what a write says. It is made before the log, so that the log says all there is to know of a
 * record. Called on the thread that writes, by many at once; must not wait.
 */
@FunctionalInterface
public interface DerivedFields {
    DerivedFields NONE = (_, operations) -> operations;

    /**
     * As many operations in the same order, with the fields that the collection's schema asks for; the same list where it asks
     * for none.
     *
     * @param operations checked, but for what they do not have yet
     */
    List<Operation> addTo(Collection collection, List<Operation> operations);
}
