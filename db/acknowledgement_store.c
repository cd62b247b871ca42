#include "db/acknowledgement_store.h"

#include "db/market.h"
#include "db/outbox_reach.h"

#include <jansson.h>
#include <stdlib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

void acknowledgement_free(Acknowledgement *acknowledgement)
{
  if (acknowledgement == NULL) {
    return;
  }
  g_free(acknowledgement->product);
  g_free(acknowledgement->release);
  g_free(acknowledgement->organization);
  g_free(acknowledgement->organization_name);
  g_free(acknowledgement->person);
  g_free(acknowledgement->title);
  g_free(acknowledgement->how);
  g_free(acknowledgement->note);
  g_free(acknowledgement->recorded_by);
  g_free(acknowledgement);
}

#define IN_FORCE                                                                                             \
  "support_plan f WHERE f.release = $1 AND f.state = 'published' AND " MARKET_CONCERNS_SQL("f.release",      \
                                                                                           "f.market", "$2")
/* How far message `o` is for sure: 2 it came to them, 1 it may have, and a customer who says so is believed;
 * 0 it did not (what failed, came back, or only waits). Of a request to a distributor only what was reported
 * back is sure: the distributor may have passed on the revision before. */
#define IN_HAND                                                                                              \
  "CASE WHEN " OUTBOX_REACHED_SQL(                                                                           \
      "o", "x") " THEN 2 WHEN o.state IN ('accepted', 'sent', 'handed', 'unknown', 'sending', 'printed')"    \
                " THEN 1 ELSE 0 END"
#define TOLD(revision)                                                                                       \
  "SELECT n.id, n.kind, n.due_on, " revision ", o.id, o.state, " IN_HAND " AS in_hand FROM "
/* A message that was overtaken before it went told nothing. */
#define ADDRESSED                                                                                            \
  " JOIN outbox_notice x ON x.notice = n.id AND x.organization = $2"                                         \
  " JOIN outbox o ON o.id = x.outbox AND o.state <> 'superseded'"
#define LATEST_FIRST " ORDER BY n.due_on DESC, n.id DESC, in_hand DESC, o.id DESC"

static const DbQuery concerned = { "SELECT 1 FROM " IN_FORCE };
static const DbQuery find[ACKNOWLEDGEMENT_KIND_COUNT] = {
  [ACKNOWLEDGEMENT_RECEIPT] = { TOLD(
      "s.revision") "support_plan s JOIN notice n ON n.plan = s.id" ADDRESSED
                    " WHERE s.id IN (SELECT f.id FROM " IN_FORCE
                    ") AND n.kind IN ('plan-announcement', 'plan-change')" LATEST_FIRST },
  [ACKNOWLEDGEMENT_TRANSFER] = { TOLD(
      "s.revision") "(SELECT f.market, f.eos FROM " IN_FORCE
                    ") now JOIN support_plan s ON s.release = $1 AND s.market = now.market"
                    " JOIN notice n ON n.plan = s.id AND n.kind IN ('eos-reminder', "
                    "'eos-reached')"
                    " AND (n.extended_eos <> '' OR s.eos = now.eos)" ADDRESSED LATEST_FIRST },
};

/* One row of TOLD. */
typedef struct {
  AcknowledgementNotice notice;
  gint64 message;
  OutboxState state;
  int in_hand;
} Told;

/* False: another program broke it. */
static bool read_told(DbStatement *statement, Told *told)
{
  *told = (Told){ .notice.notice = db_int(statement, 0),
                  .notice.revision = (int)db_int(statement, 3),
                  .message = db_int(statement, 4),
                  .in_hand = (int)db_int(statement, 6) };
  return notice_kind_parse(db_text(statement, 1), &told->notice.kind) &&
         day_parse(db_text(statement, 2), &told->notice.due_on) &&
         outbox_state_parse(db_text(statement, 5), &told->state);
}

/* What they have in hand, of the rows of `statement` (bound), the latest first; and how it stands with the
 * latest, where that is another. */
static bool choose(DbStatement *statement, AcknowledgementNotice *ret_notice, GError **error)
{
  Told latest = { 0 }, chosen = { 0 };
  bool row;

  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    Told told;

    if (read_told(statement, &told)) {
      latest = latest.message == 0 ? told : latest;
      chosen = told.in_hand > chosen.in_hand ? told : chosen;
    }
    if (!db_step(statement, &row, error))
      return false;
  }
  if (latest.notice.notice != chosen.notice.notice)
    chosen.notice.newer =
        (AcknowledgementNewer){ latest.message, latest.state, latest.notice.kind, latest.notice.revision };
  *ret_notice = chosen.notice;
  return true;
}

