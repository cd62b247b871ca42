#include <string.h>

#include "db/device_store.h"
#include "db/holding_store.h"
#include "notifier/exchange/import_job.h"

/* What a row becomes: the store's fields, of which some are made here. */
typedef struct {
  const char *value[DEVICE_FIELDS];
  guint32 given;
  char *serial_key; /* own, or NULL: the serial itself is its key */
  char *lot_key;
  const LookupEntry *organization; /* NULL: no such column, or refused */
} Draft;

/* Holdings are made of what device and custody refer to. */
static const char *const tables[] = { "device", "custody", NULL };

static bool begin(ImportJob *job, GError **error)
{
  return lookup_new(job->db, true, true, &job->lookup, error) &&
         (job->first_load ? device_store_begin_load(job->db, error) : holding_store_begin(job->db, error));
}

static void find_software(ImportJob *job, ImportRow *row, const LookupEntry *product, Draft *draft)
{
  const char *code = row->value[DEVICES_SOFTWARE_PRODUCT];
  const LookupEntry *release;

  if (row->value[DEVICE_SOFTWARE_RELEASE] == NULL) {
    if (code != NULL)
      import_job_refuse(job, row, DEVICES_SOFTWARE_PRODUCT, NULL,
                        "without a software_release; name both or none");
    return;
  }
  if (code != NULL)
    product = import_job_product(job, row, DEVICES_SOFTWARE_PRODUCT);
  if (product == NULL)
    return;
  release = import_job_release(job, row, DEVICE_SOFTWARE_RELEASE, product,
                               code != NULL ? code : row->value[DEVICE_PRODUCT]);
  draft->value[DEVICE_SOFTWARE_RELEASE] = release != NULL ? release->text : NULL;
}

static void find_organization(ImportJob *job, ImportRow *row, Draft *draft)
{
  if (row->value[DEVICE_ORGANIZATION] != NULL)
    draft->organization = import_job_organization(job, row, DEVICE_ORGANIZATION);
  else if (import_job_given(job, DEVICE_ORGANIZATION))
    import_job_refuse(job, row, DEVICE_ORGANIZATION, NULL,
                      "empty; name the organization that uses the device");
  draft->value[DEVICE_ORGANIZATION] = draft->organization != NULL ? draft->organization->text : NULL;
}

static void find_references(ImportJob *job, ImportRow *row, Draft *draft)
{
  const LookupEntry *product = import_job_product(job, row, DEVICE_PRODUCT);
  const LookupEntry *release =
      product != NULL ? import_job_release(job, row, DEVICE_RELEASE, product, row->value[DEVICE_PRODUCT])
                      : NULL;

  draft->value[DEVICE_PRODUCT] = product != NULL ? product->text : NULL;
  draft->value[DEVICE_RELEASE] = release != NULL ? release->text : NULL;
  find_software(job, row, product, draft);
  find_organization(job, row, draft);
}

static void make_keys(ImportJob *job, ImportRow *row, Draft *draft)
{
  const char *serial = row->value[DEVICE_SERIAL], *lot = row->value[DEVICE_LOT];
  const char *quantity = row->value[DEVICE_QUANTITY];

  draft->serial_key = serial != NULL ? values_serial_key(serial) : NULL;
  draft->lot_key = lot != NULL ? values_serial_key(lot) : NULL;
  draft->value[DEVICE_SERIAL_KEY] = draft->serial_key != NULL ? draft->serial_key : serial;
  draft->value[DEVICE_LOT_KEY] = draft->lot_key != NULL ? draft->lot_key : lot;
  if (import_job_given(job, DEVICE_LOT))
    draft->given |= 1u << DEVICE_LOT_KEY;
  if (serial != NULL && quantity != NULL && strcmp(quantity, "1") != 0)
    import_job_refuse(job, row, DEVICE_QUANTITY, NULL,
                      "a serial is one unit; leave the quantity empty, or give a lot instead of a serial");
  if (serial == NULL && row->value[DEVICE_ORGANIZATION] == NULL && !row->refused)
    import_job_refuse(
        job, row, DEVICE_SERIAL, NULL,
        "a row without a serial needs the column organization: nothing else says which device it "
        "is");
}

