/**
 * What exists: tenants, databases, collections with their configuration, and each collection's manifest.
 *
 * <p>Reads come from memory and never wait; changes run on the catalog's own thread, for JDBC blocks. The home of JDBC.
 */
@NullMarked
package io.quiver.log.catalog;

import org.jspecify.annotations.NullMarked;
