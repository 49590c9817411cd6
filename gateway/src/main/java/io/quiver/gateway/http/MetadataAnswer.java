package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataJson;
import io.quiver.log.record.MetadataPatch;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes metadata as callers see it: without reserved keys, and {@code null} where nothing is left. */
final class MetadataAnswer {
    private static final String RESERVED_PREFIX = "chroma:";

    private MetadataAnswer() {}

    static void write(JsonGenerator out, @Nullable Metadata metadata) throws IOException {
        Metadata shown = metadata == null ? Metadata.EMPTY : withoutReserved(metadata);
        if (shown.isEmpty()) {
            out.writeNull();
        } else {
            MetadataJson.write(out, shown);
        }
    }

    private static Metadata withoutReserved(Metadata metadata) {
        Set<String> reserved = metadata.fields().keySet().stream()
                .filter(key -> key.startsWith(RESERVED_PREFIX))
                .collect(Collectors.toSet());
        return metadata.patched(new MetadataPatch(Map.of(), reserved));
    }
}
