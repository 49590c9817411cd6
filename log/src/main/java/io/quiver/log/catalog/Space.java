package io.quiver.log.catalog;

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
}
