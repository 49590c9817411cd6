package io.quiver.log.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The checksum in every row of the catalog: a byte that changes on the disk may leave a row that SQLite reads without
 * complaint.
 *
 * <p>It is the CRC32C over the names and values of all other columns, in the order of the table. Values count as text,
 * each behind its length; a missing one has the length -1. Belongs to the thread of its connection.
 */
final class RowSums {
    private static final String COLUMN = "row_sum";

    /** What SQLite itself knows a row by. */
    private static final String PLACE = "row_place";

    private static final int ROWS_AT_ONCE = 256;
    private static final Set<String> NOT_SUMMED = Set.of(COLUMN, PLACE);

    private final Connection connection;

    /** The tables that have checksums, with what tells their rows apart. */
    enum Table {
        TENANTS("name"),
        DATABASES("id"),
        COLLECTIONS("id"),
        MANIFESTS("collection_id"),
        FORKS("collection_id"),
        QUOTAS("tenant", "database_name", "collection_id", "resource");

        @SuppressWarnings("ImmutableEnumChecker") // List.of() never changes
        private final List<String> key;

        Table(String... key) {
            this.key = List.of(key);
        }

        private String sqlName() {
            return name().toLowerCase(Locale.ROOT);
        }

        private String isRow() {
            return key.stream().map(column -> column + " = ?").collect(Collectors.joining(" AND ", " WHERE ", ""));
        }
    }

    RowSums(Connection connection) {
        this.connection = connection;
    }

    /** Computes the checksum of a row that was written in this transaction. */
    void set(Table table, String... key) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT * FROM " + table.sqlName() + table.isRow())) {
            bind(select, 1, key);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    set(table, new SummedColumns(row).sum(row), key);
                }
            }
        }
    }

    private void set(Table table, long sum, String... key) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE " + table.sqlName() + " SET " + COLUMN + " = ?" + table.isRow())) {
            update.setLong(1, sum);
            bind(update, 2, key);
            update.executeUpdate();
        }
    }

    /** Computes the checksums of all rows. */
    void setAll() throws SQLException {
        for (Table table : Table.values()) {
            for (String[] key : keys(table)) {
                set(table, key);
            }
        }
    }

    private List<String[]> keys(Table table) throws SQLException {
        List<String[]> keys = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM " + table.sqlName());
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                keys.add(key(table, rows));
            }
        }
        return keys;
    }

    /**
     * Rows that are not as they were written, one line each.
     *
     * @param pace is told how many bytes each few rows had; meanwhile nothing of the file is held
     */
    List<String> wrong(LongConsumer pace) throws SQLException {
        List<String> wrong = new ArrayList<>();
        for (Table table : Table.values()) {
            addWrong(table, wrong, pace);
        }
        return wrong;
    }

    /** Rows of a sound file come in the order of their places; of a damaged one in any. */
    private void addWrong(Table table, List<String> wrong, LongConsumer pace) throws SQLException {
        long place;
        long next = Long.MIN_VALUE;
        do {
            place = next;
            next = addWrongAfter(place, table, wrong, pace);
        } while (next > place);
    }

    /** Returns the place of the last row that was read, {@code place} where there are no more. */
    private long addWrongAfter(long place, Table table, List<String> wrong, LongConsumer pace) throws SQLException {
        long last = place;
        long bytes;
        try (PreparedStatement select =
                connection.prepareStatement("SELECT rowid AS %s, * FROM %s WHERE rowid > ? ORDER BY rowid LIMIT %d"
                        .formatted(PLACE, table.sqlName(), ROWS_AT_ONCE))) {
            select.setLong(1, place);
            try (ResultSet rows = select.executeQuery()) {
                SummedColumns columns = new SummedColumns(rows);
                while (rows.next()) {
                    last = rows.getLong(PLACE);
                    addIfWrong(table, rows, columns, wrong);
                }
                bytes = columns.readBytes;
            }
        }
        pace.accept(bytes);
        return last;
    }

    private static void addIfWrong(Table table, ResultSet row, SummedColumns columns, List<String> wrong)
            throws SQLException {
        long sum = columns.sum(row);
        if (row.getLong(COLUMN) != sum || row.wasNull()) {
            wrong.add("the row %s of %s is not as it was written"
                    .formatted(String.join(", ", key(table, row)), table.sqlName()));
        }
    }

    private static String[] key(Table table, ResultSet row) throws SQLException {
        String[] key = new String[table.key.size()];
        for (int i = 0; i < key.length; i++) {
            key[i] = String.valueOf(row.getString(table.key.get(i)));
        }
        return key;
    }

    private static void bind(PreparedStatement statement, int first, String... key) throws SQLException {
        for (int i = 0; i < key.length; i++) {
            statement.setString(first + i, key[i]);
        }
    }

    /** All columns of a table but that of the checksum. */
    private static final class SummedColumns {
        private final List<Integer> numbers = new ArrayList<>();
        private final List<byte[]> names = new ArrayList<>();
        private long readBytes;

        SummedColumns(ResultSet rows) throws SQLException {
            ResultSetMetaData columns = rows.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                if (!NOT_SUMMED.contains(columns.getColumnName(i))) {
                    numbers.add(i);
                    names.add(columns.getColumnName(i).getBytes(StandardCharsets.UTF_8));
                }
            }
        }

        long sum(ResultSet row) throws SQLException {
            CRC32C sum = new CRC32C();
            for (int i = 0; i < numbers.size(); i++) {
                String value = row.getString(numbers.get(i));
                add(sum, names.get(i));
                add(sum, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
            }
            return sum.getValue();
        }

        private void add(CRC32C sum, byte @Nullable [] bytes) {
            int length = bytes == null ? -1 : bytes.length;
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                sum.update(length >> shift);
            }
            if (bytes != null) {
                sum.update(bytes);
                readBytes += bytes.length;
            }
        }
    }
}
