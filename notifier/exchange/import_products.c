#include "db/product_store.h"
#include "notifier/exchange/import_job.h"
#include "planner/limited_support.h"

static bool begin(ImportJob *job, GError **error)
{
  return true;
}

/* Who takes a product out of the scope of 基本要件基準12条3項 has to be able to say why. The reason may have
 * been there before, or have been taken away by this row. */
static bool check_scope(ImportJob *job, ImportRow *row, gint64 product, GError **error)
{
  bool out = false;
  g_autofree char *reason = NULL;

  if (!import_job_given(job, PRODUCT_ART12_3) && !import_job_given(job, PRODUCT_ART12_3_REASON))
    return true;
  if (!product_store_scope(job->db, product, &out, &reason, error))
    return false;
  if (out && !limited_support_doc_counts(reason))
    import_job_warn(job, row,
                    import_job_given(job, PRODUCT_ART12_3) ? PRODUCT_ART12_3 : PRODUCT_ART12_3_REASON,
                    "out of scope without a reason; say why in the column art12_3_reason");
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
  return check_scope(job, row, id, error);
}

const ImportHandler import_products_handler = { .scope = "plan", .begin = begin, .put = put };
