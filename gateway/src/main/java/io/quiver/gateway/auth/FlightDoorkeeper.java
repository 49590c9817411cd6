package io.quiver.gateway.auth;

import io.quiver.executor.QueryExecutor;
import io.quiver.flight.FlightAccess;
import io.quiver.flight.FlightRights;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The same for the Flight door as for HTTP: who asks, and whether the call's entry in {@link AccessTable} allows it.
 */
public final class FlightDoorkeeper implements FlightAccess {
    private static final String PREFIX = "flight ";

    private final Gatekeeper gatekeeper;
    private final AuditTrail audit;

    /** Throws {@link IllegalStateException} for an operation that the table lacks. */
    public FlightDoorkeeper(Gatekeeper gatekeeper, AuditTrail audit, List<String> operations) {
        this.gatekeeper = gatekeeper;
        this.audit = audit;
        operations.forEach(operation -> AccessTable.of(PREFIX + operation));
    }

    @Override
    public FlightRights identify(Function<String, @Nullable String> header, String from, @Nullable String subject) {
        Presented presented = Presented.of(header, from, subject);
        try {
            return new Rights(gatekeeper.identify(presented), from, audit);
        } catch (QuiverException refusal) {
            audit.refused(null, from, "flight", "", refusal.code().name());
            throw refusal;
        }
    }

    private record Rights(Caller caller, String from, AuditTrail audit) implements FlightRights {
        private static Access access(Caller caller, String operation) {
            return new Access(caller, AccessTable.of(PREFIX + operation));
        }

        @Override
        public void require(String operation, String tenant, String database) {
            String place = tenant + "/" + database;
            try {
                Access access = access(caller, operation);
                access.require(List.of(tenant, database));
                switch (access.requirement().level()) {
                    case DATABASE -> note(operation, place);
                    case SERVER -> note(operation, "");
                    case OPEN, KNOWN, TENANT, COLLECTION, COLLECTION_ANYWHERE -> {}
                }
            } catch (QuiverException refusal) {
                audit.refused(
                        caller, from, PREFIX + operation, place, refusal.code().name());
                throw refusal;
            }
        }

        @Override
        public boolean reaches(String operation, Collection collection) {
            Access access = access(caller, operation);
            boolean isReached = access.reaches(collection);
            if (isReached) {
                note(operation, Scope.of(collection).toString());
            }
            return isReached;
        }

        private void note(String operation, String object) {
            String name = PREFIX + operation;
            if (audit.wants(name, AccessTable.of(name).permission())) {
                audit.note(caller, from, name, object, "allowed");
            }
        }

        @Override
        public QueryExecutor narrowed(QueryExecutor executor) {
            return caller.narrowed(executor);
        }
    }
}
