package io.quiver.compactor;

import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.DoubtfulException;

/** Publishing a manifest, also where the catalog's disk fails meanwhile. */
final class Publication {
    private Publication() {}

    /**
     * Whether the catalog has this manifest from now on; {@code false} where it has another, or the collection is gone.
     *
     * <p>After a failure half way the catalog tells which one it goes on with, and so must the executor, or their
     * versions would differ for good. Where this fails, files of either must stay for the next opening to judge.
     */
    static boolean publish(Catalog catalog, CollectionId id, Manifest next) {
        try {
            return Boolean.TRUE.equals(catalog.publish(id, next).block());
        } catch (DoubtfulException doubtful) {
            if (next.equals(catalog.manifest(id).block())) {
                return true;
            }
            throw doubtful;
        }
    }
}
