package io.quiver.gateway.server.configuration;

import io.quiver.gateway.admission.Rate;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was written for one setting, and where; reads it as a value of the kind that is wanted, or says what is wrong.
 *
 * @param source for people: {@code quiver.yaml}, {@code the environment}, {@code a flag}, {@code the default}
 */
record SettingText(Setting setting, String text, String source) {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");
    private static final Pattern ORIGIN = Pattern.compile("\\*|[a-z][a-z0-9+.-]*://[^/\\s,]+");
    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final Map<String, Duration> TIMES = Map.of(
            "ms",
            Duration.ofMillis(1),
            "s",
            Duration.ofSeconds(1),
            "min",
            Duration.ofMinutes(1),
            "h",
            Duration.ofHours(1));

    int integer(int min, int max) {
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw wrong("a whole number in %d..%d".formatted(min, max));
        }
        throw wrong("a whole number in %d..%d".formatted(min, max));
    }

    double amount() {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value) && value >= 0) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw wrong("a number that is not negative");
        }
        throw wrong("a number that is not negative");
    }

    double share() {
        double value = amount();
        if (value > 1) {
            throw wrong("a number in 0..1");
        }
        return value;
    }

    boolean isTrue() {
        return choice(List.of("true", "false")).equals("true");
    }

    String choice(List<String> choices) {
        String value = text.toLowerCase(Locale.ROOT);
        if (!choices.contains(value)) {
            throw wrong("one of " + String.join(", ", choices));
        }
        return value;
    }

    Path path() {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw wrong("a path");
        }
        throw wrong("a path");
    }

    /** {@code null} where nothing is written. */
    @Nullable Path optionalPath() {
        return text.isBlank() ? null : path();
    }

    /** None where nothing is written. */
    Set<String> origins() {
        Set<String> origins = new LinkedHashSet<>();
        for (String origin : text.isBlank() ? new String[0] : text.split(",", -1)) {
            if (!ORIGIN.matcher(origin.strip()).matches()) {
                throw wrong("origins as browsers send them, as in https://app.example.org, with commas between, or *");
            }
            origins.add(origin.strip());
        }
        return origins;
    }

    long bytes(long max) {
        Matcher quantity = QUANTITY.matcher(text);
        String expected = "bytes, as in 512 KiB, 40 MiB or 1 GiB, at most " + max;
        if (!quantity.matches() || !BYTES.containsKey(quantity.group(2))) {
            throw wrong(expected);
        }
        long unit = BYTES.getOrDefault(quantity.group(2), 1L);
        long count = Long.parseLong(quantity.group(1));
        if (count > max / unit) {
            throw wrong(expected);
        }
        return count * unit;
    }

    Duration duration(Duration min, Duration max) {
        Matcher quantity = QUANTITY.matcher(text);
        String expected = "a time from %s to %s, as in 500 ms, 30 s or 5 min".formatted(show(min), show(max));
        if (!quantity.matches() || !TIMES.containsKey(quantity.group(2))) {
            throw wrong(expected);
        }
        Duration unit = TIMES.getOrDefault(quantity.group(2), Duration.ZERO);
        long count = Long.parseLong(quantity.group(1));
        if (count > max.dividedBy(unit) || unit.multipliedBy(count).compareTo(min) < 0) {
            throw wrong(expected);
        }
        return unit.multipliedBy(count);
    }

    /** Reads itself as the inflow of a {@link Rate}, and {@code burst} as what may be used at once. */
    Rate rate(SettingText burst) {
        double unitsPerSecond = amount();
        double units = burst.amount();
        try {
            return new Rate(unitsPerSecond, units == 0 ? unitsPerSecond * BURST_SECONDS : units);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "%s (from %s): %s".formatted(burst.setting.key(), burst.source, e.getMessage()));
        }
    }

    /** Seconds of inflow that a tenant may use at once where no burst is set. */
    static final int BURST_SECONDS = 10;

    ConfigurationException wrong(String expected) {
        return new ConfigurationException(
                "%s must be %s, not '%s' (from %s)".formatted(setting.key(), expected, text, source));
    }

    private static String show(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
