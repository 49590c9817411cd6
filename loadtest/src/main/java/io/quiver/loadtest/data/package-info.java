/** Data sets to load and search: files of the field's formats, generated ones, and their exact answers. */
@NullMarked
package io.quiver.loadtest.data;

import org.jspecify.annotations.NullMarked;
