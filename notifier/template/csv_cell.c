#include "notifier/template/csv_cell.h"

#include <string.h>

void csv_cell_append(GString *csv, const char *text, bool is_first)
{
  bool is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
  bool quoted = strpbrk(text, "\",\r\n") != NULL;

  if (!is_first)
    g_string_append_c(csv, ',');
  if (quoted)
    g_string_append_c(csv, '"');
  if (is_formula)
    g_string_append_c(csv, '\'');
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '"')
      g_string_append_c(csv, '"');
    g_string_append_c(csv, *p);
  }
  if (quoted)
    g_string_append_c(csv, '"');
}
