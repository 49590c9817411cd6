package io.quiver.log.record;

/**
 * A change was refused because writing it failed half way, and nobody can tell what will last: it may have been made
 * all the same, be it at once or with the next start. Files that it names must not be deleted; what is asked next tells
 * whether it has been made for now.
 */
public final class DoubtfulException extends QuiverException {
    public DoubtfulException(String message) {
        super(ErrorCode.UNAVAILABLE, message);
    }
}
