#include "notifier/exchange/import_problem.h"

#include <string.h>

#define SHOWN_MAX 120 /* characters of a value worth showing */

/* The value as one line that a terminal can show: cut, control characters as spaces. */
static char *shown(const char *value)
{
  if (value == NULL)
    return NULL;
  bool cut = g_utf8_strlen(value, -1) > SHOWN_MAX;
  g_autofree char *head = cut ? g_utf8_substring(value, 0, SHOWN_MAX) : g_strdup(value);
  g_autoptr(GString) text = g_string_new(NULL);

  for (char *p = head; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    g_string_append_unichar(text, g_unichar_iscntrl(c) ? ' ' : c);
  }
  if (cut)
    g_string_append(text, "…");
  return g_string_free(g_steal_pointer(&text), FALSE);
}

ImportProblem *import_problem_new(guint line, const char *column, const char *value, const char *reason)
{
  ImportProblem *problem = g_new0(ImportProblem, 1);

  problem->line = line;
  problem->column = g_strdup(column);
  problem->value = shown(value);
  problem->reason = g_strdup(reason);
  return problem;
}

ImportProblem *import_problem_copy(const ImportProblem *problem)
{
  ImportProblem *copy = g_new0(ImportProblem, 1);

  *copy = *problem;
  copy->column = g_strdup(problem->column);
  copy->value = g_strdup(problem->value);
  copy->reason = g_strdup(problem->reason);
  return copy;
}

void import_problem_free(ImportProblem *problem)
{
  if (problem == NULL)
    return;
  g_free(problem->column);
  g_free(problem->value);
  g_free(problem->reason);
  g_free(problem);
}

char *import_problem_format(const ImportProblem *problem, const char *file)
{
  g_autoptr(GString) text = g_string_new(NULL);

  g_string_append_printf(text, "%s:%u: ", file, problem->line);
  if (problem->warning)
    g_string_append(text, "warning: ");
  if (problem->rule != NULL)
    g_string_append_printf(text, "%s: ", problem->rule);
  if (problem->column != NULL)
    g_string_append(text, problem->column);
  if (problem->value != NULL && problem->value[0] != '\0')
    g_string_append_printf(text, "%s\"%s\"", problem->column != NULL ? " " : "", problem->value);
  if (problem->column != NULL || (problem->value != NULL && problem->value[0] != '\0'))
    g_string_append(text, ": ");
  g_string_append(text, problem->reason);
  return g_string_free(g_steal_pointer(&text), FALSE);
}
