/** What a run showed, for people and for programs: a table, a JSON file, one HTML page with plots. */
@NullMarked
package io.quiver.loadtest.report;

import org.jspecify.annotations.NullMarked;
