#include "tests/exchange/importing.h"

ImportOptions importing_options(void)
{
  return (ImportOptions){
    .audit = { .actor = "test", .today = day_from_ymd(2026, 4, 1), .now = "2026-04-01T00:00:00Z" },
  };
}

static bool run(Db *db, ImportKind kind, const char *csv, gssize size, const ImportOptions *options,
                ImportReport **ret_report, GError **error)
{
  ImportOptions usual = importing_options();
  g_autofree char *name = g_strconcat(import_kind_key(kind), ".csv", NULL);
  g_autofree char *path = temp_write(name, csv, size);

  return import_run(db, kind, path, options != NULL ? options : &usual, ret_report, error);
}

ImportReport *importing(Db *db, ImportKind kind, const char *csv, const ImportOptions *options)
{
  ImportReport *report = NULL;

  assert_done(run(db, kind, csv, -1, options, &report, ERR));
  return report;
}

void importing_all(Db *db, ImportKind kind, const char *csv)
{
  g_autoptr(ImportReport) report = importing(db, kind, csv, NULL);
  g_autofree char *problems = importing_problems(report);

  ck_assert_msg(report->stored && report->refused == 0, "%s", problems);
}

GError *importing_fails(Db *db, ImportKind kind, const char *csv, gssize size, const ImportOptions *options)
{
  ImportReport *report = NULL;
  GError *error = NULL;

  ck_assert_msg(!run(db, kind, csv, size, options, &report, &error), "taken: %s", csv);
  ck_assert_ptr_null(report);
  ck_assert_ptr_nonnull(error);
  return error;
}

char *importing_problems(const ImportReport *report)
{
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < report->problems->len; i++) {
    g_autofree char *line = import_problem_format(g_ptr_array_index(report->problems, i), report->file);

    g_string_append_printf(text, "%s\n", line);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}
