/* raw <unnest|copy> <statement> <connections> <runs a batch> <seconds> <warm-up seconds> <template> <first run> <runs a connection>
 * Rows per second that libpq gets into a table: each connection is a process with one batch in flight, each batch a
 * transaction. The address comes as DURABENCH_RAW_URL, since it holds a password. Prints one line: rows and seconds. */
#include "template.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void expect(PGconn *db, PGresult *result, ExecStatusType status) {
  if (PQresultStatus(result) != status) fail("the store refused:", PQerrorMessage(db));
  PQclear(result);
}

static void unnest(PGconn *db, const Template *t, const Arrays *a) {
  int formats[MAX_COLUMNS];
  for (int c = 0; c < t->columns; c++) formats[c] = 1;
  expect(db, PQexecPrepared(db, "batch", t->columns, (const char *const *)a->data, a->length, formats, 1), PGRES_COMMAND_OK);
}

static void copy_in(PGconn *db, const char *statement, const Copy *copy) {
  expect(db, PQexec(db, statement), PGRES_COPY_IN);
  if (PQputCopyData(db, copy->data, copy->length) != 1 || PQputCopyEnd(db, NULL) != 1) fail("COPY broke:", PQerrorMessage(db));
  expect(db, PQgetResult(db), PGRES_COMMAND_OK);
  while (PQgetResult(db)) continue;
}

/* One connection: batches until the window is over; counts those that ended within it. */
static long work(int copying, const char *statement, int runs, double begin, double end, const Template *t, int64_t first, int64_t last) {
  PGconn *db = PQconnectdb(getenv("DURABENCH_RAW_URL"));
  if (PQstatus(db) != CONNECTION_OK) fail("no connection:", PQerrorMessage(db));
  Arrays arrays = {0};
  Copy copy = {0};
  if (copying) copy = make_copy(t, runs);
  else {
    arrays = make_arrays(t, runs);
    expect(db, PQprepare(db, "batch", statement, 0, NULL), PGRES_COMMAND_OK);
  }
  long rows = 0;
  for (int64_t run = first; ; run += runs) {
    if (run + runs > last) fail("ran out of partitions;", "use a shorter window");
    if (copying) {
      number_copy(t, &copy, runs, run);
      copy_in(db, statement, &copy);
    } else {
      number_arrays(t, &arrays, runs, run);
      unnest(db, t, &arrays);
    }
    double at = now();
    if (at >= end) break;
    if (at >= begin) rows += (long)runs * t->rows;
  }
  PQfinish(db);
  return rows;
}

int main(int argc, char **argv) {
  if (argc != 10) fail("expected nine arguments:", "mode statement connections runs seconds warmup template first each");
  int copying = strcmp(argv[1], "copy") == 0, connections = atoi(argv[3]), runs = atoi(argv[4]);
  double seconds = atof(argv[5]), begin = now() + atof(argv[6]), end = begin + seconds;
  Template t = read_template(argv[7]);
  int64_t first = atoll(argv[8]), each = atoll(argv[9]);
  int results[2];
  if (pipe(results) != 0) fail("no pipe", "");
  for (int i = 0; i < connections; i++) {
    if (fork() != 0) continue;
    long rows = work(copying, argv[2], runs, begin, end, &t, first + i * each, first + (i + 1) * each);
    _exit(write(results[1], &rows, sizeof rows) == sizeof rows ? 0 : 1);
  }
  long all = 0;
  for (int i = 0; i < connections; i++) {
    int status;
    wait(&status);
    if (status != 0) fail("a connection failed", "");
  }
  for (int i = 0; i < connections; i++) {
    long rows;
    if (read(results[0], &rows, sizeof rows) != sizeof rows) fail("a connection told nothing", "");
    all += rows;
  }
  printf("rows %ld seconds %.6f\n", all, seconds);
  return 0;
}
