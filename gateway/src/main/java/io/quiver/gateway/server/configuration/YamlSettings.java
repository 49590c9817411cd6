package io.quiver.gateway.server.configuration;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A YAML file as texts by dotted names: {@code http: {idle-timeout: 60 s}} is {@code http.idle-timeout}. */
final class YamlSettings {
    private YamlSettings() {}

    static Map<String, String> read(Path file) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode root = parse(file);
        if (!root.isMissingNode() && !root.isNull()) {
            flatten("", root, texts, file);
        }
        return texts;
    }

    private static JsonNode parse(Path file) {
        YAMLFactory strict = YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try {
            return new YAMLMapper(strict).readTree(Files.readString(file));
        } catch (JacksonException e) {
            String line =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new ConfigurationException("%s%s: %s".formatted(file, line, firstLine(e.getOriginalMessage())));
        } catch (IOException e) {
            throw new ConfigurationException("cannot read the configuration file %s: %s".formatted(file, e));
        }
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> texts, Path file) {
        if (node.isObject()) {
            String inner = prefix.isEmpty() ? "" : prefix + ".";
            node.properties().forEach(field -> flatten(inner + field.getKey(), field.getValue(), texts, file));
        } else if (node.isValueNode() && !node.isNull() && !prefix.isEmpty()) {
            texts.put(prefix, node.asText());
        } else {
            throw new ConfigurationException("%s: expected %s, found %s"
                    .formatted(
                            file,
                            prefix.isEmpty() ? "names with values" : "a value for " + prefix,
                            node.getNodeType()));
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("not YAML");
    }
}
