package io.quiver.gateway.server;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a server says at {@code /metrics}.
 *
 * @param families by name: a histogram with its four series is one
 * @param series every name that an expression may use
 */
record ScrapedMetrics(Map<String, Family> families, Set<String> series) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    /** One metric: {@code counter}, {@code gauge} or {@code histogram}. */
    record Family(String kind, Set<String> labels) {}

    static ScrapedMetrics read(String page) {
        Map<String, Family> families = new TreeMap<>();
        Set<String> series = new TreeSet<>();
        page.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches() && !isMaximum(type.group(1), families)) {
                families.put(type.group(1), new Family(type.group(2), new TreeSet<>()));
            } else if (sample.matches()) {
                series.add(sample.group(1));
                Family family = families.get(sample.group(1).replaceFirst("_(bucket|count|sum|max)$", ""));
                addLabels(
                        sample, Objects.requireNonNull(family == null ? families.get(sample.group(1)) : family, line));
            }
        });
        return new ScrapedMetrics(families, series);
    }

    private static boolean isMaximum(String name, Map<String, Family> families) {
        return name.endsWith("_max") && families.containsKey(name.substring(0, name.length() - "_max".length()));
    }

    private static void addLabels(Matcher sample, Family family) {
        if (sample.group(2) != null) {
            LABEL.matcher(sample.group(2))
                    .results()
                    .map(label -> label.group(1))
                    .filter(label -> !label.equals("le"))
                    .forEach(family.labels()::add);
        }
    }

    /** Those that are our own. */
    Map<String, Family> ours() {
        return families.entrySet().stream()
                .filter(family -> family.getKey().startsWith("quiver_"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, TreeMap::new));
    }
}
