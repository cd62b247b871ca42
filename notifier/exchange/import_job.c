#include "notifier/exchange/import_job.h"

#include <string.h>

#define SEARCHES_MAX 100 /* for a nearest candidate, in one import */

static void add(ImportJob *job, ImportRow *row, int target, const char *rule, bool warning,
                const char *reason)
{
  const char *column = target < 0 ? NULL : columns_target(job->map->columns, target)->name;
  const char *cell = target < 0 ? NULL : import_row_cell(row, job->map, target);
  ImportProblem *problem = import_problem_new(row->line, column, cell, reason);

  problem->rule = rule;
  problem->warning = warning;
  import_row_add(row, problem);
}

void import_job_refuse(ImportJob *job, ImportRow *row, int target, const char *rule, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *reason = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  add(job, row, target, rule, false, reason);
}

void import_job_warn(ImportJob *job, ImportRow *row, int target, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *reason = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  add(job, row, target, NULL, true, reason);
}

/* «…; is it "X"?» where there is something near. */
static void refuse_unknown(ImportJob *job, ImportRow *row, int target, const char *what, const char *near)
{
  if (near != NULL)
    import_job_refuse(job, row, target, NULL, "unknown %s; is it \"%s\"? If not, import it first", what,
                      near);
  else
    import_job_refuse(job, row, target, NULL, "unknown %s; import it first, or correct it", what);
}

static bool may_search(ImportJob *job)
{
  return job->searches++ < SEARCHES_MAX;
}

const LookupEntry *import_job_product(ImportJob *job, ImportRow *row, int target)
{
  const LookupEntry *entry = lookup_product(job->lookup, row->value[target]);

  if (entry == NULL)
    refuse_unknown(job, row, target, "product",
                   may_search(job) ? lookup_near_product(job->lookup, row->value[target]) : NULL);
  return entry;
}

const LookupEntry *import_job_release(ImportJob *job, ImportRow *row, int target, const LookupEntry *product,
                                      const char *product_code)
{
  const LookupEntry *entry = lookup_release(product, row->value[target]);
  g_autofree char *what = NULL;

  if (entry != NULL)
    return entry;
  what = g_strdup_printf("release of product \"%s\"", product_code);
  refuse_unknown(job, row, target, what,
                 may_search(job) ? lookup_near_release(product, row->value[target]) : NULL);
  return NULL;
}

const LookupEntry *import_job_organization(ImportJob *job, ImportRow *row, int target)
{
  const LookupEntry *entry = lookup_organization(job->lookup, row->value[target]);

  if (entry == NULL)
    refuse_unknown(job, row, target, "organization",
                   may_search(job) ? lookup_near_organization(job->lookup, row->value[target]) : NULL);
  return entry;
}

bool import_job_once(ImportJob *job, ImportRow *row, int target, const char *first, ...)
{
  g_autoptr(GString) key = g_string_new(NULL);
  KeySeen seen;
  va_list arguments;

  va_start(arguments, first);
  for (const char *part = first; part != NULL; part = va_arg(arguments, const char *))
    g_string_append_len(key, part, (gssize)strlen(part) + 1); /* with the NUL, which no part holds */
  va_end(arguments);
  if (key_set_add(job->seen, key->str, key->len, (KeySeen){ .line = row->line }, &seen))
    return true;
  import_job_refuse(job, row, target, NULL, "already on line %u; remove one of the two rows", seen.line);
  return false;
}

void import_job_count(ImportJob *job, UpsertResult result)
{
  switch (result) {
  case UPSERT_ADDED:
    job->report->added++;
    break;
  case UPSERT_CHANGED:
    job->report->changed++;
    break;
  case UPSERT_UNCHANGED:
    job->report->unchanged++;
    break;
  }
}

bool import_job_settle(ImportJob *job, const ImportRow *row, GError **error)
{
  const ImportOptions *options = job->options;

  if (row->problems == NULL)
    return true;
  for (guint i = 0; i < row->problems->len; i++) {
    const ImportProblem *problem = g_ptr_array_index(row->problems, i);

    job->report->warnings += problem->warning;
    if (options->on_problem != NULL)
      options->on_problem(problem, job->path, options->data);
    import_report_add(job->report, import_problem_copy(problem));
  }
  job->report->refused += row->refused;
  return !row->refused || job->rejects == NULL || rejects_add(job->rejects, row, error);
}

bool import_job_given(const ImportJob *job, int target)
{
  return (job->map->given & (1u << target)) != 0;
}
