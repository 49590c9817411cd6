package io.quiver.executor.segment;

import io.quiver.executor.filter.Indexed;
import io.quiver.executor.index.Metric;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Sealed segments in one storage: the files of each in {@code segments/<collection>/<name>/}. Safe on every thread;
 * holds nothing open itself.
 */
public final class LocalSegmentStore implements SegmentStore {
    private static final String ROOT = "segments";

    private final Storage storage;
    private final OffHeapBudget budget;
    private final SharedFiles files;
    private final SharedGraphs graphs = new SharedGraphs();
    private final Supplier<UUID> names;

    /** Directories written here and in no manifest yet, as far as is known: not to be taken for left-overs. */
    private final Set<String> unpublished = ConcurrentHashMap.newKeySet();

    /** Directories of segments that get a graph at this moment: what is half written there is no left-over. */
    private final Set<String> writing = ConcurrentHashMap.newKeySet();

    public LocalSegmentStore(Storage storage, OffHeapBudget budget) {
        this(storage, budget, UUID::randomUUID);
    }

    /** @param names gives a name to each new segment, never the same again */
    public LocalSegmentStore(Storage storage, OffHeapBudget budget, Supplier<UUID> names) {
        this.storage = storage;
        this.budget = budget;
        this.files = new SharedFiles(budget);
        this.names = names;
    }

    @Override
    public SegmentWriter create(CollectionId collection, Metric metric, int dimension, Indexed indexed)
            throws IOException {
        UUID name = names.get();
        String directory = directory(collection, name.toString());
        unpublished.add(directory);
        try {
            storage.createDirectories(directory);
            return new SealedSegmentWriter(storage, directory, name, metric, dimension, indexed, budget);
        } catch (Throwable failure) {
            unpublished.remove(directory);
            throw failure;
        }
    }

    @Override
    public SealedSegment open(CollectionId collection, Metric metric, int dimension, Manifest.Segment entry)
            throws IOException {
        String directory = directory(collection, entry.name());
        return SealedSegment.open(storage, directory, metric, dimension, entry, budget, files, graphs);
    }

    @Override
    public String writeTombstones(CollectionId collection, Segment segment, long through) throws IOException {
        return TombstoneFile.write(
                storage,
                directory(collection, segment.name()),
                UUID.fromString(segment.name()),
                segment.tombstones(),
                segment.rowCount(),
                through);
    }

    @Override
    public BuildMemory buildMemory() {
        return new BuildMemory(storage, budget);
    }

    @Override
    public boolean hasRoomFor(long bytes) throws IOException {
        return storage.usableBytes() / 2 >= bytes && budget.hasSpare(bytes);
    }

    @Override
    public void writeGraph(CollectionId collection, Segment segment, BuiltGraph built) throws IOException {
        writing(
                directory(collection, segment.name()),
                directory -> GraphFiles.write(
                        storage,
                        directory,
                        UUID.fromString(segment.name()),
                        segment.embeddings().dimension(),
                        segment.rowCount(),
                        built));
    }

    @Override
    public void writeRefusal(CollectionId collection, Segment segment, Calibration best) throws IOException {
        writing(
                directory(collection, segment.name()),
                directory -> RecallFile.write(
                        storage, directory, UUID.fromString(segment.name()), segment.rowCount(), best));
    }

    /** Writes files that belong to a graph into this directory. */
    @FunctionalInterface
    private interface GraphWriting {
        void run(String directory) throws IOException;
    }

    private void writing(String directory, GraphWriting step) throws IOException {
        beginWriting(directory);
        try {
            step.run(directory);
        } finally {
            writing.remove(directory);
        }
    }

    /** Not while left-overs are deleted: they are told from files in the making by {@link #writing} alone. */
    private synchronized void beginWriting(String directory) {
        writing.add(directory);
    }

    /** {@inheritDoc} All is forced at the end, for which the disk needs one write, and not one for each directory. */
    @Override
    public void link(CollectionId from, List<Segment> segments, CollectionId to) throws IOException {
        storage.createDirectories(ROOT);
        storage.createDirectory(directory(to));
        for (Segment segment : segments) {
            link(directory(from, segment.name()), directory(to, segment.name()));
        }
        for (Segment segment : segments) {
            SegmentLinks.force(storage, directory(to, segment.name()));
        }
        storage.forceDirectory(directory(to));
        storage.forceDirectory(ROOT);
    }

    /**
     * Gives every file that a manifest names another name, in {@code <below>/<collection>/<segment>/}, so that it stays
     * when the segment is deleted. Not durable: for a reader in this process, who deletes the names.
     *
     * @param below an existing directory
     */
    public void pin(CollectionId collection, Manifest manifest, String below) throws IOException {
        String pins = below + "/" + collection;
        storage.createDirectory(pins);
        for (Manifest.Segment segment : manifest.segments()) {
            String source = directory(collection, segment.name());
            String target = pins + "/" + segment.name();
            link(source, target);
            if (segment.tombstones() != null) {
                storage.link(source + "/" + segment.tombstones(), target + "/" + segment.tombstones());
            }
        }
    }

    /** No graph is begun meanwhile, so that the files of one belong together. */
    private synchronized void link(String source, String target) throws IOException {
        boolean hasGraph = !writing.contains(source) && GraphFiles.exist(storage, source);
        new SegmentLinks(storage, source, target, hasGraph).make();
    }

    @Override
    public void discard(CollectionId collection) throws IOException {
        unpublished.removeIf(directory -> directory.startsWith(directory(collection) + "/"));
        DirectoryTree.delete(storage, directory(collection));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Segments that this store has begun, and that no manifest has named yet, stay: they may be about to be
     * published.
     */
    @Override
    public void deleteUnnamed(CollectionId collection, Manifest manifest) throws IOException {
        Set<String> named =
                manifest.segments().stream().map(Manifest.Segment::name).collect(Collectors.toSet());
        named.forEach(name -> unpublished.remove(directory(collection, name)));
        for (String name : storage.list(directory(collection))) {
            if (!named.contains(name) && !unpublished.contains(directory(collection, name))) {
                DirectoryTree.delete(storage, directory(collection, name));
            }
        }
        for (Manifest.Segment segment : manifest.segments()) {
            deleteLeftOvers(collection, segment);
        }
        if (storage.list(directory(collection)).isEmpty()) {
            storage.delete(directory(collection));
        }
    }

    private synchronized void deleteLeftOvers(CollectionId collection, Manifest.Segment segment) throws IOException {
        String directory = directory(collection, segment.name());
        boolean isWritten = writing.contains(directory);
        for (String name : storage.list(directory)) {
            boolean isOld = TombstoneFile.isName(name) && !Objects.equals(name, segment.tombstones());
            boolean isHalf = name.endsWith(CheckedFileWriter.TEMPORARY) && !isWritten;
            if (isOld || isHalf) {
                storage.delete(directory + "/" + name);
            }
        }
        if (!isWritten) {
            GraphFiles.deleteLeftOvers(storage, directory);
        }
    }

    @Override
    public List<CollectionId> collections() throws IOException {
        List<CollectionId> collections = new ArrayList<>();
        for (String name : storage.list(ROOT)) {
            collections.add(CollectionId.parse(name));
        }
        return collections;
    }

    private static String directory(CollectionId collection) {
        return ROOT + "/" + collection;
    }

    private static String directory(CollectionId collection, String name) {
        return directory(collection) + "/" + name;
    }
}
