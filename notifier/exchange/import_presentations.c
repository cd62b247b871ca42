/* Presentations: to which hospital a limited-support plan was handed over, posted or faxed, and when. */

#include "db/presentation_store.h"
#include "notifier/exchange/import_job.h"

static bool begin(ImportJob *job, GError **error)
{
  return lookup_new(job->db, true, true, &job->lookup, error);
}

/* What the row names; false when it was refused for it. */
static bool find(ImportJob *job, ImportRow *row, gint64 *ret_release, gint64 *ret_organization)
{
  const LookupEntry *product = import_job_product(job, row, PRESENTATIONS_PRODUCT);
  const LookupEntry *release = product == NULL ? NULL
                                               : import_job_release(job, row, PRESENTATIONS_RELEASE, product,
                                                                    row->value[PRESENTATIONS_PRODUCT]);
  const LookupEntry *organization = import_job_organization(job, row, PRESENTATIONS_ORGANIZATION);

  if (release == NULL || organization == NULL)
    return false;
  *ret_release = release->id;
  *ret_organization = organization->id;
  return import_job_once(job, row, PRESENTATIONS_ORGANIZATION, release->text, organization->text,
                         row->value[PRESENTATIONS_HOW], row->value[PRESENTATIONS_ON], NULL);
}

/* The plan that could be shown; *ret_found false when the row was refused for it. */
static bool find_plan(ImportJob *job, ImportRow *row, gint64 release, gint64 organization, Day day,
                      PresentationTarget *ret_target, bool *ret_found, GError **error)
{
  g_autoptr(GError) failed = NULL;

  *ret_found = presentation_store_find(job->db, release, organization, day, job->options->audit.today,
                                       ret_target, &failed);
  if (*ret_found)
    return true;
  if (failed->domain != PRESENTATION_STORE_ERROR) {
    g_propagate_error(error, g_steal_pointer(&failed));
    return false;
  }
  import_job_refuse(job, row, PRESENTATIONS_ON, NULL, "%s", failed->message);
  return true;
}

/* What the record is not worth. */
static void warn(ImportJob *job, ImportRow *row, const PresentationTarget *target, Day day)
{
  char due[DAY_TEXT_SIZE];

  if (!target->uses)
    import_job_warn(job, row, PRESENTATIONS_ORGANIZATION, "it has no unit of this release in use");
  else if (target->due != DAY_NONE && day > target->due && row->value[PRESENTATIONS_NOTE] == NULL)
    import_job_warn(job, row, PRESENTATIONS_ON, "it is late, after %s, and counts only with the reason: note",
                    day_format(target->due, due));
}

static bool put(ImportJob *job, ImportRow *row, GError **error)
{
  gint64 release, organization;
  PresentationTarget target;
  PresentationWay way;
  UpsertResult result;
  bool found;
  Day day;

  if (!find(job, row, &release, &organization))
    return true;
  if (!day_parse(row->value[PRESENTATIONS_ON], &day) ||
      !presentation_way_parse(row->value[PRESENTATIONS_HOW], false, &way))
    g_assert_not_reached(); /* values_day and values_word made them */
  if (!find_plan(job, row, release, organization, day, &target, &found, error))
    return false;
  if (!found)
    return true;
  warn(job, row, &target, day);
  if (!presentation_store_put(job->db, &job->options->audit, target.plan, organization, way, day,
                              row->value[PRESENTATIONS_NOTE], &result, error))
    return false;
  import_job_count(job, result);
  return true;
}

const ImportHandler import_presentations_handler = { .scope = "plan", .begin = begin, .put = put };
