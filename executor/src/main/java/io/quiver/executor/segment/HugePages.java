package io.quiver.executor.segment;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory straight from the system, on pages of 2 MB where it has them: a search that jumps about in a gigabyte spends a
 * large part of its time on looking up addresses of small pages.
 *
 * <p>Linux alone is asked, by {@code mmap(2)} and {@code madvise(2)}; elsewhere, and where the system refuses, memory
 * comes from the arena as any other.
 */
final class HugePages {
    static final long PAGE_BYTES = 2L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(HugePages.class);
    private static final int READ_AND_WRITE = 0x1 | 0x2;
    private static final int PRIVATE_AND_ANONYMOUS = 0x2 | 0x20;
    private static final int NO_FILE = -1;
    private static final long FAILED = -1;
    private static final int ADVICE_HUGE_PAGES = 14;

    /** Unlike the advice that pages are not needed, this one never loses what is in them, wherever they are from. */
    private static final int ADVICE_PAGE_OUT = 21;

    private static final @Nullable Calls CALLS = Calls.ofThisSystem();

    private HugePages() {}

    /** What so many bytes take: whole pages. */
    static long rounded(long bytes) {
        return Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
    }

    /** Zeroed memory of whole pages, which is given back when the arena is closed. */
    static MemorySegment allocate(long bytes, Arena arena) {
        long wholeBytes = rounded(bytes);
        long address = CALLS == null ? FAILED : CALLS.allocate(wholeBytes);
        return address == FAILED ? arena.allocate(wholeBytes, Long.SIZE) : owned(address, wholeBytes, arena);
    }

    @SuppressWarnings("restricted") // the address and length of what was mapped just now
    private static MemorySegment owned(long address, long bytes, Arena arena) {
        try {
            return MemorySegment.ofAddress(address).reinterpret(bytes, arena, HugePages::free);
        } catch (RuntimeException arenaIsClosed) {
            free(MemorySegment.ofAddress(address).reinterpret(bytes));
            throw arenaIsClosed;
        }
    }

    private static void free(MemorySegment pages) {
        if (CALLS != null) {
            CALLS.free(pages.address(), pages.byteSize());
        }
    }

    /**
     * Has the system take back the pages of a mapped file; whoever reads there gets them again.
     *
     * @param mapped begins with a page of the system, else nothing happens
     */
    static void forget(MemorySegment mapped) {
        if (CALLS != null && mapped.isNative()) {
            CALLS.advise(mapped.address(), mapped.byteSize(), ADVICE_PAGE_OUT);
        }
    }

    /** The system's functions. */
    private record Calls(MethodHandle map, MethodHandle unmap, MethodHandle advise) {
        @SuppressWarnings("restricted") // the signatures are those of the manual pages
        static @Nullable Calls ofThisSystem() {
            if (!System.getProperty("os.name").equals("Linux")) {
                return null;
            }
            try {
                return new Calls(
                        call(
                                "mmap",
                                FunctionDescriptor.of(
                                        ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)),
                        call("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG)),
                        call("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT)));
            } catch (RuntimeException missing) {
                LOG.warn("Huge pages cannot be had; searches take small ones", missing);
                return null;
            }
        }

        @SuppressWarnings("restricted")
        private static MethodHandle call(String name, FunctionDescriptor signature) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
        }

        /**
         * The address of memory that begins with a huge page: one page more is mapped, and what sticks out given back.
         */
        long allocate(long bytes) {
            long begin = map(bytes + PAGE_BYTES);
            if (begin == FAILED) {
                return FAILED;
            }
            long aligned = rounded(begin);
            long before = aligned - begin;
            if (before > 0) {
                free(begin, before);
            }
            free(aligned + bytes, PAGE_BYTES - before);
            advise(aligned, bytes, ADVICE_HUGE_PAGES);
            return aligned;
        }

        private long map(long bytes) {
            try {
                MemorySegment mapped = (MemorySegment)
                        map.invokeExact(MemorySegment.NULL, bytes, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, NO_FILE, 0L);
                return mapped.address();
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        void free(long address, long bytes) {
            try {
                int result = (int) unmap.invokeExact(MemorySegment.ofAddress(address), bytes);
                if (result != 0) {
                    LOG.error("{} bytes at {} were not given back", bytes, address);
                }
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        /** Advice that is not heard does no harm. */
        void advise(long address, long bytes, int advice) {
            try {
                int _ = (int) advise.invokeExact(MemorySegment.ofAddress(address), bytes, advice);
            } catch (Throwable impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
