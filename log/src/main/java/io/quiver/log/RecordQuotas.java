package io.quiver.log;

import io.quiver.log.Usages.Usage;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Quota;
import io.quiver.log.catalog.Quota.Resource;
import io.quiver.log.catalog.QuotaScope;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Holds writes to the quotas of their tenant, database and collection.
 *
 * <p>What a write will add is claimed before it goes to the log and held until it has been applied, when it is part of
 * what the readers count; both sums are looked at under one lock. So writes that race cannot together exceed a quota:
 * what has been applied and is still claimed counts twice for a moment, never not at all. Only a write whose caller
 * goes away while the log has it is counted late, by no more than itself.
 *
 * <p>A write is thought to add every record that it adds or upserts, until that would be too much: then the readers are
 * asked which exist already. Bytes are as {@link OperationCodec} estimates them, of all but deletes. Deletes are never
 * refused.
 *
 * <p>Safe on every thread. Where nothing is limited it does nothing.
 */
final class RecordQuotas {
    private static final String ACTION = "Add";

    private final Catalog catalog;
    private final Readers readers;
    private final Usages usages;

    /** What is claimed by writes under way; by scope, none of them nothing. Guarded by this. */
    private final Map<QuotaScope, Usage> claimed = new HashMap<>();

    RecordQuotas(Catalog catalog, Readers readers, Usages usages) {
        this.catalog = catalog;
        this.readers = readers;
        this.usages = usages;
    }

    private record Claim(List<QuotaScope> scopes, Usage more) {}

    /** The write, held to the quotas; {@code QUOTA_EXCEEDED} where it would exceed one. */
    <T> Mono<T> hold(Collection collection, List<Operation> operations, long bytes, Mono<T> write) {
        return catalog.hasQuotas()
                ? Mono.usingWhen(
                        Mono.defer(() -> claim(collection, operations, bytes))
                                .doOnError(catalog.quotaRefusals()::count),
                        _ -> write,
                        claim -> Mono.fromRunnable(() -> giveBack(claim)))
                : write;
    }

    private Mono<Claim> claim(Collection collection, List<Operation> operations, long bytes) {
        List<QuotaScope> scopes = QuotaScope.around(collection);
        checkDimension(scopes, collection, operations);
        Set<String> ids = added(operations);
        Usage atMost = new Usage(ids.size(), isDeleting(operations) ? 0 : bytes);
        try {
            return Mono.just(take(new Claim(scopes, atMost)));
        } catch (QuiverException refusal) {
            return isUnknown(collection, ids) ? Mono.error(refusal) : claimUnknown(scopes, collection, ids, atMost);
        }
    }

    private boolean isUnknown(Collection collection, Set<String> ids) {
        return ids.isEmpty() || usages.of(collection.id()).records() == 0;
    }

    /** Without the records that exist already. */
    private Mono<Claim> claimUnknown(List<QuotaScope> scopes, Collection collection, Set<String> ids, Usage atMost) {
        return readers.countKnown(collection.id(), ids)
                .map(known -> take(new Claim(scopes, new Usage(ids.size() - known, atMost.bytes()))));
    }

    private static Set<String> added(List<Operation> operations) {
        return operations.stream()
                .filter(operation -> operation instanceof Operation.Add || operation instanceof Operation.Upsert)
                .map(Operation::id)
                .collect(Collectors.toSet());
    }

    private static boolean isDeleting(List<Operation> operations) {
        return operations.stream().allMatch(operation -> operation instanceof Operation.Delete);
    }

    private void checkDimension(List<QuotaScope> scopes, Collection collection, List<Operation> operations) {
        if (collection.dimension() != null) {
            return;
        }
        Embedding first = RecordRules.firstEmbedding(operations);
        if (first != null) {
            scopes.forEach(scope -> catalog.quota(scope).require(Resource.DIMENSION, 0, first.dimension(), ACTION));
        }
    }

    private synchronized Claim take(Claim claim) {
        for (QuotaScope scope : claim.scopes) {
            Quota quota = catalog.quota(scope);
            if (claim.more.records() > 0 && quota.of(Resource.RECORDS) != null) {
                quota.require(Resource.RECORDS, used(scope).records(), claim.more.records(), ACTION);
            }
            if (claim.more.bytes() > 0 && quota.of(Resource.BYTES) != null) {
                quota.require(Resource.BYTES, used(scope).bytes(), claim.more.bytes(), ACTION);
            }
        }
        claim.scopes.forEach(scope -> claimed.merge(scope, claim.more, Usage::plus));
        return claim;
    }

    private synchronized void giveBack(Claim claim) {
        Usage less = new Usage(-claim.more.records(), -claim.more.bytes());
        for (QuotaScope scope : claim.scopes) {
            claimed.merge(scope, less, RecordQuotas::sumOrNothing);
        }
    }

    @SuppressWarnings("NullAway") // a merge that gives null takes the entry out
    private static Usage sumOrNothing(Usage one, Usage other) {
        Usage sum = one.plus(other);
        return sum.equals(Usage.NOTHING) ? null : sum;
    }

    private Usage used(QuotaScope scope) {
        Usage used = claimed.getOrDefault(scope, Usage.NOTHING);
        for (Collection collection : catalog.collectionsWithin(scope)) {
            used = used.plus(usages.of(collection.id()));
        }
        return used;
    }
}
