/*
 * Preloaded into a server, makes changes below one directory fail for as long as a test wants. PRELOADED_CONTROL names a
 * file that begins with three numbers of eight bytes: the error, 0 for none, which calls fail, and how many of these
 * succeed before, which is counted down. FAULTS_DIRECTORY: the directory, absolute and real.
 *
 *   1  what needs room: new names, and writes beyond the end of a file
 *   2  whatever changes anything
 *   3  forces alone
 *   4  none: forces take as many milliseconds as the error says
 *   5  whatever changes anything, after so many
 *   6  what takes a name from a file or gives it another, after so many
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ROOM = 1, CHANGES = 2, FORCES = 3, SLOW = 4, LATER = 5, NAMES = 6 };

static volatile long long *control;
static const char *root;

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void open_control(void) {
    const char *path = getenv("PRELOADED_CONTROL");
    root = getenv("FAULTS_DIRECTORY");
    int file = path ? open(path, O_RDWR) : -1;
    void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, 3 * sizeof(long long), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED || !root) _exit(97);
    control = mapped;
}

static int is_within(const char *path) {
    size_t length = strlen(root);
    return strncmp(path, root, length) == 0 && path[length] == '/';
}

/* Asked once for each call that may fail. */
static int is_due(void) {
    return control[1] < LATER || __atomic_fetch_sub(&control[2], 1, __ATOMIC_SEQ_CST) <= 0;
}

static int is_ours(const char *path) {
    return is_within(path) && is_due();
}

static int is_file_ours(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

static int fails(int is_room, int is_force) {
    if (!control || control[0] == 0) return 0;
    return control[1] == CHANGES || control[1] == LATER || (control[1] == ROOM && is_room) || (control[1] == FORCES && is_force);
}

static int fails_to_name(void) {
    return fails(0, 0) || (control && control[0] && control[1] == NAMES);
}

static void wait_if_slow(int fd) {
    if (control && control[0] && control[1] == SLOW && is_file_ours(fd)) usleep(1000 * control[0]);
}

static int failed(void) {
    errno = (int)control[0];
    return -1;
}

static int grows(int fd, long long end) {
    struct stat file;
    return fstat(fd, &file) == 0 && end > file.st_size;
}

static int is_new(const char *path) {
    return access(path, F_OK) != 0;
}

static int fails_to_open(const char *path, int flags) {
    int is_made = (flags & O_CREAT) && is_new(path);
    return (is_made || (flags & O_TRUNC)) && fails(is_made, 0) && is_ours(path);
}

static mode_t mode_of(int flags, va_list more) {
    return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    REAL(int, open, const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    return fails_to_open(path, flags) ? failed() : real(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    REAL(int, open64, const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    return fails_to_open(path, flags) ? failed() : real(path, flags, mode);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (fails(grows(fd, offset + (long long)length), 0) && is_file_ours(fd)) return failed();
    return real(fd, bytes, length, offset);
}

static int fails_to_append(int fd, long long length) {
    return fails(grows(fd, lseek(fd, 0, SEEK_CUR) + length), 0) && is_file_ours(fd);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (control && control[0] && fails_to_append(fd, length)) return failed();
    return real(fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (control && control[0] && fails_to_append(fd, 1)) return failed();
    return real(fd, parts, count);
}

int ftruncate64(int fd, off64_t length) {
    REAL(int, ftruncate64, int, off64_t);
    if (fails(grows(fd, length), 0) && is_file_ours(fd)) return failed();
    return real(fd, length);
}

int fsync(int fd) {
    REAL(int, fsync, int);
    wait_if_slow(fd);
    return fails(0, 1) && is_file_ours(fd) ? failed() : real(fd);
}

int fdatasync(int fd) {
    REAL(int, fdatasync, int);
    wait_if_slow(fd);
    return fails(0, 1) && is_file_ours(fd) ? failed() : real(fd);
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    return fails_to_name() && is_ours(to) ? failed() : real(from, to);
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    return fails_to_name() && is_ours(path) ? failed() : real(path);
}

int link(const char *from, const char *to) {
    REAL(int, link, const char *, const char *);
    return fails(1, 0) && is_ours(to) ? failed() : real(from, to);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    return fails(1, 0) && is_ours(path) ? failed() : real(path, mode);
}
