package io.quiver.gateway.stream;

import io.quiver.executor.QueryExecutor;
import io.quiver.gateway.admission.Admission;
import io.quiver.log.catalog.Catalog;

/** What streams speak for; whoever made the parts closes them. */
public record StreamParts(Catalog catalog, QueryExecutor executor, Admission admission, StreamSettings settings) {}
