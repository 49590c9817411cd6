package io.quiver.log.catalog;

import org.jspecify.annotations.Nullable;

/** How the distance of two embeddings is measured, by Chroma's names. */
public enum Space {
    /** Squared Euclidean distance. */
    L2("l2"),
    /** 1 - cosine of the angle. */
    COSINE("cosine"),
    /** 1 - inner product; may be negative. */
    IP("ip");

    private final String wireName;

    Space(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** {@code null} where no space has that name. */
    public static @Nullable Space ofWireName(String wireName) {
        for (Space space : values()) {
            if (space.wireName.equals(wireName)) {
                return space;
            }
        }
        return null;
    }
}
