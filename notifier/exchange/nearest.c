#include "notifier/exchange/nearest.h"

#include <string.h>

#define LONGEST 64 /* letters; longer words are compared by their beginning */

struct Nearest {
  gunichar word[LONGEST];
  guint length;
  guint best; /* distance of `found`; a better one must be smaller */
  const char *found;
};

static guint letters(const char *text, gunichar ret_letters[static LONGEST])
{
  g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
  g_autofree char *folded = g_utf8_casefold(normal, -1);
  guint n = 0;

  for (char *p = folded; *p != '\0' && n < LONGEST; p = g_utf8_next_char(p))
    ret_letters[n++] = g_utf8_get_char(p);
  return n;
}

Nearest *nearest_new(const char *word)
{
  Nearest *nearest = g_new0(Nearest, 1);

  nearest->length = letters(word, nearest->word);
  nearest->best = MAX(nearest->length / 3, 1) + 1;
  return nearest;
}

void nearest_free(Nearest *nearest)
{
  g_free(nearest);
}

/* Letters to insert, remove, change or swap with their neighbour (optimal string alignment). */
static guint distance(const gunichar *a, guint a_length, const gunichar *b, guint b_length)
{
  guint rows[3][LONGEST + 1];
  guint *before = rows[0], *last = rows[1], *row = rows[2];

  for (guint j = 0; j <= b_length; j++)
    last[j] = j;
  for (guint i = 1; i <= a_length; i++) {
    row[0] = i;
    for (guint j = 1; j <= b_length; j++) {
      guint change = last[j - 1] + (a[i - 1] != b[j - 1]);

      row[j] = MIN(MIN(last[j], row[j - 1]) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = MIN(row[j], before[j - 2] + 1);
    }
    guint *oldest = before;

    before = last;
    last = row;
    row = oldest;
  }
  return last[b_length];
}

void nearest_consider(Nearest *nearest, const char *candidate)
{
  gunichar word[LONGEST];
  guint length = letters(candidate, word);
  guint shortest = MAX(length, nearest->length) - MIN(length, nearest->length);

  if (shortest > nearest->best)
    return;
  guint d = distance(nearest->word, nearest->length, word, length);

  if (d < nearest->best ||
      (d == nearest->best && nearest->found != NULL && strcmp(candidate, nearest->found) < 0)) {
    nearest->best = d;
    nearest->found = candidate;
  }
}

const char *nearest_found(const Nearest *nearest)
{
  return nearest->found;
}
