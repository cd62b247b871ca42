/* Reports of distributors: to which customer they passed a notice on, when, how and by whom. */

#include "db/handover_store.h"
#include "notifier/exchange/import_job.h"

static bool begin(ImportJob *job, GError **error)
{
  return lookup_new(job->db, false, true, &job->lookup, error);
}

/* False when the row was refused for it. */
static bool read_row(ImportJob *job, ImportRow *row, gint64 *ret_message, HandoverEntry *entry)
{
  const LookupEntry *customer = import_job_organization(job, row, RELAY_REPORTS_CUSTOMER);

  if (customer == NULL)
    return false;
  if (row->value[RELAY_REPORTS_HOW] == NULL) {
    import_job_refuse(job, row, RELAY_REPORTS_HOW, NULL,
                      "it is missing: post, hand, fax, mail, phone or other");
    return false;
  }
  *ret_message = g_ascii_strtoll(row->value[RELAY_REPORTS_MESSAGE], NULL, 10);
  *entry = (HandoverEntry){ .step = HANDOVER_RELAYED,
                            .organization = customer->id,
                            .how = row->value[RELAY_REPORTS_HOW],
                            .by = row->value[RELAY_REPORTS_BY],
                            .note = row->value[RELAY_REPORTS_NOTE] };
  if (!day_parse(row->value[RELAY_REPORTS_TOLD_ON], &entry->day))
    g_assert_not_reached(); /* values_day made it */
  return import_job_once(job, row, RELAY_REPORTS_CUSTOMER, row->value[RELAY_REPORTS_MESSAGE], customer->text,
                         NULL);
}

static bool put(ImportJob *job, ImportRow *row, GError **error)
{
  g_autoptr(GError) failed = NULL;
  HandoverEntry entry;
  UpsertResult result;
  gint64 message;

  if (row->value[RELAY_REPORTS_TOLD_ON] == NULL) {
    import_job_warn(job, row, RELAY_REPORTS_TOLD_ON, "not passed on yet: nothing is recorded");
    import_job_count(job, UPSERT_UNCHANGED);
    return true;
  }
  if (!read_row(job, row, &message, &entry))
    return true;
  if (handover_store_record(job->db, &job->options->audit, message, &entry, &result, &failed)) {
    import_job_count(job, result);
    return true;
  }
  if (failed->domain != HANDOVER_ERROR) {
    g_propagate_error(error, g_steal_pointer(&failed));
    return false;
  }
  import_job_refuse(job, row, RELAY_REPORTS_MESSAGE, NULL, "%s", failed->message);
  return true;
}

const ImportHandler import_relay_reports_handler = { .scope = "plan", .begin = begin, .put = put };
