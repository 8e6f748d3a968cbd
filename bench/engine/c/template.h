/* The rows of one run, as PostgreSQL's binary format has them: read from a file that the harness wrote from a real run. */
#ifndef TEMPLATE_H
#define TEMPLATE_H
#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MAX_COLUMNS 16
#define RUN_COLUMN 0 /* the run's number, int8: the only value that differs from run to run */

typedef struct {
  int rows, columns;
  uint32_t oid[MAX_COLUMNS];
  /* Per column, its values of all rows, each as int32 length and bytes: what an array's body is made of. */
  char *values[MAX_COLUMNS];
  size_t bytes[MAX_COLUMNS];
} Template;

Template read_template(const char *file);

/* One array parameter per column, for `runs` runs. The run numbers are put in by number_arrays. */
typedef struct { char *data[MAX_COLUMNS]; int length[MAX_COLUMNS]; } Arrays;
Arrays make_arrays(const Template *, int runs);
void number_arrays(const Template *, Arrays *, int runs, int64_t first);

/* The body of a binary COPY, header and trailer included. */
typedef struct { char *data; int length; size_t *at; } Copy;
Copy make_copy(const Template *, int runs);
void number_copy(const Template *, Copy *, int runs, int64_t first);

static inline char *put32(char *to, uint32_t value) {
  value = htonl(value);
  memcpy(to, &value, 4);
  return to + 4;
}

static inline uint32_t get32(const char *from) {
  uint32_t value;
  memcpy(&value, from, 4);
  return ntohl(value);
}

static inline void put_run(char *to, int64_t run) {
  put32(put32(to, (uint32_t)(run >> 32)), (uint32_t)run);
}

void *room(size_t bytes);
void fail(const char *what, const char *why);
#endif
