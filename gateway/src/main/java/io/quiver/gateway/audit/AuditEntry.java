package io.quiver.gateway.audit;

/**
 * One thing that happened. No secret gets here: of a credential, what it is called.
 *
 * @param who name of the caller; empty where it is not known
 * @param credential by what they are known
 * @param from the address they came from
 * @param action route or Flight call
 * @param object what it was about, as it was named
 * @param result status of the answer, or {@code allowed} or {@code refused}
 */
public record AuditEntry(String who, String credential, String from, String action, String object, String result) {
    private static final int TEXT_LENGTH_MAX = 1_024;

    public AuditEntry {
        who = shortened(who);
        action = shortened(action);
        object = shortened(object);
    }

    private static String shortened(String text) {
        return text.length() <= TEXT_LENGTH_MAX ? text : text.substring(0, TEXT_LENGTH_MAX);
    }

    /** About the log itself. */
    static AuditEntry ofServer(String action, String object) {
        return new AuditEntry("", "", "", action, object, "");
    }
}
