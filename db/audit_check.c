#include "db/audit_check.h"

#include "db/audit_fault.h"
#include "db/audit_log.h"

#include <sodium.h>
#include <string.h>

#define ROWS_BETWEEN_TICKS 8192

G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditReader, audit_log_reader_free)

const char *audit_verdict_key(AuditVerdict verdict)
{
  static const char *const keys[] = { "holds",     "edited",    "removed",  "inserted",
                                      "reordered", "truncated", "rewritten" };

  return keys[verdict];
}

void audit_result_clear(AuditResult *result)
{
  g_clear_pointer(&result->detail, g_free);
}

/* A walk down the chain. */
typedef struct {
  gint64 rows, erased;
  AuditPoint end;                   /* the last row */
  guint8 previous[AUDIT_HASH_SIZE]; /* the last row's hash, as long as all hold */
  bool broken;                      /* `fault` is the first row that does not hold */
  AuditFault fault;
  const AuditPoint *head;
  bool met; /* the head's row has the head's hash */
} Walk;

static bool is_well_formed(const AuditRow *row)
{
  bool paid = row->salt.data != NULL || row->payload.data != NULL;

  return row->version == 1 && row->at.data != NULL && row->day.data != NULL && row->action.data != NULL &&
         row->digest.size == AUDIT_HASH_SIZE && row->hash.size == AUDIT_HASH_SIZE &&
         (!paid || (row->salt.size == AUDIT_SALT_SIZE && row->payload.data != NULL));
}

static bool is(AuditField field, const guint8 expected[static AUDIT_HASH_SIZE])
{
  return memcmp(field.data, expected, AUDIT_HASH_SIZE) == 0;
}

/* Whether `row`, as row number `place`, follows what the walk has seen. Leaves in `fault` how far it does. */
static bool holds(Walk *walk, gint64 place, const AuditRow *row)
{
  AuditFault *fault = &walk->fault;
  guint8 hash[AUDIT_HASH_SIZE];

  fault->linked = false;
  fault->well_formed = is_well_formed(row);
  if (!fault->well_formed || row->id != place)
    return false;
  audit_chain_hash(walk->previous, place, row, hash);
  fault->linked = is(row->hash, hash);
  if (!fault->linked || row->payload.data == NULL)
    return fault->linked;
  audit_chain_digest(row->salt, row->payload, fault->payload);
  return is(row->digest, fault->payload);
}

static void note_fault(Walk *walk, const AuditRow *row)
{
  AuditFault *fault = &walk->fault;

  walk->broken = true;
  fault->place = walk->rows;
  fault->id = row->id;
  memcpy(fault->previous, walk->previous, AUDIT_HASH_SIZE);
  memset(fault->hash, 0, AUDIT_HASH_SIZE);
  if (row->hash.size == AUDIT_HASH_SIZE)
    memcpy(fault->hash, row->hash.data, AUDIT_HASH_SIZE);
}

static void take(Walk *walk, const AuditRow *row)
{
  walk->rows++;
  walk->erased += row->payload.data == NULL;
  if (!walk->broken && !holds(walk, walk->rows, row))
    note_fault(walk, row);
  if (!walk->broken)
    memcpy(walk->previous, row->hash.data, AUDIT_HASH_SIZE);
  walk->end.id = row->id;
  if (row->hash.size == AUDIT_HASH_SIZE)
    memcpy(walk->end.hash, row->hash.data, AUDIT_HASH_SIZE);
  if (walk->head != NULL && row->id == walk->head->id)
    walk->met = memcmp(walk->end.hash, walk->head->hash, AUDIT_HASH_SIZE) == 0;
}

static bool run(Walk *walk, AuditReader *reader, const DbProgress *progress, GError **error)
{
  AuditRow row;
  bool more;

  if (!reader->rewind(reader, error) || !reader->next(reader, &row, &more, error))
    return false;
  while (more) {
    take(walk, &row);
    if (progress != NULL && walk->rows % ROWS_BETWEEN_TICKS == 0)
      progress->tick(progress->data, walk->rows, 0);
    if (!reader->next(reader, &row, &more, error))
      return false;
  }
  return true;
}

/* The chain holds in itself; does it end at the head, or behind it? */
static void compare(const Walk *walk, AuditResult *result)
{
  gint64 head = walk->head->id;

  if (walk->met || head == 0)
    return;
  result->id = result->seen = MIN(head, walk->rows + 1);
  if (head > walk->rows) {
    result->verdict = AUDIT_TRUNCATED;
    result->detail =
        g_strdup_printf("the head names row %" G_GINT64_FORMAT ", the trail ends at row %" G_GINT64_FORMAT
                        ": what came behind was cut off",
                        head, walk->rows);
    return;
  }
  result->verdict = AUDIT_REWRITTEN;
  result->detail =
      g_strdup_printf("row %" G_GINT64_FORMAT " has another hash than the head names: this row or one "
                      "before it was rewritten, and the chain made anew",
                      head);
}

bool audit_check(AuditReader *reader, const AuditPoint *head, const DbProgress *progress,
                 AuditResult *ret_result, GError **error)
{
  Walk walk = { .head = head };
  AuditResult result = { 0 };

  g_assert(sodium_init() >= 0);
  if (!run(&walk, reader, progress, error))
    return false;
  result.rows = walk.rows;
  result.erased = walk.erased;
  result.end = walk.end;
  if (walk.broken && !audit_fault_explain(&walk.fault, reader, &result, error))
    return false;
  if (!walk.broken && head != NULL)
    compare(&walk, &result);
  *ret_result = result;
  return true;
}

bool audit_check_store(Db *db, const AuditPoint *head, const DbProgress *progress, AuditResult *ret_result,
                       GError **error)
{
  g_autoptr(AuditReader) reader = audit_log_reader_new(db);
  bool own = !db_in_transaction(db);

  if (own && !db_begin_read(db, error))
    return false;

  bool done = audit_check(reader, head, progress, ret_result, error);

  g_clear_pointer(&reader, audit_log_reader_free);
  if (own)
    db_end_read(db);
  return done;
}
