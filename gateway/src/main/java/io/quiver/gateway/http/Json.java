package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quiver.log.record.JsonLimits;

/**
 * The one Jackson of this package: the limits of what callers may send, and no guessing of encodings, for parsers are
 * set on pieces of a body. Safe on every thread.
 */
final class Json {
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonLimits.DEPTH_MAX)
                    .maxNumberLength(JsonLimits.NUMBER_LENGTH_MAX)
                    .maxNameLength(JsonLimits.NAME_LENGTH_MAX)
                    .maxStringLength(JsonLimits.TEXT_LENGTH_MAX)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    static final JsonMapper MAPPER = new JsonMapper(FACTORY);

    private Json() {}
}
