package io.quiver.executor.segment;

import io.quiver.log.storage.Storage;
import java.io.IOException;

/** Gives the files of one sealed segment names in the directory of another collection. Lives for one segment. */
final class SegmentLinks {
    private static final String FILTERS = "/" + FileKind.FILTER_DIRECTORY;

    private final Storage storage;
    private final String source;
    private final String target;
    private final boolean hasGraph;

    /**
     * @param hasGraph whether the source has a graph that is whole, and stays as it is until {@link #make} has ended
     */
    SegmentLinks(Storage storage, String source, String target, boolean hasGraph) {
        this.storage = storage;
        this.source = source;
        this.target = target;
        this.hasGraph = hasGraph;
    }

    /** Not yet durable: see {@link #force}. */
    void make() throws IOException {
        storage.createDirectory(target);
        storage.createDirectory(target + FILTERS);
        linkAll(FILTERS);
        linkAll("");
    }

    /** Makes the names in a directory of links durable, but not its own. */
    static void force(Storage storage, String target) throws IOException {
        storage.forceDirectory(target + FILTERS);
        storage.forceDirectory(target);
    }

    private void linkAll(String below) throws IOException {
        for (String name : storage.list(source + below)) {
            if (isShared(name)) {
                storage.link(source + below + "/" + name, target + below + "/" + name);
            }
        }
    }

    private boolean isShared(String name) {
        return !name.equals(FileKind.FILTER_DIRECTORY)
                && !name.endsWith(CheckedFileWriter.TEMPORARY)
                && !TombstoneFile.isName(name)
                && (hasGraph || !GraphFiles.isName(name));
    }
}
