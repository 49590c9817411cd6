package io.quiver.executor.regex;

import java.util.function.LongConsumer;

/** A text that tells how far it has been read. Belongs to one thread. */
final class ReadText implements CharSequence {
    /** Characters between two tellings; a shorter text is read without. */
    static final int PART = 64;

    private final String text;
    private final long stepsAPart;
    private final LongConsumer steps;
    private int readCount;

    /** @param instructions of the expression: each may be a step at each character */
    ReadText(String text, long instructions, LongConsumer steps) {
        this.text = text;
        this.stepsAPart = PART * instructions;
        this.steps = steps;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (readCount++ % PART == 0) {
            steps.accept(stepsAPart);
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
