/*
 * Preloaded into a server, makes the time of day what a test sets it to. PRELOADED_CONTROL names a file that begins with
 * eight bytes, the nanoseconds to be added. Monotonic clocks stay as they are, as on a machine whose clock is set.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile long long *added;

__attribute__((constructor)) static void open_file(void) {
    const char *path = getenv("PRELOADED_CONTROL");
    int file = path ? open(path, O_RDONLY) : -1;
    void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof(long long), PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) _exit(97);
    added = mapped;
    close(file);
}

static long long now(void) {
    static int (*real)(clockid_t, struct timespec *);
    struct timespec time;
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    real(CLOCK_REALTIME, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec + (added ? *added : 0);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE) return real(clock, time);
    long long nanos = now();
    time->tv_sec = nanos / 1000000000LL;
    time->tv_nsec = nanos % 1000000000LL;
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    long long nanos = now();
    time->tv_sec = nanos / 1000000000LL;
    time->tv_usec = nanos % 1000000000LL / 1000;
    return 0;
}

time_t time(time_t *to) {
    time_t seconds = now() / 1000000000LL;
    if (to) *to = seconds;
    return seconds;
}
