/*
 * Preloaded into a server, notes how to undo whatever it does below one directory and has not forced. When the process has been
 * killed, PowerCut.java undoes what a power cut would have undone. Nothing is forced in truth: what counts is what the server asked
 * to have forced.
 *
 * POWERCUT_DIRECTORY: the directory, absolute and real. POWERCUT_JOURNAL: another one of the same file system, for the
 * journal and for links to files that lose their names.
 *
 * The journal is written before each change, by one thread at a time. A record is a line of text with the lengths of what follows:
 *
 *   W ino offset oldsize length there\n bytes   a file is about to be written, or cut where length is -1: the bytes that were there
 *   S ino upto\n                          a file was forced: what the journal says of it before byte upto is durable
 *   N upto path\n                         a directory was forced, likewise for the names in it
 *   C path\n                              a name is about to be made: by open, link or mkdir
 *   R stash from\tto\n                    a rename; what had the new name is called stash in the journal's directory, - if nothing
 *   U stash path\n                        a name is about to be removed; stash as above, - for a directory
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 65536
enum { NONE, PLAIN, DIRECTORY };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static const char *journal_directory;
static size_t root_length;
static int journal = -1;
static long long journal_bytes;
static long stashes;
static unsigned char kind_of[FDS];
static char *path_of[FDS];

#define REAL(result, name, ...) \
    static result (*real_##name)(__VA_ARGS__); \
    if (!real_##name) real_##name = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static ssize_t plain_write(const void *bytes, size_t length) {
    REAL(ssize_t, write, int, const void *, size_t);
    const char *at = bytes;
    size_t left = length;
    while (left > 0) {
        ssize_t done = real_write(journal, at, left);
        if (done <= 0) _exit(98);
        at += done;
        left -= done;
    }
    journal_bytes += length;
    return length;
}

static void note(const char *format, ...) {
    char line[2 * PATH_MAX + 128];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    plain_write(line, length);
}

__attribute__((constructor)) static void begin(void) {
    const char *directory = getenv("POWERCUT_DIRECTORY");
    journal_directory = getenv("POWERCUT_JOURNAL");
    if (!directory || !journal_directory) return;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/journal", journal_directory);
    REAL(int, open64, const char *, int, ...);
    journal = real_open64(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct stat found;
    if (journal < 0 || fstat(journal, &found)) _exit(99);
    journal_bytes = found.st_size;
    root_length = strlen(directory);
    root = directory;
}

/* SQLite's index of its log and the lock hold nothing that is to survive. */
static int is_ours(const char *path) {
    if (!root || strncmp(path, root, root_length) || (path[root_length] && path[root_length] != '/')) return 0;
    size_t length = strlen(path);
    return !(length > 4 && !strcmp(path + length - 4, "-shm")) && !(length > 5 && !strcmp(path + length - 5, "/lock"));
}

static int is_there(const char *path) {
    struct stat found;
    return !lstat(path, &found);
}

static int is_tracked(int fd) { return fd >= 0 && fd < FDS && kind_of[fd] == PLAIN; }

static int opened(int fd, const char *path) {
    struct stat found;
    if (fd >= 0 && fd < FDS && !fstat(fd, &found)) {
        free(path_of[fd]);
        path_of[fd] = strdup(path);
        kind_of[fd] = S_ISDIR(found.st_mode) ? DIRECTORY : S_ISREG(found.st_mode) ? PLAIN : NONE;
    }
    return fd;
}

/* What stands in a range of a file, before it is changed. */
static void note_bytes(int fd, long long from, long long length) {
    REAL(ssize_t, pread64, int, void *, size_t, off64_t);
    struct stat found;
    if (fstat(fd, &found)) return;
    long long there = found.st_size - from;
    if (there < 0) there = 0;
    if (there > length) there = length;
    char *bytes = malloc(there + 1);
    for (long long done = 0; done < there;) {
        ssize_t got = real_pread64(fd, bytes + done, there - done, from + done);
        if (got <= 0) _exit(97);
        done += got;
    }
    note("W %llu %lld %lld %lld %lld\n", (unsigned long long)found.st_ino, from, (long long)found.st_size,
         length == LLONG_MAX ? -1 : length, there);
    plain_write(bytes, there);
    free(bytes);
}

/* A name for a link to a file that loses its own. */
static const char *stash(const char *path, char *name) {
    REAL(int, link, const char *, const char *);
    struct stat found;
    if (lstat(path, &found) || !S_ISREG(found.st_mode)) return "-";
    char full[PATH_MAX];
    sprintf(name, "stash-%d-%ld", (int)getpid(), stashes++);
    snprintf(full, sizeof full, "%s/%s", journal_directory, name);
    return real_link(path, full) ? "-" : name;
}

