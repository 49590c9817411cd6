package io.quiver.gateway.stream;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.watch.Watches;
import io.quiver.flight.service.HitsStream;
import io.quiver.flight.service.VectorsStream;
import io.quiver.gateway.admission.Admission;
import io.quiver.gateway.admission.PaidSearches;
import io.quiver.gateway.http.RequestLimits;
import io.quiver.log.catalog.Catalog;

/** What streams speak for; whoever made the parts closes them. */
public record StreamParts(
        Catalog catalog,
        QueryExecutor executor,
        Watches watches,
        Admission admission,
        PaidSearches searches,
        VectorsStream vectors,
        HitsStream arrow,
        RequestLimits limits,
        StreamSettings settings,
        QuestionObserver observer) {}
