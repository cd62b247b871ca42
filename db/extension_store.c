#include "db/extension_store.h"

#include "db/change_set.h"
#include "db/day_column.h"
#include "db/extension_supersede.h"
#include "db/extension_units.h"
#include "db/market.h"
#include "planner/extension.h"

#include <jansson.h>
#include <stdlib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
G_DEFINE_QUARK(extension - store - error, extension_store_error)

/* What is extended, and by what already. */
typedef struct {
  gint64 release, organization, device; /* row ids; device 0: all that the organization has */
  char *release_name;                   /* "PUMP/1.0" */
  char *organization_code;
  char *serial; /* or NULL */
  gint64 units; /* of the device */
  gint64 holds; /* the extension of this scope, or 0 */
  Day eos;      /* as it was agreed, and … */
  Day until;    /* … the last day on which it holds */
  char *reference, *changed_at;
} Scope;

static void scope_clear(Scope *scope)
{
  g_free(scope->release_name);
  g_free(scope->organization_code);
  g_free(scope->serial);
  g_free(scope->reference);
  g_free(scope->changed_at);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scope, scope_clear)

/* Whom and what the request is for; there is always a row. */
static bool load_facts(Db *db, const ExtensionRequest *request, Scope *scope, ExtensionFacts *ret_facts,
                       GError **error)
{
  static const DbQuery query = {
    "SELECT p.code || '/' || r.name, o.code, o.role IN ('hospital', 'clinic', 'lessor'),"
    " (SELECT h.count FROM holding h WHERE h.release = r.id AND h.organization = o.id AND h.ended_on IS NULL"
    "  AND h.role = CASE o.role WHEN 'lessor' THEN 'owner' ELSE 'user' END),"
    " s.id IS NOT NULL, s.eos, (SELECT x.until FROM extension x WHERE x.release = r.id AND x.organization ="
    "  o.id AND x.device IS NULL AND x.until IS NOT NULL)"
    " FROM release r JOIN product p ON p.id = r.product JOIN organization o ON o.id = $2"
    " LEFT JOIN support_plan s ON s.release = r.id AND s.state = 'published' AND " MARKET_CONCERNS_SQL(
        "r.id", "s.market", "o.id") " WHERE r.id = $1"
  };
  ExtensionFacts facts = { .of_device = request->serial != NULL };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, request->release);
  db_bind_int(statement, 2, request->organization);
  if (!db_step(statement, &row, error))
    return false;
  g_assert(row);
  scope->release_name = db_dup_text(statement, 0);
  scope->organization_code = db_dup_text(statement, 1);
  facts.customer = db_int(statement, 2) != 0;
  facts.held = db_int(statement, 3);
  facts.published = db_int(statement, 4) != 0;
  if (!plan_date_from_store(db_text(statement, 5), &facts.eos))
    facts.eos = (PlanDate){ 0 };
  facts.organization = day_column_read(statement, 6);
  db_reset(statement);
  *ret_facts = facts;
  return true;
}

/* The customer's device of that serial and release; scope->device stays 0 when it has none. */
static bool find_device(Db *db, const AuditContext *context, const ExtensionRequest *request, Scope *scope,
                        GError **error)
{
  static const DbQuery query = {
    "SELECT d.id, d.serial, d.quantity FROM organization o"
    " JOIN device d ON d.serial_key = $4 AND (d.release = $1 OR d.software_release"
    " = $1) AND" EXTENSION_UNITS_THEIRS " WHERE o.id = $3 ORDER BY d.id"
  };
  char today[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, request->release);
  db_bind_text(statement, 2, day_format(context->today, today));
  db_bind_int(statement, 3, request->organization);
  db_bind_text(statement, 4, request->serial_key);
  if (!db_step(statement, &row, error))
    return false;
  if (row) {
    scope->device = db_int(statement, 0);
    scope->serial = db_dup_text(statement, 1);
    scope->units = db_int(statement, 2);
  }
  db_reset(statement);
  return true;
}

/* What holds for the scope now. */
static bool find_holding_one(Db *db, Scope *scope, GError **error)
{
  static const DbQuery query = {
    "SELECT id, eos, until, reference, changed_at FROM extension WHERE release = $1"
    " AND organization = $2 AND coalesce(device, 0) = $3 AND until IS NOT NULL"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, scope->release);
  db_bind_int(statement, 2, scope->organization);
  db_bind_int(statement, 3, scope->device);
  if (!db_step(statement, &row, error))
    return false;
  if (row) {
    scope->holds = db_int(statement, 0);
    scope->eos = day_column_read(statement, 1);
    scope->until = day_column_read(statement, 2);
    scope->reference = db_dup_text(statement, 3);
    scope->changed_at = db_dup_text(statement, 4);
  }
  db_reset(statement);
  return true;
}