static bool is_concerned(Db *db, gint64 release, gint64 organization, bool *ret_concerned, GError **error)
{
  DbStatement *statement;

  if (!db_prepare(db, &concerned, &statement, error))
    return false;
  db_bind_int(statement, 1, release);
  db_bind_int(statement, 2, organization);
  if (!db_step(statement, ret_concerned, error))
    return false;
  db_reset(statement);
  return true;
}

bool acknowledgement_store_find(Db *db, gint64 release, gint64 organization, AcknowledgementKind kind,
                                AcknowledgementNotice *ret_notice, bool *ret_concerned, GError **error)
{
  DbStatement *statement;

  if (!is_concerned(db, release, organization, ret_concerned, error) ||
      !db_prepare(db, &find[kind], &statement, error))
    return false;
  db_bind_int(statement, 1, release);
  db_bind_int(statement, 2, organization);
  return choose(statement, ret_notice, error);
}

bool acknowledgement_store_find_advisory(Db *db, const char *number, gint64 organization,
                                         AcknowledgementNotice *ret_notice, GError **error)
{
  static const DbQuery query = { TOLD("v.revision") "advisory v JOIN notice n ON n.advisory = v.id" ADDRESSED
                                                    " WHERE v.number = $1" LATEST_FIRST };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_text(statement, 1, number);
  db_bind_int(statement, 2, organization);
  return choose(statement, ret_notice, error);
}

#define COLUMNS                                                                                              \
  "SELECT a.id, a.kind, coalesce(p.code, v.number), r.name, g.code, g.name_ja, n.kind, n.due_on, a.by, "     \
  "a.title, a.how,"                                                                                          \
  " " ACKNOWLEDGEMENT_DAY_SQL(                                                                               \
      "a") ", a.note, a.recorded_by, coalesce(s.revision, v.revision) FROM acknowledgement a"                \
           " JOIN organization g ON g.id = a.organization JOIN notice n ON n.id = a.notice"                  \
           " LEFT JOIN support_plan s ON s.id = n.plan LEFT JOIN release r ON r.id = s.release"              \
           " LEFT JOIN product p ON p.id = r.product LEFT JOIN advisory v ON v.id = n.advisory"

static Acknowledgement *read_row(DbStatement *statement)
{
  Acknowledgement *row = g_new0(Acknowledgement, 1);

  row->id = db_int(statement, 0);
  row->product = db_dup_text(statement, 2);
  row->release = db_dup_text(statement, 3);
  row->organization = db_dup_text(statement, 4);
  row->organization_name = db_dup_text(statement, 5);
  row->person = db_dup_text(statement, 8);
  row->title = db_dup_text(statement, 9);
  row->how = db_dup_text(statement, 10);
  row->note = db_dup_text(statement, 12);
  row->recorded_by = db_dup_text(statement, 13);
  row->revision = (int)db_int(statement, 14);
  /* A CHECK holds each of them; what another program broke is shown as what it is next to. */
  if (!acknowledgement_kind_parse(db_text(statement, 1), &row->kind)) {
    row->kind = ACKNOWLEDGEMENT_RECEIPT;
  }
  if (!notice_kind_parse(db_text(statement, 6), &row->notice)) {
    row->notice = NOTICE_PLAN_ANNOUNCEMENT;
  }
  if (!day_parse(db_text(statement, 7), &row->notice_due_on)) {
    row->notice_due_on = DAY_NONE;
  }
  if (!day_parse(db_text(statement, 11), &row->day)) {
    row->day = DAY_NONE;
  }
  return row;
}

/* The first row of `statement` (bound), or NULL. */
static bool read_one(DbStatement *statement, Acknowledgement **ret_row, GError **error)
{
  bool row;

  if (!db_step(statement, &row, error)) {
    return false;
  }
  *ret_row = row ? read_row(statement) : NULL;
  db_reset(statement);
  return true;
}

