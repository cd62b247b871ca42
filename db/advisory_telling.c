#include "db/advisory_telling.h"

#include "db/advisory_audience.h"
#include "db/advisory_supersede.h"
#include "db/contact_reach.h"
#include "db/notice_address.h"

/* The kind of notice: $2, or NULL for the advisory's own. */
#define KIND "coalesce($2, v.kind)"

static bool put_notice(Db *db, const AuditContext *context, gint64 advisory, const char *kind, GError **error)
{
  static const DbQuery query = { "INSERT INTO notice (kind, advisory, due_on, created_at)"
                                 " SELECT " KIND ", v.id, $3, $4 FROM advisory v WHERE v.id = $1"
                                 " ON CONFLICT DO NOTHING" };
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, advisory);
  db_bind_text(statement, 2, kind);
  db_bind_text(statement, 3, day_format(context->today, day));
  db_bind_text(statement, 4, context->now);
  return db_run(statement, error);
}

/* The notice's id, and what its messages are known by (own strings). */
static bool find_notice(Db *db, gint64 advisory, const char *kind, gint64 *ret_notice, char **ret_prefix,
                        char **ret_suffix, GError **error)
{
  static const DbQuery query = {
    "SELECT n.id, 'n' || n.id || '.a' || v.revision || '.c', '@' || (SELECT uid_domain FROM setting)"
    " FROM advisory v JOIN notice n ON n.advisory = v.id AND n.kind = " KIND " WHERE v.id = $1"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, advisory);
  db_bind_text(statement, 2, kind);
  if (!db_step(statement, &row, error))
    return false;
  g_assert(row); /* put_notice has seen to it */
  *ret_notice = db_int(statement, 0);
  *ret_prefix = db_dup_text(statement, 1);
  *ret_suffix = db_dup_text(statement, 2);
  db_reset(statement);
  return true;
}

/* Makes the notice, and messages for `which`; `kind` NULL: the advisory's own. */
static bool tell(Db *db, const AuditContext *context, gint64 advisory, const char *kind,
                 AdvisoryAudience which, AdvisoryTelling *telling, GError **error)
{
  g_autofree char *prefix = NULL;
  g_autofree char *suffix = NULL;
  NoticeAddress address = { 0 };
  char due[DAY_TEXT_SIZE];

  if (!put_notice(db, context, advisory, kind, error) ||
      !find_notice(db, advisory, kind, &address.notice, &prefix, &suffix, error) ||
      !advisory_audience_fill(db, advisory, which, context->today, &telling->organizations, error))
    return false;
  address.due = day_format(context->today, due);
  address.prefix = prefix;
  address.suffix = suffix;
  return notice_address_audience(db, context, &address, telling->organizations, &telling->messages, error);
}

bool advisory_telling_make(Db *db, const AuditContext *context, gint64 advisory, AdvisoryTelling *ret_telling,
                           GError **error)
{
  AdvisoryTelling telling = { 0 };

  if (!advisory_audience_remember_told(db, advisory, &telling.corrected, error) ||
      !advisory_supersede_messages(db, context, advisory, error) ||
      !tell(db, context, advisory, NULL, ADVISORY_AUDIENCE_PUBLISHED, &telling, error))
    return false;
  *ret_telling = telling;
  return true;
}

bool advisory_telling_make_withdrawal(Db *db, const AuditContext *context, gint64 advisory,
                                      AdvisoryTelling *ret_telling, GError **error)
{
  AdvisoryTelling telling = { 0 };

  if (!advisory_audience_remember_told(db, advisory, &telling.corrected, error) ||
      !advisory_supersede_messages(db, context, advisory, error) ||
      !tell(db, context, advisory, notice_kind_key(NOTICE_WITHDRAWAL), ADVISORY_AUDIENCE_TOLD, &telling,
            error))
    return false;
  *ret_telling = telling;
  return true;
}

bool advisory_telling_make_newcomers(Db *db, const AuditContext *context, gint64 advisory,
                                     AdvisoryTelling *ret_telling, GError **error)
{
  AdvisoryTelling telling = { 0 };

  if (!tell(db, context, advisory, NULL, ADVISORY_AUDIENCE_NEWCOMERS, &telling, error))
    return false;
  *ret_telling = telling;
  return true;
}