static bool check(Db *db, const AuditContext *context, const ExtensionRequest *request, Scope *scope,
                  GError **error)
{
  char eos[DAY_TEXT_SIZE], day[DAY_TEXT_SIZE];
  ExtensionFacts facts;

  if (!load_facts(db, request, scope, &facts, error) ||
      (request->serial != NULL && !find_device(db, context, request, scope, error)))
    return false;
  facts.theirs = scope->device != 0;

  ExtensionVerdict verdict = extension_check(&facts, request->eos, context->today);

  if (verdict == EXTENSION_FINE)
    return true;
  g_set_error(error, EXTENSION_STORE_ERROR, EXTENSION_STORE_ERROR_REFUSED, "%s of %s%s%s to %s: %s%s%s%s",
              scope->release_name, scope->organization_code, request->serial != NULL ? ", device " : "",
              request->serial != NULL ? request->serial : "", day_format(request->eos, day),
              extension_verdict_text(verdict), verdict == EXTENSION_NOT_LATER ? " (EOS is " : "",
              verdict == EXTENSION_NOT_LATER ? day_format(facts.eos.day, eos) : "",
              verdict == EXTENSION_NOT_LATER ? ")" : "");
  return false;
}

/* {"extension", "until", "reference"}, or null for none. */
static json_t *extension_json(gint64 id, Day until, const char *reference)
{
  char day[DAY_TEXT_SIZE];

  if (id == 0)
    return json_null();
  return json_pack("{s:I, s:s, s:s?}", "extension", (json_int_t)id, "until", day_format(until, day),
                   "reference", reference);
}

/* Appends the audit row, takes out what is overtaken, and tells the feeds. `from` and `to` are taken over. */
static bool conclude(Db *db, const AuditContext *context, const char *action, const Scope *scope,
                     json_t *from, json_t *to, const char *reason, GError **error)
{
  g_autoptr(json_t) payload =
      json_pack("{s:s, s:s, s:s?, s:o, s:o, s:s}", "what", scope->release_name, "organization",
                scope->organization_code, "device", scope->serial, "from", from, "to", to, "why", reason);

  if (payload == NULL) {
    g_set_error(error, DB_ERROR, DB_ERROR_FAILED, "an extension of %s is not valid UTF-8",
                scope->release_name);
    return false;
  }
  char *text = json_dumps(payload, JSON_COMPACT);
  bool done = audit_append(db, context, action, text, error);

  free(text);
  return done && extension_supersede_messages(db, context, scope->release, scope->organization, error) &&
         change_set_bump(db, CHANGE_ORGANIZATION, scope->organization, error);
}

/* The next one takes its place. */
static bool replace(Db *db, const AuditContext *context, gint64 id, const char *reason, GError **error)
{
  static const DbQuery query = {
    "UPDATE extension SET until = NULL, ended_by = coalesce(ended_by, $2), ended_on = coalesce(ended_on, $3),"
    " ended_at = coalesce(ended_at, $4), ended_reason = CASE WHEN ended_on IS NULL THEN $5 ELSE ended_reason"
    " END WHERE id = $1"
  };
  char today[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, context->actor);
  db_bind_text(statement, 3, day_format(context->today, today));
  db_bind_text(statement, 4, context->now);
  db_bind_text(statement, 5, reason);
  return db_run(statement, error);
}

/* With the same day as the one before, nothing that the customer's events show has changed. */
static bool insert(Db *db, const AuditContext *context, const ExtensionRequest *request, const Scope *scope,
                   GError **error)
{
  static const DbQuery query = {
    "INSERT INTO extension (release, organization, device, eos, until, units, version, changed_at, reference,"
    " reason, created_by, created_on, created_at)"
    " VALUES ($1, $2, nullif($3, 0), $4, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
  };
  bool shows = scope->holds == 0 || scope->until != request->eos;
  char eos[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, scope->release);
  db_bind_int(statement, 2, scope->organization);
  db_bind_int(statement, 3, scope->device);
  db_bind_text(statement, 4, day_format(request->eos, eos));
  if (scope->device != 0)
    db_bind_int(statement, 5, scope->units);
  else
    db_bind_null(statement, 5);
  db_bind_int(statement, 6, shows);
  db_bind_text(statement, 7, shows ? context->now : scope->changed_at);
  db_bind_text(statement, 8, request->reference);
  db_bind_text(statement, 9, request->reason);
  db_bind_text(statement, 10, context->actor);
  db_bind_text(statement, 11, day_format(context->today, today));
  db_bind_text(statement, 12, context->now);
  return db_run(statement, error);
}

