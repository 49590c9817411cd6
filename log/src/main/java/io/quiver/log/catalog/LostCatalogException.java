package io.quiver.log.catalog;

import java.io.IOException;

/** No file of the open catalog may be written any more; what is in memory is right. */
final class LostCatalogException extends IOException {
    LostCatalogException(String message, Throwable cause) {
        super(message, cause);
    }
}
