/** Storage in memory that can be crashed and made to fail, and the tests of both storages. */
@NullMarked
package io.quiver.log.storage;

import org.jspecify.annotations.NullMarked;
