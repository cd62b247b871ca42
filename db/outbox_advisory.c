#include "db/outbox_advisory.h"

#include "db/advisory_audience.h"

#include <string.h>

/* What read_notice reads, in this order: of organization o. */
#define ORGANIZATION_COLUMNS                                                                                 \
  "o.id, o.name_ja, o.name_en, CASE o.role WHEN 'lessor' THEN 'owner' WHEN 'distributor' THEN 'seller'"      \
  " WHEN 'repairer' THEN 'repairer' ELSE 'user' END"

/* Its organization; from column `first` on. */
static OutboxNotice *read_notice(DbStatement *statement, int first)
{
  OutboxNotice *notice = g_new0(OutboxNotice, 1);

  notice->extended_eos = DAY_NONE;
  notice->organization = db_int(statement, first);
  notice->organization_name_ja = db_dup_text(statement, first + 1);
  notice->organization_name_en = db_dup_text(statement, first + 2);
  notice->holding_role = db_dup_text(statement, first + 3);
  notice->devices = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_device_free);
  notice->parts = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_notice_free);
  return notice;
}

/* One release of the advisory, as the plan's notices have theirs. */
static OutboxNotice *read_part(DbStatement *statement, const OutboxNotice *notice)
{
  OutboxNotice *part = g_new0(OutboxNotice, 1);

  part->kind = notice->kind;
  part->extended_eos = DAY_NONE;
  part->organization = notice->organization;
  part->holding_role = g_strdup(notice->holding_role);
  part->devices = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_device_free);
  part->plan = g_new0(PlanRow, 1);
  part->plan->release = db_int(statement, 0);
  part->plan->name = db_dup_text(statement, 1);
  part->release_kind = db_dup_text(statement, 2);
  part->plan->product = db_dup_text(statement, 3);
  part->plan->product_name_ja = db_dup_text(statement, 4);
  part->plan->product_name_en = db_dup_text(statement, 5);
  part->plan->market = g_strdup("*");
  part->plan->dates = support_plan_new();
  part->generic_name = db_dup_text(statement, 6);
  part->jmdn = db_dup_text(statement, 7);
  part->device_class = db_dup_text(statement, 8);
  part->approval_no = db_dup_text(statement, 9);
  part->security_contact = db_dup_text(statement, 10);
  part->package_insert_url = db_dup_text(statement, 11);
  return part;
}

/* The releases of the advisory that the organization has something of now. */
static bool load_parts(Db *db, OutboxNotice *notice, GError **error)
{
  static const DbQuery query = {
    "SELECT r.id, r.name, r.kind, p.code, p.name_ja, p.name_en, p.generic_name, p.jmdn, p.class,"
    " p.approval_no, p.security_contact, p.package_insert_url FROM advisory_release w"
    " JOIN release r ON r.id = w.release JOIN product p ON p.id = r.product WHERE w.advisory = $1"
    " AND EXISTS (SELECT 1 FROM holding h WHERE h.release = r.id AND h.organization = $2"
    "   AND h.ended_on IS NULL) ORDER BY p.code, r.name"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, notice->advisory->id);
  db_bind_int(statement, 2, notice->organization);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(notice->parts, read_part(statement, notice));
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

/* The last older revision that the organization was told of. */
static bool load_before(Db *db, OutboxNotice *notice, GError **error)
{
  static const DbQuery query = {
    "SELECT b.id FROM advisory v JOIN advisory b ON b.serial = v.serial AND b.revision < v.revision"
    " AND b.published_on IS NOT NULL WHERE v.id = $1 AND " ADVISORY_TOLD_SQL(
        "b.id", "$2") " ORDER BY b.revision DESC LIMIT 1"
  };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, notice->advisory->id);
  db_bind_int(statement, 2, notice->organization);
  if (!db_step(statement, &row, error))
    return false;
  gint64 before = row ? db_int(statement, 0) : 0;

  db_reset(statement);
  return !row || advisory_store_load(db, before, &notice->advisory_before, error);
}

/* What the notice says, of advisory `id`. */
static bool load_content(Db *db, gint64 id, OutboxNotice *notice, GError **error)
{
  if (!advisory_store_load(db, id, &notice->advisory, error))
    return false;
  if (notice->advisory == NULL) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "outbox: there is no advisory %" G_GINT64_FORMAT, id);
    return false;
  }
  return load_before(db, notice, error) && load_parts(db, notice, error);
}

bool outbox_advisory_load(Db *db, OutboxLetter *letter, GError **error)
{
  static const DbQuery query = {
    "SELECT n.id, n.kind, v.id, v.state = 'published' OR n.kind = 'withdrawal',"
    " EXISTS (SELECT 1 FROM acknowledgement a WHERE a.notice = n.id AND a.organization = o.id"
    "  AND a.kind = 'receipt'), " ORGANIZATION_COLUMNS
    " FROM outbox_notice xn JOIN notice n ON n.id = xn.notice JOIN advisory v ON v.id = n.advisory"
    " JOIN organization o ON o.id = xn.organization WHERE xn.outbox = $1"
    " ORDER BY CASE n.kind WHEN 'stop-use-recommendation' THEN 0 WHEN 'security-advisory' THEN 1"
    "   WHEN 'component-notice' THEN 2 ELSE 3 END, v.serial, o.code"
  };
  g_autoptr(GArray) advisories = g_array_new(FALSE, FALSE, sizeof(gint64));
  DbStatement *statement;
  bool row, known = true;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, letter->id);
  if (!db_step(statement, &row, error))
    return false;
  while (row && known) {
    if (db_int(statement, 3) == 0) {
      letter->overtaken++;
    } else {
      OutboxNotice *notice = read_notice(statement, 5);
      gint64 advisory = db_int(statement, 2);

      notice->id = db_int(statement, 0);
      notice->acknowledged[ACKNOWLEDGEMENT_RECEIPT] = db_int(statement, 4) != 0;
      known = notice_kind_parse(db_text(statement, 1), &notice->kind);
      g_ptr_array_add(letter->notices, notice);
      g_array_append_val(advisories, advisory);
    }
    if (!db_step(statement, &row, error))
      return false;
  }
  if (!known) {
    db_reset(statement);
    g_set_error_literal(error, DB_ERROR, DB_ERROR_CORRUPT, "outbox: a notice's kind is none");
    return false;
  }
  for (guint i = 0; i < advisories->len; i++)
    if (!load_content(db, g_array_index(advisories, gint64, i), letter->notices->pdata[i], error))
      return false;
  return true;
}

bool outbox_advisory_imagine(Db *db, gint64 id, gint64 organization, OutboxNotice **ret_notice,
                             GError **error)
{
  static const DbQuery query = { "SELECT " ORGANIZATION_COLUMNS " FROM organization o WHERE o.id = $1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, organization);
  if (!db_step(statement, &row, error))
    return false;
  g_assert(row); /* the caller has found it */
  OutboxNotice *notice = read_notice(statement, 0);

  db_reset(statement);
  if (!load_content(db, id, notice, error)) {
    outbox_notice_free(notice);
    return false;
  }
  notice->kind = notice->advisory->content->kind;
  for (guint i = 0; i < notice->parts->len; i++)
    ((OutboxNotice *)notice->parts->pdata[i])->kind = notice->kind;
  *ret_notice = notice;
  return true;
}
