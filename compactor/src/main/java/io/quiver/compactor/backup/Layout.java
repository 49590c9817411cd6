package io.quiver.compactor.backup;

import io.quiver.log.LogPiece;
import java.util.regex.Pattern;

/**
 * Where things lie in a directory of backups:
 *
 * <pre>
 * manifests/&lt;backup&gt;.backup                               what it consists of; there is a backup where there is this
 * catalogs/&lt;backup&gt;.db                                    its catalog
 * log/&lt;file&gt;-&lt;salt&gt;-&lt;from&gt;-&lt;to&gt;.piece                    bytes of a log file
 * segments/&lt;segment&gt;/&lt;name&gt;-&lt;size&gt;-&lt;checksum of its begin&gt;   a file of a segment
 * </pre>
 *
 * Names are made here, never by a caller; what stands in a manifest is checked against their forms before it is used.
 */
final class Layout {
    static final String MANIFESTS = "manifests";
    static final String CATALOGS = "catalogs";
    static final String LOG = "log";
    static final String SEGMENTS = "segments";
    static final String TEMPORARY = ".tmp";

    private static final String MANIFEST_SUFFIX = ".backup";
    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}";
    private static final Pattern STORED =
            Pattern.compile("segments/%s/(text\\+)?%s-[0-9a-f]{1,16}-[0-9a-f]{8}".formatted(UUID, NAME));
    private static final Pattern TARGET = Pattern.compile("segments/%s/%s/(text/)?%s".formatted(UUID, UUID, NAME));

    private Layout() {}

    static String manifest(BackupId id) {
        return MANIFESTS + "/" + id + MANIFEST_SUFFIX;
    }

    static boolean isManifest(String name) {
        return name.endsWith(MANIFEST_SUFFIX)
                && BackupId.isOne(name.substring(0, name.length() - MANIFEST_SUFFIX.length()));
    }

    static BackupId idOfManifest(String name) {
        return new BackupId(name.substring(0, name.length() - MANIFEST_SUFFIX.length()));
    }

    static String catalog(BackupId id) {
        return CATALOGS + "/" + id + ".db";
    }

    static String piece(LogPiece piece) {
        return LOG + "/" + piece.name();
    }

    /**
     * Where a file of a segment is stored. Forks share segments by their names, and so here too; a graph that was built
     * again, and tombstones, which may be others in each fork, differ in their headers.
     *
     * @param name within the segment's directory
     * @param beginChecksum CRC32C of its first 4 KiB
     */
    static String segmentFile(String segment, String name, long sizeBytes, int beginChecksum) {
        return "%s/%s/%s-%x-%08x".formatted(SEGMENTS, segment, name.replace('/', '+'), sizeBytes, beginChecksum);
    }

    /** Throws {@link IllegalArgumentException} for what {@link #segmentFile} does not make. */
    static void checkStored(String path) {
        check(STORED, path);
    }

    /** Throws {@link IllegalArgumentException} for what is no path of a segment's file in a data directory. */
    static void checkTarget(String path) {
        check(TARGET, path);
    }

    private static void check(Pattern form, String path) {
        if (!form.matcher(path).matches()) {
            throw new IllegalArgumentException("not the path of a segment's file: '%s'".formatted(path));
        }
    }
}