bool acknowledgement_store_same(Db *db, gint64 notice, gint64 organization, AcknowledgementKind kind,
                                Acknowledgement **ret_same, GError **error)
{
  static const DbQuery queries[ACKNOWLEDGEMENT_KIND_COUNT] = {
    [ACKNOWLEDGEMENT_RECEIPT] = { COLUMNS
                                  " WHERE a.notice = $1 AND a.organization = $2 AND a.kind = 'receipt'" },
    [ACKNOWLEDGEMENT_TRANSFER] = { COLUMNS
                                   " WHERE a.organization = $2 AND a.kind = 'transfer' AND EXISTS (SELECT 1 "
                                   "FROM notice mine"
                                   " JOIN support_plan own ON own.id = mine.plan WHERE mine.id = $1 AND "
                                   "own.release = s.release"
                                   " AND own.market = s.market AND " ACKNOWLEDGEMENT_EOS_SQL(
                                       "mine",
                                       "own") " = " ACKNOWLEDGEMENT_EOS_SQL("n",
                                                                            "s") ") ORDER BY a.id LIMIT 1" },
  };
  DbStatement *statement;

  if (!db_prepare(db, &queries[kind], &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, notice);
  db_bind_int(statement, 2, organization);
  return read_one(statement, ret_same, error);
}

bool acknowledgement_store_load(Db *db, gint64 id, Acknowledgement **ret_acknowledgement, GError **error)
{
  static const DbQuery query = { COLUMNS " WHERE a.id = $1" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, id);
  return read_one(statement, ret_acknowledgement, error);
}

bool acknowledgement_store_of_message(Db *db, gint64 outbox, GPtrArray **ret_list, GError **error)
{
  static const DbQuery query = { COLUMNS
                                 " JOIN outbox_notice x ON x.notice = a.notice"
                                 " AND x.organization = a.organization WHERE x.outbox = $1 ORDER BY a.id" };
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)acknowledgement_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, outbox);
  if (!db_step(statement, &row, error)) {
    return false;
  }
  while (row) {
    g_ptr_array_add(list, read_row(statement));
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  *ret_list = g_steal_pointer(&list);
  return true;
}

static json_t *text_or_null(const char *text)
{
  return text != NULL ? json_string(text) : json_null();
}

static bool append_audit(Db *db, const AuditContext *context, gint64 id, GError **error)
{
  g_autoptr(Acknowledgement) row = NULL;
  char day[DAY_TEXT_SIZE], due[DAY_TEXT_SIZE];

  if (!acknowledgement_store_load(db, id, &row, error)) {
    return false;
  }
  g_assert(row != NULL && row->day != DAY_NONE && row->notice_due_on != DAY_NONE);

  g_autofree char *what =
      row->release != NULL ? g_strconcat(row->product, "/", row->release, NULL) : g_strdup(row->product);
  g_autoptr(json_t) payload = json_pack(
      "{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:o}", "what", what, "organization", row->organization,
      "kind", acknowledgement_kind_key(row->kind), "notice", notice_kind_key(row->notice), "due_on",
      day_format(row->notice_due_on, due), "person", row->person, "title", text_or_null(row->title), "how",
      row->how, "day", day_format(row->day, day), "note", text_or_null(row->note));
  char *dumped = json_dumps(payload, JSON_PRESERVE_ORDER);
  bool done = audit_append(db, context, "acknowledgement.add", dumped, error);

  free(dumped);
  return done;
}

bool acknowledgement_store_add(Db *db, const AuditContext *context, const AcknowledgementEntry *entry,
                               gint64 *ret_id, GError **error)
{
  static const DbQuery query = {
    "INSERT INTO acknowledgement (notice, organization, kind, by, title, how, day, note, recorded_by, at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
  };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, entry->notice);
  db_bind_int(statement, 2, entry->organization);
  db_bind_text(statement, 3, acknowledgement_kind_key(entry->kind));
  db_bind_text(statement, 4, entry->person);
  db_bind_text(statement, 5, entry->title);
  db_bind_text(statement, 6, entry->how);
  db_bind_text(statement, 7, day_format(entry->day, day));
  db_bind_text(statement, 8, entry->note);
  db_bind_text(statement, 9, entry->by_itself ? NULL : context->actor);
  db_bind_text(statement, 10, context->now);
  if (!db_run(statement, error)) {
    return false;
  }

  gint64 id = db_last_id(db);

  if (!append_audit(db, context, id, error)) {
    return false;
  }
  *ret_id = id;
  return true;
}
