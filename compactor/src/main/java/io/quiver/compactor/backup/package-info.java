/**
 * Copies of a data directory that are consistent at one log offset, made while the server works, and what can be made
 * of them: the directory as it was at that offset, or at any other up to the newest.
 *
 * <p>A backup is a catalog, the segments that its manifests name, and the log from before these segments end. All of it
 * is taken at one moment, on the thread that changes the catalog, by names and not by bytes: segments get a second
 * name, log files are held open. Then the bytes are copied, while the server goes on.
 *
 * <p><b>Threads.</b> All calls block; one backup at a time. <b>Memory.</b> One buffer of 1 MiB for each copy under way.
 */
@NullMarked
package io.quiver.compactor.backup;

import org.jspecify.annotations.NullMarked;
