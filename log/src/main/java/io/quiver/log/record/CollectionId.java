package io.quiver.log.record;

import java.util.UUID;

/** Names a collection for ever: it survives renaming and is never used again. */
public record CollectionId(UUID value) {
    public static CollectionId random() {
        return new CollectionId(UUID.randomUUID());
    }

    /** Reads the canonical text form of 36 characters; throws {@link IllegalArgumentException} for any other. */
    public static CollectionId parse(String text) {
        UUID value = UUID.fromString(text);
        if (!value.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not a UUID: " + text);
        }
        return new CollectionId(value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
