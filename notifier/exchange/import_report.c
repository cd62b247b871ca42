#include "notifier/exchange/import_report.h"

static void free_problem(gpointer problem)
{
  import_problem_free(problem);
}

ImportReport *import_report_new(ImportKind kind, const char *path)
{
  ImportReport *report = g_new0(ImportReport, 1);

  report->kind = kind;
  report->file = g_path_get_basename(path);
  report->encoding = "utf-8";
  report->ignored_columns = g_ptr_array_new_with_free_func(g_free);
  report->problems = g_ptr_array_new_with_free_func(free_problem);
  return report;
}

void import_report_free(ImportReport *report)
{
  if (report == NULL)
    return;
  g_free(report->file);
  g_free(report->sha256);
  g_ptr_array_unref(report->ignored_columns);
  g_ptr_array_unref(report->problems);
  g_free(report);
}

void import_report_add(ImportReport *report, ImportProblem *problem)
{
  if (report->problems->len < IMPORT_REPORT_PROBLEMS) {
    g_ptr_array_add(report->problems, problem);
    return;
  }
  report->problems_left_out++;
  import_problem_free(problem);
}

/* 1234567 → "1,234,567" */
static char *grouped(gint64 n)
{
  g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, n);
  g_autoptr(GString) text = g_string_new(digits);

  for (gssize i = (gssize)text->len - 3; i > 0; i -= 3)
    g_string_insert_c(text, i, ',');
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void append_count(GString *text, const char *before, gint64 n, const char *word)
{
  g_autofree char *number = grouped(n);

  g_string_append_printf(text, "%s%s %s", before, number, word);
}

static const char *outcome(const ImportReport *report)
{
  if (report->refused > 0 && !report->stored && !report->dry_run)
    return "; nothing was stored: correct the rows above, or use --keep-going to store the others";
  if (report->dry_run)
    return "; dry run, nothing was stored";
  if (report->added == 0 && report->changed == 0)
    return "; nothing changed";
  return "; stored";
}

char *import_report_summary(const ImportReport *report)
{
  g_autoptr(GString) text = g_string_new(report->file);

  append_count(text, ": ", report->rows, report->rows == 1 ? "row: " : "rows: ");
  append_count(text, "", report->added, "new");
  append_count(text, ", ", report->changed, "changed");
  append_count(text, ", ", report->unchanged, "unchanged");
  if (report->refused > 0)
    append_count(text, ", ", report->refused, "refused");
  if (report->warnings > 0)
    append_count(text, ", ", report->warnings, report->warnings == 1 ? "warning" : "warnings");
  g_string_append(text, outcome(report));
  return g_string_free(g_steal_pointer(&text), FALSE);
}
