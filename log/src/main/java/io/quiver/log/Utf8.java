package io.quiver.log;

/** The size of text in UTF-8, without encoding it. */
final class Utf8 {
    /** The text has half a surrogate pair and cannot be encoded. */
    static final long ILL_FORMED = -1;

    private Utf8() {}

    static long sizeBytes(String text) {
        long size = text.length();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character < 0x80) {
                continue;
            }
            size += character < 0x800 ? 1 : 2;
            if (Character.isSurrogate(character)) {
                if (Character.isLowSurrogate(character)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return ILL_FORMED;
                }
                i++;
            }
        }
        return size;
    }
}
