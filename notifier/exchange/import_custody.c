#include <string.h>

#include "db/custody_store.h"
#include "db/device_store.h"
#include "db/holding_store.h"
#include "notifier/exchange/import_job.h"

static const char *const tables[] = { "device", "custody", NULL };

static bool begin(ImportJob *job, GError **error)
{
  return holding_store_begin(job->db, error) && lookup_new(job->db, true, true, &job->lookup, error);
}

static void check_term(ImportJob *job, ImportRow *row)
{
  const char *since = row->value[CUSTODY_SINCE], *until = row->value[CUSTODY_UNTIL];
  char today[DAY_TEXT_SIZE];

  day_format(job->options->audit.today, today);
  if (since != NULL && until != NULL && strcmp(since, until) > 0)
    import_job_refuse(job, row, CUSTODY_UNTIL, NULL, "before since, %s; correct one of the two", since);
  else if (since != NULL && until == NULL && strcmp(since, today) > 0 &&
           strcmp(row->value[CUSTODY_ROLE], "user") == 0)
    import_job_warn(
        job, row, CUSTODY_SINCE,
        "lies after today, %s: the device stays with its present user; import the row again on that "
        "day",
        today);
}

/* The device that the row names; 0 when the row was refused for it. */
static bool find_device(ImportJob *job, ImportRow *row, gint64 *ret_device, GError **error)
{
  const LookupEntry *product = import_job_product(job, row, CUSTODY_PRODUCT_CODE);
  const char *serial = row->value[CUSTODY_SERIAL];
  g_autofree char *key = values_serial_key(serial);
  const char *value[DEVICE_FIELDS] = { [DEVICE_SERIAL_KEY] = key != NULL ? key : serial };

  *ret_device = 0;
  if (product == NULL)
    return true;
  value[DEVICE_PRODUCT] = product->text;
  if (!device_store_find(job->db, value, ret_device, error))
    return false;
  if (*ret_device == 0)
    import_job_refuse(job, row, CUSTODY_SERIAL, NULL,
                      "no such device of product \"%s\"; import it with the devices first, or correct it",
                      row->value[CUSTODY_PRODUCT_CODE]);
  return true;
}

static bool put(ImportJob *job, ImportRow *row, GError **error)
{
  const char *value[CUSTODY_FIELDS];
  const LookupEntry *organization = import_job_organization(job, row, CUSTODY_ORGANIZATION);
  const char *since = row->value[CUSTODY_SINCE] != NULL ? row->value[CUSTODY_SINCE] : "";
  char device_text[24];
  gint64 device, id;
  UpsertResult result;

  if (!find_device(job, row, &device, error))
    return false;
  check_term(job, row);
  g_snprintf(device_text, sizeof device_text, "%" G_GINT64_FORMAT, device);
  if (!row->refused)
    import_job_once(job, row, CUSTODY_SERIAL, device_text, row->value[CUSTODY_ROLE], organization->text,
                    since, NULL);
  if (row->refused)
    return true;
  memcpy(value, row->value, sizeof value);
  value[CUSTODY_DEVICE] = device_text;
  value[CUSTODY_ORGANIZATION] = organization->text;
  if (!custody_store_put(job->db, &job->options->audit, value, job->map->given, &id, &result, error))
    return false;
  import_job_count(job, result);
  return true;
}

static bool finish(ImportJob *job, GError **error)
{
  return holding_store_refresh(job->db, &job->options->audit, &job->report->holdings_changed, error);
}

const ImportHandler import_custody_handler = {
  .scope = "installed-base",
  .tables = tables,
  .begin = begin,
  .put = put,
  .finish = finish,
};
