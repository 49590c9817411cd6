package io.quiver.log;

import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Operation;
import java.util.List;

/**
 * Metadata that the server makes out of what a write says. It is made before the log, so that the log says all there is
 * to know of a record. Safe on every thread.
 */
public interface DerivedFields {
    DerivedFields NONE = new DerivedFields() {
        @Override
        public boolean concern(Collection collection) {
            return false;
        }

        @Override
        public List<Operation> addTo(Collection collection, List<Operation> operations) {
            return operations;
        }
    };

    /** Whether the collection's schema asks for any; must not take long. */
    boolean concern(Collection collection);

    /**
     * As many operations in the same order, with the fields that the collection's schema asks for. May take as long as
     * it takes to read all texts.
     *
     * @param operations checked, but for what they do not have yet
     */
    List<Operation> addTo(Collection collection, List<Operation> operations);
}
