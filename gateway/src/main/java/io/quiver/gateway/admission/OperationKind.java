package io.quiver.gateway.admission;

import java.util.stream.Stream;

/** Kinds of operations that have a budget of their own, each with its unit of cost. */
public enum OperationKind {
    /**
     * Nearest neighbours. Cost: microseconds of one core, as expected by what searches of that size have taken so far;
     * when the answer is there, as measured.
     */
    SEARCH("search"),
    /** Records by id or filter, and counts. Cost: records that may be returned, at least 1. */
    READ("read"),
    /** Add, upsert, update, delete. Cost: bytes of the request's body. */
    WRITE("write"),
    /** Tenants, databases, collections. Cost: 1 a request. */
    ADMIN("admin");

    private final String label;

    OperationKind(String label) {
        this.label = label;
    }

    /** Its name in settings and metrics. */
    public String label() {
        return label;
    }

    /** The one of that name; throws {@link IllegalArgumentException} where there is none. */
    public static OperationKind of(String label) {
        return Stream.of(values())
                .filter(kind -> kind.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no kind of operation '%s'".formatted(label)));
    }
}