/* A day of disposal says what a missing status does not. */
static void infer_status(ImportJob *job, ImportRow *row, Draft *draft)
{
  const char *disposed = row->value[DEVICE_DISPOSED_ON], *status = row->value[DEVICE_STATUS];
  char today[DAY_TEXT_SIZE];

  if (disposed == NULL || strcmp(disposed, day_format(job->options->audit.today, today)) > 0)
    return;
  if (status == NULL) {
    draft->value[DEVICE_STATUS] = "disposed";
    draft->given |= 1u << DEVICE_STATUS;
  } else if (strcmp(status, "disposed") != 0 && strcmp(status, "transferred") != 0) {
    import_job_warn(job, row, DEVICE_STATUS, "disposed_on is %s: is the status right?", disposed);
  }
}

/* Within a file a device stands once. The note is the organization, to say whether the rows contradict. */
static void check_once(ImportJob *job, ImportRow *row, const Draft *draft)
{
  const char *const *value = draft->value;
  bool serial = value[DEVICE_SERIAL_KEY] != NULL;
  const char *lot = value[DEVICE_LOT_KEY] != NULL ? value[DEVICE_LOT_KEY] : "";
  guint32 note = draft->organization != NULL ? (guint32)draft->organization->id : 0;
  char buffer[256];
  KeySeen seen;
  int size = serial ? g_snprintf(buffer, sizeof buffer, "serial/%s/%s", value[DEVICE_PRODUCT],
                                 value[DEVICE_SERIAL_KEY])
                    : g_snprintf(buffer, sizeof buffer, "lot/%s/%s/%s", value[DEVICE_RELEASE],
                                 value[DEVICE_ORGANIZATION], lot);

  if (size >= (int)sizeof buffer) {
    import_job_refuse(job, row, serial ? DEVICE_SERIAL : DEVICE_LOT, NULL,
                      "longer than any serial or lot; correct it");
  } else if (!key_set_add(job->seen, buffer, (gsize)size, (KeySeen){ row->line, note }, &seen)) {
    import_job_refuse(job, row, serial ? DEVICE_SERIAL : DEVICE_RELEASE, NULL,
                      "already on line %u with %s organization; one device, one row: remove one of the two%s",
                      seen.line, seen.note == note ? "the same" : "another",
                      serial ? "" : ", or give them different lots");
  }
}

/* A device that is new needs an organization; one that is known keeps its own. */
static bool check_new(ImportJob *job, ImportRow *row, const Draft *draft, GError **error)
{
  gint64 id = 0;

  if (draft->organization != NULL)
    return true;
  if (!job->first_load && !device_store_find(job->db, draft->value, &id, error))
    return false;
  if (id == 0)
    import_job_refuse(job, row, DEVICE_SERIAL, NULL,
                      "a new device needs the organization that uses it; add the column organization");
  return true;
}

static bool store(ImportJob *job, const Draft *draft, GError **error)
{
  UpsertResult result = UPSERT_ADDED;
  gint64 id;
  bool done = job->first_load ? device_store_add(job->db, draft->value, &id, error)
                              : device_store_put(job->db, &job->options->audit, draft->value, draft->given,
                                                 &id, &result, error);

  if (done)
    import_job_count(job, result);
  return done;
}

static bool put_draft(ImportJob *job, ImportRow *row, Draft *draft, GError **error)
{
  memcpy(draft->value, row->value, sizeof draft->value);
  draft->given = job->map->given;
  find_references(job, row, draft);
  make_keys(job, row, draft);
  infer_status(job, row, draft);
  if (!row->refused)
    check_once(job, row, draft);
  if (!row->refused && !check_new(job, row, draft, error))
    return false;
  return row->refused || store(job, draft, error);
}

static bool put(ImportJob *job, ImportRow *row, GError **error)
{
  Draft draft = { 0 };
  bool done = put_draft(job, row, &draft, error);

  g_free(draft.serial_key);
  g_free(draft.lot_key);
  return done;
}

static bool finish(ImportJob *job, GError **error)
{
  const AuditContext *context = &job->options->audit;
  gint64 *changed = &job->report->holdings_changed;

  if (!job->first_load)
    return holding_store_refresh(job->db, context, changed, error);
  return device_store_end_load(job->db, error) &&
         holding_store_refresh_all(job->db, context, changed, NULL, error);
}

const ImportHandler import_devices_handler = {
  .scope = "installed-base",
  .tables = tables,
  .is_first_load = device_store_is_empty,
  .begin = begin,
  .put = put,
  .finish = finish,
};
