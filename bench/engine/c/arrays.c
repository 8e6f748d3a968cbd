/* Array parameters for UNNEST. All but the run numbers is laid out once per batch size, so that the client costs next to nothing. */
#include "template.h"

#define ARRAY_HEADER 20

Arrays make_arrays(const Template *t, int runs) {
  Arrays a;
  for (int c = 0; c < t->columns; c++) {
    a.length[c] = (int)(ARRAY_HEADER + t->bytes[c] * (size_t)runs);
    char *to = a.data[c] = room((size_t)a.length[c]);
    to = put32(put32(put32(to, 1), 0), t->oid[c]); /* dimensions, has nulls, type */
    to = put32(put32(to, (uint32_t)(t->rows * runs)), 1); /* elements, lower bound */
    for (int run = 0; run < runs; run++, to += t->bytes[c]) memcpy(to, t->values[c], t->bytes[c]);
  }
  return a;
}

void number_arrays(const Template *t, Arrays *a, int runs, int64_t first) {
  char *to = a->data[RUN_COLUMN] + ARRAY_HEADER;
  for (int run = 0; run < runs; run++)
    for (int row = 0; row < t->rows; row++, to += 12) put_run(to + 4, first + run);
}
