package io.quiver.gateway.admission;

import java.util.EnumMap;
import java.util.Map;

/**
 * Budgets of each tenant, and of all together.
 *
 * @param rates by kind of operation; a kind that is missing has no limit
 * @param ratesByTenant what holds for one tenant in their place; a kind that is missing is as for all
 * @param inFlightMax requests that may be under way at once, of all tenants
 * @param brownOutEf the beam width that searches get at most while more is asked than can be done, 0 for no such bound
 */
public record AdmissionSettings(
        Map<OperationKind, Rate> rates,
        Map<String, Map<OperationKind, Rate>> ratesByTenant,
        int inFlightMax,
        int brownOutEf) {
    /** Enough for every client that a process of this kind serves well, few enough to fit its memory. */
    public static final int IN_FLIGHT_MAX_DEFAULT = 1024;

    public static final AdmissionSettings DEFAULT = new AdmissionSettings(Map.of(), IN_FLIGHT_MAX_DEFAULT);

    public AdmissionSettings {
        if (inFlightMax < 1) {
            throw new IllegalArgumentException("requests in flight must be allowed at least 1, not " + inFlightMax);
        }
        var all = new EnumMap<OperationKind, Rate>(OperationKind.class);
        for (OperationKind kind : OperationKind.values()) {
            all.put(kind, rates.getOrDefault(kind, Rate.UNLIMITED));
        }
        rates = Map.copyOf(all);
        ratesByTenant = Map.copyOf(ratesByTenant);
    }

    /** The same for all tenants. */
    public AdmissionSettings(Map<OperationKind, Rate> rates, int inFlightMax) {
        this(rates, Map.of(), inFlightMax, 0);
    }

    public Rate rate(String tenant, OperationKind kind) {
        Map<OperationKind, Rate> own = ratesByTenant.isEmpty() ? null : ratesByTenant.get(tenant);
        Rate rate = own == null ? null : own.get(kind);
        return rate == null ? rates.getOrDefault(kind, Rate.UNLIMITED) : rate;
    }
}