bool extension_store_set(Db *db, const AuditContext *context, const ExtensionRequest *request,
                         ExtensionResult *ret_result, GError **error)
{
  g_auto(Scope) scope = { .release = request->release, .organization = request->organization };

  if (!check(db, context, request, &scope, error) || !find_holding_one(db, &scope, error))
    return false;
  if (scope.holds != 0 && scope.until == request->eos &&
      g_strcmp0(scope.reference, request->reference) == 0) {
    *ret_result = (ExtensionResult){ .id = scope.holds, .same = true };
    return true;
  }
  if ((scope.holds != 0 && !replace(db, context, scope.holds, request->reason, error)) ||
      !insert(db, context, request, &scope, error))
    return false;

  gint64 id = db_last_id(db);

  if (!conclude(db, context, "extension.set", &scope,
                extension_json(scope.holds, scope.until, scope.reference),
                extension_json(id, request->eos, request->reference), request->reason, error))
    return false;
  *ret_result = (ExtensionResult){ .id = id, .replaced = scope.holds };
  return true;
}

/* The scope of extension `id`, which holds still. */
static bool load_to_end(Db *db, const AuditContext *context, gint64 id, Scope *scope, GError **error)
{
  static const DbQuery query = {
    "SELECT x.release, x.organization, coalesce(x.device, 0), p.code || '/' || r.name, o.code, d.serial,"
    " coalesce(x.units, 1), x.eos, x.until, x.reference, x.ended_on FROM extension x"
    " JOIN release r ON r.id = x.release JOIN product p ON p.id = r.product"
    " JOIN organization o ON o.id = x.organization LEFT JOIN device d ON d.id = x.device WHERE x.id = $1"
  };
  char text[DAY_TEXT_SIZE];
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  if (!row) {
    g_set_error(error, EXTENSION_STORE_ERROR, EXTENSION_STORE_ERROR_NONE,
                "no extension %" G_GINT64_FORMAT ": kigen extension list shows them", id);
    return false;
  }
  *scope = (Scope){ .release = db_int(statement, 0),
                    .organization = db_int(statement, 1),
                    .device = db_int(statement, 2),
                    .release_name = db_dup_text(statement, 3),
                    .organization_code = db_dup_text(statement, 4),
                    .serial = db_dup_text(statement, 5),
                    .units = db_int(statement, 6),
                    .holds = id,
                    .eos = day_column_read(statement, 7),
                    .until = day_column_read(statement, 8),
                    .reference = db_dup_text(statement, 9) };
  bool ended = !db_is_null(statement, 10);

  db_reset(statement);
  if (!ended && scope->until > context->today)
    return true;
  g_set_error(error, EXTENSION_STORE_ERROR, EXTENSION_STORE_ERROR_ENDED,
              ended ? "extension %" G_GINT64_FORMAT " was ended or replaced already"
                    : "extension %" G_GINT64_FORMAT " ends by itself on %s: there is nothing to end",
              id, scope->until != DAY_NONE ? day_format(scope->until, text) : "");
  return false;
}

bool extension_store_end(Db *db, const AuditContext *context, gint64 id, const char *reason, GError **error)
{
  static const DbQuery query = {
    "UPDATE extension SET until = $3, ended_by = $2, ended_on = $3, ended_at = $4, ended_reason = $5,"
    " version = version + $6, changed_at = CASE $6 WHEN 0 THEN changed_at ELSE $4 END WHERE id = $1"
  };
  g_auto(Scope) scope = { 0 };
  char today[DAY_TEXT_SIZE];
  DbStatement *statement;

  if (!load_to_end(db, context, id, &scope, error) || !db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  db_bind_text(statement, 2, context->actor);
  db_bind_text(statement, 3, day_format(context->today, today));
  db_bind_text(statement, 4, context->now);
  db_bind_text(statement, 5, reason);
  db_bind_int(statement, 6, scope.units > 0); /* a device that is not theirs shows nowhere */
  if (!db_run(statement, error))
    return false;
  return conclude(db, context, "extension.end", &scope, extension_json(id, scope.until, scope.reference),
                  extension_json(id, context->today, scope.reference), reason, error);
}