static int open_noted(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    if (!is_ours(path)) return real(path, flags, mode);
    pthread_mutex_lock(&lock);
    if ((flags & O_CREAT) && !is_there(path)) note("C %s\n", path);
    if ((flags & O_TRUNC) && is_there(path)) {
        int fd = real(path, O_RDONLY);
        if (fd >= 0) {
            note_bytes(fd, 0, LLONG_MAX);
            close(fd);
        }
    }
    int fd = opened(real(path, flags, mode), path);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & O_CREAT) { \
        va_list arguments; \
        va_start(arguments, flags); \
        mode = va_arg(arguments, mode_t); \
        va_end(arguments); \
    }

int open(const char *path, int flags, ...) {
    REAL(int, open, const char *, int, ...);
    MODE(flags)
    return open_noted(real_open, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    REAL(int, open64, const char *, int, ...);
    MODE(flags)
    return open_noted(real_open64, path, flags, mode);
}

int close(int fd) {
    REAL(int, close, int);
    if (root && fd >= 0 && fd < FDS) kind_of[fd] = NONE;
    return real_close(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (!is_tracked(fd)) return real_pwrite64(fd, bytes, length, offset);
    pthread_mutex_lock(&lock);
    note_bytes(fd, offset, length);
    ssize_t done = real_pwrite64(fd, bytes, length, offset);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (!is_tracked(fd)) return real_write(fd, bytes, length);
    pthread_mutex_lock(&lock);
    note_bytes(fd, lseek(fd, 0, SEEK_CUR), length);
    ssize_t done = real_write(fd, bytes, length);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (!is_tracked(fd)) return real_writev(fd, parts, count);
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    pthread_mutex_lock(&lock);
    note_bytes(fd, lseek(fd, 0, SEEK_CUR), length);
    ssize_t done = real_writev(fd, parts, count);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate64(int fd, off64_t length) {
    REAL(int, ftruncate64, int, off64_t);
    if (!is_tracked(fd)) return real_ftruncate64(fd, length);
    pthread_mutex_lock(&lock);
    note_bytes(fd, length, LLONG_MAX);
    int done = real_ftruncate64(fd, length);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int forced(int fd) {
    pthread_mutex_lock(&lock);
    struct stat found;
    if (kind_of[fd] == DIRECTORY) {
        note("N %lld %s\n", journal_bytes, path_of[fd]);
    } else if (!fstat(fd, &found)) {
        note("S %llu %lld\n", (unsigned long long)found.st_ino, journal_bytes);
    }
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd) {
    REAL(int, fsync, int);
    return fd >= 0 && fd < FDS && kind_of[fd] != NONE ? forced(fd) : real_fsync(fd);
}

int fdatasync(int fd) {
    REAL(int, fdatasync, int);
    return fd >= 0 && fd < FDS && kind_of[fd] != NONE ? forced(fd) : real_fdatasync(fd);
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    if (!is_ours(from) && !is_ours(to)) return real_rename(from, to);
    pthread_mutex_lock(&lock);
    char name[64];
    const char *kept = stash(to, name);
    note("R %s %s\t%s\n", kept, from, to);
    int done = real_rename(from, to);
    pthread_mutex_unlock(&lock);
    return done;
}

static int remove_noted(int (*real)(const char *), const char *path) {
    if (!is_ours(path)) return real(path);
    pthread_mutex_lock(&lock);
    char name[64];
    if (is_there(path)) {
        const char *kept = stash(path, name);
        note("U %s %s\n", kept, path);
    }
    int done = real(path);
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    return remove_noted(real_unlink, path);
}

int rmdir(const char *path) {
    REAL(int, rmdir, const char *);
    return remove_noted(real_rmdir, path);
}

int link(const char *from, const char *to) {
    REAL(int, link, const char *, const char *);
    if (!is_ours(to)) return real_link(from, to);
    pthread_mutex_lock(&lock);
    if (!is_there(to)) note("C %s\n", to);
    int done = real_link(from, to);
    pthread_mutex_unlock(&lock);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    if (!is_ours(path)) return real_mkdir(path, mode);
    pthread_mutex_lock(&lock);
    if (!is_there(path)) note("C %s\n", path);
    int done = real_mkdir(path, mode);
    pthread_mutex_unlock(&lock);
    return done;
}
