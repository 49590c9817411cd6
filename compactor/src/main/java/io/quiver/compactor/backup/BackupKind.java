package io.quiver.compactor.backup;

/** How much of what is there already a backup trusts. */
public enum BackupKind {
    /** Copies what is not there yet; of the rest it looks at the sizes. */
    INCREMENTAL,
    /** Reads what is there already too, and copies again what is damaged. */
    FULL
}
