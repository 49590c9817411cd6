package io.quiver.gateway.admission;

/** Kinds of work that are bounded apart, so that a flood of one does not stand before the others. */
public enum Lane {
    /** Searches, records, counts: somebody waits for each. */
    READ("read", 0.7),
    /** What a call over Flight begins with: somebody waits for it as well. */
    CALL("call", 0.1),
    /** What follows in the same call, batch after batch: programs wait. */
    BULK("bulk", 0.1),
    /** Tenants, databases, collections. */
    ADMIN("admin", 0.1),
    /** Records written: they wait for the disk, not for a core, and share their places with {@link #LOAD} alone. */
    WRITE("write", 0.7),
    /** The same over Flight, batch after batch: programs wait. */
    LOAD("load", 0.3);

    private final String label;
    private final double share;

    Lane(String label, double share) {
        this.label = label;
        this.share = share;
    }

    /** Its name in metrics. */
    public String label() {
        return label;
    }

    /** The part of its gate's places that it has for certain, 0 to 1; of the others it may use what nobody wants. */
    double share() {
        return share;
    }

    /** So many may always wait. Each call over Flight is much work: many that wait, wait for long. */
    int waitingMin() {
        return switch (this) {
            case READ, ADMIN, WRITE -> 64;
            case CALL -> 8;
            case BULK, LOAD -> 1_024;
        };
    }

    /** Whether its callers rather wait than are refused. */
    boolean isPatient() {
        return switch (this) {
            case BULK, LOAD -> true;
            case READ, CALL, ADMIN, WRITE -> false;
        };
    }
}
