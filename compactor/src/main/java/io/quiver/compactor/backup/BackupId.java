package io.quiver.compactor.backup;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * Names a backup: when it was begun, and eight random digits. Later ones sort after earlier ones. A text of any other
 * form is refused, so that it can stand in a path.
 */
public record BackupId(String text) implements Comparable<BackupId> {
    private static final Pattern FORM = Pattern.compile("\\d{8}-\\d{6}-[0-9a-f]{8}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    public BackupId {
        if (!isOne(text)) {
            throw new IllegalArgumentException("not the id of a backup: '%s'".formatted(text));
        }
    }

    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    static BackupId at(Instant time) {
        return new BackupId("%s-%08x".formatted(TIME.format(time), RANDOM.nextInt()));
    }

    @Override
    public int compareTo(BackupId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
