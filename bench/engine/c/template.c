/* See template.h. */
#include "template.h"
#include <stdio.h>
#include <stdlib.h>

static uint32_t next32(FILE *file) {
  char word[4];
  if (fread(word, 1, 4, file) != 4) fail("the template ends too early", "");
  return get32(word);
}

/* rows, columns, then per column: type, bytes of its values, values */
Template read_template(const char *name) {
  Template t = {0};
  FILE *file = fopen(name, "rb");
  if (!file) fail("cannot open the template", name);
  t.rows = (int)next32(file);
  t.columns = (int)next32(file);
  if (t.columns < 1 || t.columns > MAX_COLUMNS) fail("too many columns in", name);
  for (int c = 0; c < t.columns; c++) {
    t.oid[c] = next32(file);
    t.bytes[c] = next32(file);
    t.values[c] = room(t.bytes[c]);
    if (fread(t.values[c], 1, t.bytes[c], file) != t.bytes[c]) fail("the template ends too early", name);
  }
  fclose(file);
  return t;
}

void *room(size_t bytes) {
  void *found = malloc(bytes);
  if (!found) fail("out of memory", "");
  return found;
}

void fail(const char *what, const char *why) {
  fprintf(stderr, "raw: %s %s\n", what, why);
  exit(1);
}
