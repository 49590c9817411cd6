package io.quiver.log.storage;

/** What a path in a storage may look like: names with {@code /} between them that lead nowhere but down. */
final class StoragePaths {
    private StoragePaths() {}

    /** Returns the path of a file if it is one. */
    static String file(String path) {
        for (String name : path.split("/", -1)) {
            if (name.isEmpty()
                    || name.equals(".")
                    || name.equals("..")
                    || name.chars().anyMatch(StoragePaths::isOdd)) {
                throw new IllegalArgumentException("not a path within the storage: '" + path + "'");
            }
        }
        return path;
    }

    /** Returns the path of a directory if it is one; the empty path is the root. */
    static String directory(String path) {
        return path.isEmpty() ? path : file(path);
    }

    /** The directory that holds a file or a directory. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static boolean isOdd(int character) {
        return character == '\\' || character == ':' || Character.isISOControl(character);
    }
}
