// Stands between a program and the C library (LD_PRELOAD): its wall clock can be stepped, its fsync slowed down or made to fail, while
// it runs, by writing to a page that is mapped from a file. Monotonic clocks pass, as they do when an administrator sets the date.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/** As shim.ts writes and reads it. */
struct control {
  _Atomic int64_t step_us;
  _Atomic uint32_t fsync_delay_us;
  _Atomic uint32_t fsync_errno;
  /** Readings of a stepped clock, and calls that were slowed down or failed: what proves that the program met the fault. */
  _Atomic uint64_t clock_reads;
  _Atomic uint64_t fsyncs;
};

static struct control idle;
static struct control *control = &idle;
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void attach(void) {
  real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const char *path = getenv("DURABENCH_SHIM");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *page = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) control = page;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  int failed = real_clock_gettime == NULL ? (int)syscall(SYS_clock_gettime, clock, at) : real_clock_gettime(clock, at);
  if (failed || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return failed;
  int64_t step = control->step_us;
  if (step == 0) return 0;
  control->clock_reads++;
  int64_t ns = at->tv_nsec + (step % 1000000) * 1000;
  at->tv_sec += step / 1000000 + (ns < 0 ? -1 : ns / 1000000000);
  at->tv_nsec = ns < 0 ? ns + 1000000000 : ns % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *at) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
  if (at != NULL) *at = now.tv_sec;
  return now.tv_sec;
}

static int synced(long number, int file) {
  uint32_t delay = control->fsync_delay_us, error = control->fsync_errno;
  if (delay > 0 || error > 0) control->fsyncs++;
  if (delay > 0) usleep(delay);
  if (error == 0) return (int)syscall(number, file);
  errno = (int)error;
  return -1;
}

int fsync(int file) { return synced(SYS_fsync, file); }

int fdatasync(int file) { return synced(SYS_fdatasync, file); }
