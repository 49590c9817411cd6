package io.quiver.gateway.http;

import io.quiver.executor.CollectionForks;
import io.quiver.executor.QueryExecutor;
import io.quiver.flight.service.HitsStream;
import io.quiver.gateway.admission.Admission;
import io.quiver.gateway.admission.PaidSearches;
import io.quiver.gateway.auth.AuditTrail;
import io.quiver.gateway.auth.Gatekeeper;
import io.quiver.gateway.cache.HotResultCache;
import io.quiver.log.Log;
import io.quiver.log.RecordWriter;
import io.quiver.log.Usages;
import io.quiver.log.catalog.Catalog;
import java.util.function.BooleanSupplier;

/**
 * What the HTTP API speaks for; whoever made the parts closes them.
 *
 * @param log asked for the newest offset of a collection, nothing else
 * @param isReady whether the server would answer a query now
 */
public record ApiParts(
        Catalog catalog,
        RecordWriter writer,
        QueryExecutor executor,
        Log log,
        CollectionForks forks,
        Usages usages,
        Gatekeeper gatekeeper,
        AuditTrail audit,
        Snapshots snapshots,
        Admission admission,
        PaidSearches searches,
        HotResultCache cache,
        HitsStream arrow,
        RequestObserver observer,
        BooleanSupplier isReady,
        ApiSettings settings) {}
