#include "notifier/cli/suggest.h"

#include <string.h>

/* Optimal string alignment: three rows of the classic table. */
guint suggest_distance(const char *a, const char *b)
{
  size_t n = strlen(b);
  g_autofree guint *before = g_new0(guint, n + 1);
  g_autofree guint *previous = g_new0(guint, n + 1);
  g_autofree guint *row = g_new0(guint, n + 1);

  for (size_t j = 0; j <= n; j++)
    row[j] = (guint)j;
  for (size_t i = 1; a[i - 1] != '\0'; i++) {
    guint *spare = before;

    before = previous;
    previous = row;
    row = spare;
    row[0] = (guint)i;
    for (size_t j = 1; j <= n; j++) {
      guint cost = a[i - 1] != b[j - 1];

      row[j] = MIN(MIN(previous[j] + 1, row[j - 1] + 1), previous[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = MIN(row[j], before[j - 2] + 1);
    }
  }
  return row[n];
}

const char *suggest_nearest(const char *word, const char *const *known)
{
  const char *nearest = NULL;
  guint best = (guint)strlen(word) / 3 + 2; /* one wrong letter in a short word, a third of a long one */

  for (guint i = 0; known[i] != NULL; i++) {
    bool begins = strlen(word) >= 3 && g_str_has_prefix(known[i], word);
    guint distance = begins ? 1 : suggest_distance(word, known[i]);

    if (distance < best && distance < strlen(known[i])) {
      best = distance;
      nearest = known[i];
    }
  }
  return nearest;
}

char *suggest_hint(const char *word, const char *const *known)
{
  const char *nearest = suggest_nearest(word, known);
  g_autoptr(GString) all = g_string_new("known are: ");

  if (nearest != NULL)
    return g_strdup_printf("did you mean %s?", nearest);
  for (guint i = 0; known[i] != NULL; i++)
    g_string_append_printf(all, "%s%s", i > 0 ? ", " : "", known[i]);
  return g_strdup(all->str);
}
