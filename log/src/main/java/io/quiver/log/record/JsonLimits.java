package io.quiver.log.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

/** How deep and how large JSON from a caller may be, and the one factory whose parsers and generators keep to it. */
public final class JsonLimits {
    /** How deep arrays and objects may nest. */
    public static final int DEPTH_MAX = 64;

    /** How many characters a number may have. */
    public static final int NUMBER_LENGTH_MAX = 100;

    /** How many characters a name may have. */
    public static final int NAME_LENGTH_MAX = 64 << 10;

    /** How many characters a text may have; documents and ids have limits of their own. */
    public static final int TEXT_LENGTH_MAX = 8 << 20;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_LENGTH_MAX)
                    .maxNameLength(NAME_LENGTH_MAX)
                    .maxStringLength(TEXT_LENGTH_MAX)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private JsonLimits() {}

    /** Safe on every thread. */
    public static JsonFactory factory() {
        return FACTORY;
    }
}