bool advisory_telling_count_newcomers(Db *db, gint64 advisory, gint64 *ret_organizations, GError **error)
{
  static const DbQuery query = { "SELECT count(DISTINCT h.organization)" ADVISORY_HOLDERS(
      "$1") " AND hv.state = 'published' AND NOT EXISTS (SELECT 1 FROM notice n JOIN outbox_notice x"
            "   ON x.notice = n.id AND x.organization = h.organization WHERE n.advisory = $1)" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, advisory);
  if (!db_step(statement, &row, error))
    return false;
  *ret_organizations = db_int(statement, 0);
  db_reset(statement);
  return true;
}

bool advisory_telling_with_newcomers(Db *db, GArray **ret_advisories, GError **error)
{
  static const DbQuery query = {
    "SELECT v.id FROM advisory v WHERE v.state = 'published' AND EXISTS (SELECT 1" ADVISORY_HOLDERS(
        "v.id") " AND NOT EXISTS (SELECT 1 FROM notice n JOIN outbox_notice x ON x.notice = n.id"
                "   AND x.organization = h.organization WHERE n.advisory = v.id)) ORDER BY v.id"
  };
  g_autoptr(GArray) advisories = g_array_new(FALSE, FALSE, sizeof(gint64));
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error))
    return false;
  while (row) {
    gint64 id = db_int(statement, 0);

    g_array_append_val(advisories, id);
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_advisories = g_steal_pointer(&advisories);
  return true;
}

void advisory_recipient_free(AdvisoryRecipient *recipient)
{
  if (recipient == NULL)
    return;
  g_free(recipient->code);
  g_free(recipient->name_ja);
  g_free(recipient->role);
  g_free(recipient->contact);
  g_free(recipient->channel);
  g_free(recipient->language);
  g_free(recipient->email);
  g_free(recipient);
}

static AdvisoryRecipient *read_recipient(DbStatement *statement)
{
  AdvisoryRecipient *recipient = g_new0(AdvisoryRecipient, 1);

  recipient->organization = db_int(statement, 0);
  recipient->code = db_dup_text(statement, 1);
  recipient->name_ja = db_dup_text(statement, 2);
  recipient->role = db_dup_text(statement, 3);
  recipient->contact = db_dup_text(statement, 4);
  recipient->channel = db_dup_text(statement, 5);
  recipient->language = db_dup_text(statement, 6);
  recipient->email = db_dup_text(statement, 7);
  recipient->units = db_int(statement, 8);
  recipient->told = db_int(statement, 9) != 0;
  return recipient;
}

#define OWN_CONTACT CONTACT_OWN_SQL("o.id", "$2", "")
#define PARENTS_CONTACT CONTACT_ABOVE_SQL("o.id", "$2", "")
/* A correction counts whom older revisions told, a draft of a first one nobody. */
#define TOLD_BEFORE                                                                                          \
  "EXISTS (SELECT 1 FROM advisory v JOIN advisory b ON b.serial = v.serial AND b.revision < v.revision"      \
  " WHERE v.id = $1 AND " ADVISORY_TOLD_SQL("b.id", "o.id") ")"

bool advisory_telling_recipients(Db *db, gint64 advisory, Day today, GPtrArray **ret_recipients,
                                 GError **error)
{
  static const DbQuery query = {
    "WITH holder (organization, units) AS (SELECT r.organization, max(r.n) FROM (SELECT h.organization,"
    "   h.role, sum(h.count) AS n" ADVISORY_HOLDERS(
        "$1") " GROUP BY h.organization, h.role) r"
              "   GROUP BY r.organization),"
              " meant AS (SELECT o.id, o.code, o.name_ja, o.role, o.language, coalesce(k.units, 0) AS units,"
              "   " TOLD_BEFORE " AS told, coalesce(" OWN_CONTACT ", " PARENTS_CONTACT ") AS contact"
              "  FROM organization o LEFT JOIN holder k ON k.organization = o.id"
              "  WHERE k.organization IS NOT NULL OR " TOLD_BEFORE ")"
              " SELECT m.id, m.code, m.name_ja, m.role, c.name, coalesce(c.channel, 'letter'),"
              "   coalesce(c.language, m.language), c.email, m.units, m.told"
              " FROM meant m LEFT JOIN contact c ON c.id = m.contact ORDER BY m.role, m.code"
  };
  g_autoptr(GPtrArray) recipients = g_ptr_array_new_with_free_func((GDestroyNotify)advisory_recipient_free);
  DbStatement *statement;
  char day[DAY_TEXT_SIZE];
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, advisory);
  db_bind_text(statement, 2, day_format(today, day));
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(recipients, read_recipient(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_recipients = g_steal_pointer(&recipients);
  return true;
}
