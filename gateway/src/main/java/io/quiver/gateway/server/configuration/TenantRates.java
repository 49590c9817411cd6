package io.quiver.gateway.server.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.gateway.admission.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What single tenants may use, from a JSON file: {@code {"acme": {"search": {"units_per_second": 500000, "burst":
 * 2000000}}}}. A rate of 0 is no limit, and a kind that is missing is as for all tenants.
 */
final class TenantRates {
    private static final TypeReference<Map<String, Map<String, Written>>> FORM = new TypeReference<>() {};

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private TenantRates() {}

    /** As it is written; without a burst it is what flows in within ten seconds. */
    private record Written(double unitsPerSecond, double burst) {
        Rate rate() {
            return new Rate(unitsPerSecond, burst == 0 ? unitsPerSecond * SettingText.BURST_SECONDS : burst);
        }
    }

    static Map<String, Map<OperationKind, Rate>> read(@Nullable Path file) {
        if (file == null) {
            return Map.of();
        }
        try {
            Map<String, Map<OperationKind, Rate>> rates = new HashMap<>();
            JSON.readValue(Files.readAllBytes(file), FORM)
                    .forEach((tenant, written) -> rates.put(tenant, rates(written)));
            return rates;
        } catch (JsonProcessingException | IllegalArgumentException wrong) {
            throw wrong(file, "must be an object of rates by tenant and kind of operation: " + wrong.getMessage());
        } catch (IOException failure) {
            throw wrong(file, "cannot be read: " + failure.getMessage());
        }
    }

    private static Map<OperationKind, Rate> rates(Map<String, Written> written) {
        Map<OperationKind, Rate> rates = new EnumMap<>(OperationKind.class);
        written.forEach((kind, rate) -> rates.put(OperationKind.of(kind), rate.rate()));
        return rates;
    }

    private static ConfigurationException wrong(Path file, String reason) {
        return new ConfigurationException("%s: %s %s".formatted(Setting.ADMISSION_TENANTS_FILE.key(), file, reason));
    }
}
