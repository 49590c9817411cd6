package io.quiver.gateway.admission;

/** Kinds of work that are bounded apart, so that a flood of one does not stand before the others. */
public enum Lane {
    /** Searches, records, counts: somebody waits for each. */
    READ("read"),
    /** Records written. */
    WRITE("write"),
    /** Tenants, databases, collections. */
    ADMIN("admin");

    private final String label;

    Lane(String label) {
        this.label = label;
    }

    /** Its name in metrics. */
    public String label() {
        return label;
    }
}
