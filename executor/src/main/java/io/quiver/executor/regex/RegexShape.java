package io.quiver.executor.regex;

/**
 * What is known of a part of a regular expression without matching.
 *
 * @param instructions about how many steps it compiles to, rather too many than too few
 */
record RegexShape(RequiredText required, long instructions) {
    static final RegexShape UNKNOWN = new RegexShape(new RequiredText.Anything(), 1);

    /** The same, as often as the repetition says. */
    RegexShape repeated(Repetition repetition) {
        RequiredText still = repetition.least() == 0 ? new RequiredText.Anything() : required;
        return new RegexShape(still, Math.min(Integer.MAX_VALUE, instructions * repetition.copies() + 2));
    }
}
