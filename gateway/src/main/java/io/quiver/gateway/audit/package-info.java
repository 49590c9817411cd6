/**
 * Who did what, from where, with which result: a log that is only appended to, of JSON lines that are chained by
 * hashes, so that a line that was changed, dropped or put in is found.
 *
 * <p>Event loops hand entries to a bounded queue and never wait; one thread writes and forces them. Where entries come
 * faster than they can be written, they are counted, and the count is written.
 */
@NullMarked
package io.quiver.gateway.audit;

import org.jspecify.annotations.NullMarked;
