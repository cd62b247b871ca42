#include "db/report_store.h"

#include "db/release_pattern.h"

const char *reach_key(Reach reach)
{
  static const char *const keys[REACH_COUNT] = {
    [REACH_NONE] = "none",           [REACH_FAILED] = "failed",     [REACH_BOUNCED] = "bounced",
    [REACH_RETURNED] = "returned",   [REACH_WAITING] = "waiting",   [REACH_PRINTED] = "printed",
    [REACH_REQUESTED] = "requested", [REACH_ACCEPTED] = "accepted", [REACH_SENT] = "sent",
    [REACH_RELAYED] = "relayed",     [REACH_HANDED] = "handed"
  };

  g_assert(reach < REACH_COUNT);
  return keys[reach];
}

static bool read_rows(DbStatement *statement, const ReleasePattern *pattern, ReportAdd add, GPtrArray *rows,
                      GError **error)
{
  bool more;

  if (!db_step(statement, &more, error)) {
    return false;
  }
  while (more) {
    if (release_pattern_matches(pattern, db_text(statement, 0), db_text(statement, 1))) {
      add(statement, rows);
    }
    if (!db_step(statement, &more, error)) {
      return false;
    }
  }
  return true;
}

bool report_store_list(Db *db, const DbQuery *query, const char *word, const char *second, ReportAdd add,
                       GDestroyNotify free_row, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(ReleasePattern) pattern = release_pattern_new(word);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
  DbStatement *statement;

  if (!db_prepare(db, query, &statement, error)) {
    return false;
  }
  release_pattern_bind(pattern, statement);
  if (second != NULL) {
    db_bind_text(statement, 2, second);
  }
  if (!read_rows(statement, pattern, add, rows, error)) {
    return false;
  }
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

void report_product_free(ReportProduct *product)
{
  if (product == NULL) {
    return;
  }
  g_free(product->code);
  g_free(product->name_ja);
  g_free(product->name_en);
  g_free(product->generic_name);
  g_free(product->class);
  g_free(product->approval_no);
  g_free(product->security_contact);
  g_free(product->update_policy_doc);
  g_free(product->art12_3);
  g_free(product->art12_3_reason);
  g_free(product);
}

static ReportProduct *read_product(DbStatement *statement)
{
  ReportProduct *product = g_new0(ReportProduct, 1);

  product->code = db_dup_text(statement, 0);
  product->name_ja = db_dup_text(statement, 1);
  product->name_en = db_dup_text(statement, 2);
  product->generic_name = db_dup_text(statement, 3);
  product->class = db_dup_text(statement, 4);
  product->approval_no = db_dup_text(statement, 5);
  product->security_contact = db_dup_text(statement, 6);
  product->update_policy_doc = db_dup_text(statement, 7);
  product->art12_3 = db_dup_text(statement, 8);
  product->transition = db_int(statement, 9) != 0;
  product->mail = db_int(statement, 10);
  product->other = db_int(statement, 11);
  product->feeds = db_int(statement, 12);
  product->art12_3_reason = db_dup_text(statement, 13);
  return product;
}

/* clang-format off */
#define REACHED(channel) \
  "(SELECT count(DISTINCT x.organization) FROM release r JOIN support_plan s ON s.release = r.id" \
  " JOIN notice n ON n.plan = s.id JOIN outbox_notice x ON x.notice = n.id" \
  " JOIN outbox o ON o.id = x.outbox AND " OUTBOX_REACHED_SQL("o", "x") " AND o.channel " channel " WHERE r.product = p.id)"

static const DbQuery product_query = {
  "SELECT p.code, p.name_ja, p.name_en, p.generic_name, p.class, p.approval_no, p.security_contact,"
  " p.update_policy_doc, p.art12_3, p.transition, " REACHED("= 'mail'") ", " REACHED("<> 'mail'") ","
  " (SELECT count(*) FROM feed f WHERE f.revoked_at IS NULL AND f.organization IN (SELECT h.organization"
  "   FROM release r JOIN holding h ON h.release = r.id AND h.ended_on IS NULL WHERE r.product = p.id)),"
  " p.art12_3_reason FROM product p WHERE p.code = $1"
};
/* clang-format on */

bool report_store_product(Db *db, const char *code, ReportProduct **ret_product, GError **error)
{
  DbStatement *statement;
  bool found;

  if (!db_prepare(db, &product_query, &statement, error)) {
    return false;
  }
  db_bind_text(statement, 1, code);
  if (!db_step(statement, &found, error)) {
    return false;
  }
  *ret_product = found ? read_product(statement) : NULL;
  db_reset(statement);
  return true;
}
