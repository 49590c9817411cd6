package io.quiver.log.catalog;

import io.quiver.log.record.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * What to change of a collection; {@code null} leaves a part as it is.
 *
 * <p>Checked when it is made: {@link io.quiver.log.record.QuiverException} for a name or metadata that may not be.
 *
 * @param newMetadata takes the place of all that was there
 */
public record CollectionChange(
        @Nullable String newName,
        @Nullable Metadata newMetadata,
        @Nullable ConfigurationChange newConfiguration) {
    public CollectionChange {
        if (newName != null) {
            Names.checkNewCollectionName(newName);
        }
        if (newMetadata != null) {
            Names.checkNewMetadata(newMetadata);
        }
    }
}
