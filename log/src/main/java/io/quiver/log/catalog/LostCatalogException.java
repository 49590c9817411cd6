package io.quiver.log.catalog;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No file of the open catalog may be written any more; what is in memory is right. */
final class LostCatalogException extends IOException {
    LostCatalogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
