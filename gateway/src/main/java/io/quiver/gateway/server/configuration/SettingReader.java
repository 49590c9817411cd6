package io.quiver.gateway.server.configuration;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects the text of each setting; what is added later counts more. */
final class SettingReader {
    /** Variables of the launcher, and the one that names the file. */
    static final List<String> OTHER_VARIABLES = List.of("QUIVER_CONFIG", "QUIVER_JAVA", "QUIVER_JAVA_OPTIONS");

    /** Kubernetes tells containers about a service named quiver in variables that look like ours. */
    private static final String SERVICE_LINKS = "QUIVER_(SERVICE_.*|PORT|PORT_\\d+_.*)";

    private final Map<Setting, SettingText> texts = new EnumMap<>(Setting.class);

    SettingReader() {
        for (Setting setting : Setting.values()) {
            texts.put(setting, new SettingText(setting, setting.fallback(), "the default"));
        }
    }

    SettingReader addFile(Path file) {
        String source = file.toString();
        YamlSettings.read(file).forEach((key, text) -> put(known(key, source), text, source));
        return this;
    }

    SettingReader addEnvironment(Map<String, String> environment) {
        environment.forEach((name, text) -> {
            if (isOurs(name)) {
                put(byEnvironmentName(name), text, "the environment");
            }
        });
        return this;
    }

    SettingReader addFlags(Map<String, String> flags) {
        flags.forEach((key, text) -> put(known(key, "a flag"), text, "a flag"));
        return this;
    }

    SettingText get(Setting setting) {
        @Nullable SettingText text = texts.get(setting);
        if (text == null) {
            throw new IllegalStateException("a setting without default: " + setting);
        }
        return text;
    }

    private void put(Setting setting, String text, String source) {
        texts.put(setting, new SettingText(setting, text.strip(), source));
    }

    private static boolean isOurs(String variable) {
        return variable.startsWith(Setting.ENVIRONMENT_PREFIX)
                && !OTHER_VARIABLES.contains(variable)
                && !variable.matches(SERVICE_LINKS);
    }

    private static Setting known(String key, String source) {
        @Nullable Setting setting = Setting.byKey().get(key);
        if (setting == null) {
            throw unknown(
                    "setting", key, source, NearestName.of(key, Setting.byKey().keySet()));
        }
        return setting;
    }

    private static Setting byEnvironmentName(String name) {
        List<String> names =
                Stream.of(Setting.values()).map(Setting::environmentName).toList();
        return Stream.of(Setting.values())
                .filter(setting -> setting.environmentName().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown("variable", name, "the environment", NearestName.of(name, names)));
    }

    private static ConfigurationException unknown(String what, String name, String source, Optional<String> nearest) {
        String suggestion = nearest.map(": did you mean '%s'?"::formatted).orElse("");
        return new ConfigurationException("unknown %s '%s' (from %s)%s".formatted(what, name, source, suggestion));
    }
}
