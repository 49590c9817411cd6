/**
 * The one way to files: what the log, the segments and their indexes may ask of a disk, and nothing more.
 *
 * <p>A {@link Storage} is rooted in one directory and safe on every thread; a {@link StorageFile} belongs to one thread
 * at a time. Tests run the same code on a storage in memory that forgets what was not forced.
 */
@NullMarked
package io.quiver.log.storage;

import org.jspecify.annotations.NullMarked;
