#include "db/audit_fault.h"

#include <string.h>

#define SHIFT_MAX 100000 /* rows removed or inserted, with the rest renumbered, that are tried */

/* What the second reading found: places, 0 for nothing. */
typedef struct {
  gint64 whole;   /* the row that belongs in the fault's place */
  gint64 content; /* a row whose content gives the hash that stands there */
  gint64 payload; /* the row whose payload stands there */
  gint64 shift; /* by how much the rows from there on were renumbered: their former ids minus those of now */
} Trace;

static bool is(AuditField field, const guint8 expected[static AUDIT_HASH_SIZE])
{
  return field.size == AUDIT_HASH_SIZE && memcmp(field.data, expected, AUDIT_HASH_SIZE) == 0;
}

/* A row behind the faulty one tells what its own id was when it was appended. */
static gint64 find_shift(const AuditFault *fault, const AuditRow *next)
{
  guint8 hash[AUDIT_HASH_SIZE];

  for (gint64 n = 1; n <= SHIFT_MAX; n++) {
    gint64 shifts[] = { n, -n };

    for (gsize i = 0; i < G_N_ELEMENTS(shifts); i++) {
      audit_chain_hash(fault->hash, next->id + shifts[i], next, hash);
      if (is(next->hash, hash))
        return shifts[i];
    }
  }
  return 0;
}

static void look_at(const AuditFault *fault, gint64 place, const AuditRow *row, Trace *trace)
{
  guint8 hash[AUDIT_HASH_SIZE];

  if (fault->linked) {
    if (place != fault->place && is(row->digest, fault->payload))
      trace->payload = row->id;
    return;
  }
  audit_chain_hash(fault->previous, fault->place, row, hash);
  if (place != fault->place && is(row->hash, hash))
    trace->whole = row->id;
  else if (place != fault->place && memcmp(hash, fault->hash, sizeof hash) == 0)
    trace->content = row->id;
  if (place == fault->place + 1 && fault->id == fault->place)
    trace->shift = find_shift(fault, row);
}

static bool search(const AuditFault *fault, AuditReader *reader, Trace *trace, GError **error)
{
  AuditRow row;
  bool more;

  if (!reader->rewind(reader, error) || !reader->next(reader, &row, &more, error))
    return false;
  for (gint64 place = 1; more; place++) {
    look_at(fault, place, &row, trace);
    if (!reader->next(reader, &row, &more, error))
      return false;
  }
  return true;
}

static void say(AuditResult *result, AuditVerdict verdict, gint64 id, char *detail)
{
  result->verdict = verdict;
  result->id = id;
  g_free(result->detail);
  result->detail = detail;
}

#define N G_GINT64_FORMAT

static void say_payload(const AuditFault *fault, const Trace *trace, AuditResult *result)
{
  if (trace->payload != 0)
    say(result, AUDIT_REORDERED, fault->id,
        g_strdup_printf("row %" N " holds the payload of row %" N, fault->id, trace->payload));
  else
    say(result, AUDIT_EDITED, fault->id,
        g_strdup_printf("the payload of row %" N " was edited: it does not give the row's digest",
                        fault->id));
}

static void say_moved(const AuditFault *fault, const Trace *trace, AuditResult *result)
{
  if (trace->whole == fault->place)
    say(result, AUDIT_REORDERED, fault->place,
        g_strdup_printf("row %" N " stands behind row %" N, fault->place, fault->id));
  else if (trace->whole != 0)
    say(result, AUDIT_REORDERED, fault->place,
        g_strdup_printf("the row that was appended as row %" N " now stands as row %" N, fault->place,
                        trace->whole));
  else
    say(result, AUDIT_REORDERED, fault->place,
        g_strdup_printf("what was appended as row %" N " now stands in row %" N, fault->place,
                        trace->content));
}

static void say_shift(const AuditFault *fault, const Trace *trace, AuditResult *result)
{
  if (trace->shift > 0)
    say(result, AUDIT_REMOVED, fault->place,
        g_strdup_printf("%" N " row%s removed before row %" N ", and the rest renumbered: it was row %" N,
                        trace->shift, trace->shift == 1 ? " was" : "s were", fault->place,
                        fault->place + trace->shift));
  else
    say(result, AUDIT_INSERTED, fault->place,
        g_strdup_printf("%" N " row%s inserted before row %" N ", and the rest renumbered: it was row %" N,
                        -trace->shift, trace->shift == -1 ? " was" : "s were", fault->place,
                        fault->place + trace->shift));
}

static void say_gap(const AuditFault *fault, AuditResult *result)
{
  if (fault->id < fault->place)
    say(result, AUDIT_INSERTED, fault->id,
        g_strdup_printf("row %" N " stands where row %" N " belongs", fault->id, fault->place));
  else if (fault->id == fault->place + 1)
    say(result, AUDIT_REMOVED, fault->place, g_strdup_printf("row %" N " is missing", fault->place));
  else
    say(result, AUDIT_REMOVED, fault->place,
        g_strdup_printf("rows %" N " to %" N " are missing", fault->place, fault->id - 1));
}

bool audit_fault_explain(const AuditFault *fault, AuditReader *reader, AuditResult *ret_result,
                         GError **error)
{
  Trace trace = { 0 };

  if (!search(fault, reader, &trace, error))
    return false;
  ret_result->seen = fault->id;
  if (fault->linked)
    say_payload(fault, &trace, ret_result);
  else if (fault->id >= fault->place && (trace.whole != 0 || trace.content != 0))
    say_moved(fault, &trace, ret_result);
  else if (fault->id != fault->place)
    say_gap(fault, ret_result);
  else if (trace.shift != 0)
    say_shift(fault, &trace, ret_result);
  else
    say(ret_result, AUDIT_EDITED, fault->id,
        g_strdup_printf("row %" N " was edited: %s", fault->id,
                        fault->well_formed ? "its content and the row before do not give its hash"
                                           : "a field is missing or has another size"));
  return true;
}
