package io.quiver.log.record;

/** A refusal because there would be more of something than a quota, or a limit of the catalog, allows. */
public final class QuotaException extends QuiverException {
    private final Subject subject;

    /** What there would be too much of. */
    public enum Subject {
        RECORDS,
        BYTES,
        COLLECTIONS,
        DIMENSION,
        K,
        TENANTS,
        DATABASES,
        FORKS
    }

    public QuotaException(Subject subject, String message) {
        super(ErrorCode.QUOTA_EXCEEDED, message);
        this.subject = subject;
    }

    public Subject subject() {
        return subject;
    }
}
