#include "db/product_store.h"
#include "notifier/exchange/import_job.h"

static bool begin(ImportJob *job, GError **error)
{
  return true;
}

static bool put(ImportJob *job, ImportRow *row, GError **error)
{
  UpsertResult result;
  gint64 id;

  if (!import_job_once(job, row, PRODUCT_CODE, row->value[PRODUCT_CODE], NULL))
    return true;
  if (!product_store_put(job->db, row->value, job->map->given, &id, &result, error))
    return false;
  import_job_count(job, result);
  return true;
}

const ImportHandler import_products_handler = { .scope = "plan", .begin = begin, .put = put };
