package io.quiver.log.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A storage in memory that behaves as badly as a disk may. Of each file and of each directory it keeps what a process
 * sees and what would survive a power cut; {@link #crash()} gives the storage that the next process finds.
 *
 * <p>Every call is counted from 1. Calls can be made to fail by number, kind and path; a {@code force} that fails loses
 * what it was to make durable, for good, as kernels do: a later one that succeeds proves nothing.
 *
 * <p>Safe on every thread.
 */
public final class SimulatedStorage implements Storage {
    /** What was asked of the storage. */
    public enum Kind {
        CREATE,
        OPEN,
        MAP,
        EXISTS,
        SIZE,
        LIST,
        RENAME,
        LINK,
        DELETE,
        CREATE_DIRECTORIES,
        FORCE_DIRECTORY,
        READ,
        WRITE,
        FORCE,
        RESIZE
    }

    /** How a call fails. */
    public enum Fault {
        INPUT_OUTPUT,
        FULL
    }

    /** One call, counted from 1. */
    public record Call(long number, Kind kind, String path) {}

    private record Injection(Predicate<Call> when, Fault fault) {}

    /** A change of a name that is not durable yet. */
    private record NameChange(String directory, Consumer<Map<String, SimulatedContent>> change) {}

    /** A mapping begins with a page, as those of systems do. */
    private static final long PAGE_BYTES = 4096;

    private final Map<String, SimulatedContent> files = new TreeMap<>();
    private final Map<String, SimulatedContent> durableFiles = new TreeMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();
    private final NavigableSet<String> directories = new TreeSet<>();
    private final List<Injection> injections = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private long powerOffAt = Long.MAX_VALUE;
    private long contentCount;
    private volatile Duration forceDelay = Duration.ZERO;

    /** What survives a power cut at this moment when nothing does but what was forced. */
    public synchronized SimulatedStorage crash() {
        SimulatedStorage survivor = new SimulatedStorage();
        survivor.directories.addAll(directories);
        inOrder(durableFiles)
                .forEach(name -> survivor.put(name.getKey(), name.getValue().durable()));
        return survivor;
    }

    /**
     * As {@link #crash()}, but of what was not forced some survives too, in part and out of order, as {@code seed}
     * says.
     */
    public synchronized SimulatedStorage crash(long seed) {
        Random random = new Random(seed);
        Map<String, SimulatedContent> names = new TreeMap<>(durableFiles);
        nameChanges.stream()
                .filter(_ -> random.nextBoolean())
                .forEach(change -> change.change().accept(names));
        SimulatedStorage survivor = new SimulatedStorage();
        survivor.directories.addAll(directories);
        inOrder(names)
                .forEach(name -> survivor.put(name.getKey(), name.getValue().torn(random)));
        return survivor;
    }

    /** As their files were created: names are drawn at random by those who give them. */
    private static List<Map.Entry<String, SimulatedContent>> inOrder(Map<String, SimulatedContent> names) {
        return names.entrySet().stream()
                .sorted(Comparator.comparingLong(name -> name.getValue().number))
                .toList();
    }

    /** All that a process sees now, as a durable storage of its own without faults. */
    public synchronized SimulatedStorage copy() {
        SimulatedStorage copy = new SimulatedStorage();
        copy.directories.addAll(directories);
        files.forEach((path, content) -> copy.put(path, content.visible()));
        return copy;
    }

    /** From call {@code number} on nothing works and nothing has an effect. */
    public synchronized void powerOffAt(long number) {
        powerOffAt = number;
    }

    public synchronized void fail(Fault fault, Predicate<Call> when) {
        injections.add(new Injection(when, fault));
    }

    /** From now on each force takes this long, and holds nothing else up. */
    public void slowForces(Duration delay) {
        forceDelay = delay;
    }

    void delayForce() {
        long end = System.nanoTime() + forceDelay.toNanos();
        for (long left = forceDelay.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Lets everything work again; what was lost stays lost. */
    public synchronized void heal() {
        injections.clear();
    }

    public synchronized long callCount() {
        return calls.size();
    }

    public synchronized long callCount(Predicate<Call> which) {
        return calls.stream().filter(which).count();
    }

    /** Calls of these kinds so far, in order. */
    public synchronized List<Call> calls(Set<Kind> kinds) {
        return calls.stream().filter(call -> kinds.contains(call.kind())).toList();
    }

    /** The visible bytes of a file. */
    public synchronized byte[] bytes(String path) {
        try {
            return find(path).visible();
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Makes these the durable bytes of a file, as if something else had written it. */
    public synchronized void overwrite(String path, byte[] bytes) {
        put(path, bytes);
    }

    @Override
    public synchronized StorageFile create(String path) throws IOException {
        count(Kind.CREATE, path);
        StoragePaths.file(path);
        checkDirectory(StoragePaths.parent(path));
        if (files.containsKey(path) || directories.contains(path)) {
            throw new FileAlreadyExistsException(path);
        }
        SimulatedContent content = new SimulatedContent(++contentCount);
        change(path, names -> names.put(path, content));
        return new SimulatedFile(this, path, content);
    }

    @Override
    public synchronized StorageFile open(String path) throws IOException {
        count(Kind.OPEN, path);
        return new SimulatedFile(this, path, find(path));
    }

    @Override
    public synchronized MemorySegment map(String path, Arena arena) throws IOException {
        count(Kind.MAP, path);
        MemorySegment bytes = MemorySegment.ofArray(find(path).visible());
        return arena.allocate(bytes.byteSize(), PAGE_BYTES).copyFrom(bytes).asReadOnly();
    }

    /** Memory: nothing of it is seen after a crash anyway. */
    @Override
    public MemorySegment scratch(long sizeBytes, Arena arena) {
        return arena.allocate(sizeBytes, PAGE_BYTES);
    }

    @Override
    public synchronized boolean exists(String path) throws IOException {
        count(Kind.EXISTS, path);
        return files.containsKey(StoragePaths.file(path)) || directories.contains(path);
    }

    @Override
    public synchronized long sizeBytes(String path) throws IOException {
        count(Kind.SIZE, path);
        return find(path).sizeBytes();
    }

    @Override
    public synchronized List<String> list(String directory) throws IOException {
        count(Kind.LIST, directory);
        StoragePaths.directory(directory);
        NavigableSet<String> all = new TreeSet<>(files.keySet());
        all.addAll(directories);
        return all.stream()
                .filter(path -> StoragePaths.parent(path).equals(directory))
                .map(path -> path.substring(directory.isEmpty() ? 0 : directory.length() + 1))
                .toList();
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        count(Kind.RENAME, from);
        checkDirectory(StoragePaths.parent(StoragePaths.file(to)));
        SimulatedContent content = find(from);
        change(to, names -> {
            names.remove(from);
            names.put(to, content);
        });
    }

    @Override
    public synchronized void link(String file, String otherName) throws IOException {
        count(Kind.LINK, otherName);
        checkDirectory(StoragePaths.parent(StoragePaths.file(otherName)));
        SimulatedContent content = find(file);
        if (files.containsKey(otherName) || directories.contains(otherName)) {
            throw new FileAlreadyExistsException(otherName);
        }
        change(otherName, names -> names.put(otherName, content));
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        count(Kind.DELETE, path);
        StoragePaths.file(path);
        if (files.containsKey(path)) {
            change(path, names -> names.remove(path));
        } else if (directories.contains(path)) {
            deleteDirectory(path);
        }
    }

    private void deleteDirectory(String path) throws IOException {
        if (files.keySet().stream().anyMatch(file -> file.startsWith(path + "/"))) {
            throw new DirectoryNotEmptyException(path);
        }
        directories.remove(path);
    }

    @Override
    public synchronized void createDirectories(String directory) throws IOException {
        count(Kind.CREATE_DIRECTORIES, directory);
        for (String path = StoragePaths.directory(directory); !path.isEmpty(); path = StoragePaths.parent(path)) {
            directories.add(path);
        }
    }

    @Override
    public synchronized void createDirectory(String directory) throws IOException {
        count(Kind.CREATE_DIRECTORIES, directory);
        checkDirectory(StoragePaths.parent(StoragePaths.directory(directory)));
        directories.add(directory);
    }

    @Override
    public synchronized void forceDirectory(String directory) throws IOException {
        StoragePaths.directory(directory);
        count(Kind.FORCE_DIRECTORY, directory);
        for (Iterator<NameChange> changes = nameChanges.iterator(); changes.hasNext(); ) {
            NameChange next = changes.next();
            if (next.directory().equals(directory)) {
                next.change().accept(durableFiles);
                changes.remove();
            }
        }
    }

    /** Counts a call, which may be one that was chosen to fail. */
    void count(Kind kind, String path) throws IOException {
        if (isFailing(kind, path)) {
            throw failure(path);
        }
    }

    boolean isFailing(Kind kind, String path) {
        Call call = new Call(calls.size() + 1L, kind, path);
        calls.add(call);
        return call.number() >= powerOffAt
                || injections.stream().anyMatch(injection -> injection.when().test(call));
    }

    /** The failure of the call counted last. */
    IOException failure(String path) {
        Call call = calls.getLast();
        boolean full = call.number() < powerOffAt
                && injections.stream()
                        .filter(injection -> injection.when().test(call))
                        .anyMatch(injection -> injection.fault() == Fault.FULL);
        return full ? new StorageFullException(path, null) : new IOException(path + ": Input/output error");
    }

    boolean isPowerOff() {
        return calls.size() >= powerOffAt;
    }

    private void change(String path, Consumer<Map<String, SimulatedContent>> change) {
        change.accept(files);
        nameChanges.add(new NameChange(StoragePaths.parent(path), change));
    }

    private void checkDirectory(String directory) throws IOException {
        if (!directory.isEmpty() && !directories.contains(directory)) {
            throw new FileNotFoundException(directory);
        }
    }

    private SimulatedContent find(String path) throws IOException {
        SimulatedContent content = files.get(StoragePaths.file(path));
        if (content == null) {
            throw new NoSuchFileException(path);
        }
        return content;
    }

    /** A file that survives has its directory, even where a deletion of both was under way. */
    private void put(String path, byte[] bytes) {
        SimulatedContent content = SimulatedContent.ofDurable(++contentCount, bytes);
        for (String parent = StoragePaths.parent(path); !parent.isEmpty(); parent = StoragePaths.parent(parent)) {
            directories.add(parent);
        }
        files.put(path, content);
        durableFiles.put(path, content);
    }
}
