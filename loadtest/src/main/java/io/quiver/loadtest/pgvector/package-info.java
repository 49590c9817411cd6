/** PostgreSQL with pgvector, installed by pip and run beside the server: what both do in the same minute is compared. */
@NullMarked
package io.quiver.loadtest.pgvector;

import org.jspecify.annotations.NullMarked;
