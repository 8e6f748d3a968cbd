/* The body of a binary COPY, laid out once per batch size like the arrays. */
#include "template.h"

Copy make_copy(const Template *t, int runs) {
  size_t bytes = 19 + 2;
  for (int c = 0; c < t->columns; c++) bytes += t->bytes[c] * (size_t)runs;
  Copy copy = { room(bytes + (size_t)(2 * t->rows * runs)), 0, room(sizeof(size_t) * (size_t)(t->rows * runs)) };
  char *to = copy.data;
  memcpy(to, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  to += 19;
  for (int run = 0; run < runs; run++) {
    const char *from[MAX_COLUMNS];
    memcpy(from, t->values, sizeof t->values);
    for (int row = 0; row < t->rows; row++) {
      *to++ = 0;
      *to++ = (char)t->columns;
      copy.at[run * t->rows + row] = (size_t)(to - copy.data) + 4;
      for (int c = 0; c < t->columns; c++) {
        size_t bytes_here = 4 + get32(from[c]);
        memcpy(to, from[c], bytes_here);
        to += bytes_here;
        from[c] += bytes_here;
      }
    }
  }
  memcpy(to, "\377\377", 2);
  copy.length = (int)(to + 2 - copy.data);
  return copy;
}

void number_copy(const Template *t, Copy *copy, int runs, int64_t first) {
  for (int i = 0; i < t->rows * runs; i++) put_run(copy->data + copy->at[i], first + i / t->rows);
}
