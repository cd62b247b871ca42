#include "tests/db/invariant.h"

#include "planner/plan.h"

#include <string.h>

const char invariant_fill[] =
    "PRAGMA foreign_keys = OFF;"
    "INSERT INTO product (id, code, name_ja) VALUES (1, 'PUMP', '輸液ポンプ'), (2, 'VIEW', '画像表示装置');"
    "INSERT INTO release (id, product, name) VALUES (1, 1, '1.0'), (2, 1, '2.0'), (3, 2, 'A');"
    "INSERT INTO support_plan (id, release, market, revision, state, eol, eos, limited_support_doc, author, "
    "created_at, published_on)"
    " VALUES (1, 1, '*', 1, 'superseded', '2030-03-31', '2033-03-31', 'LSP-1', 'a', 'x', '2026-04-01'),"
    " (2, 1, '*', 2, 'published', '2031-03-31', '2034-03-31', 'LSP-2', 'a', 'x', '2027-04-01'),"
    " (3, 2, '*', 1, 'withdrawn', '2031-03-31', '2034-03-31', 'LSP-3', 'a', 'x', '2027-04-01'),"
    " (4, 1, '*', 3, 'draft', '2032-03-31', '2035-03-31', NULL, 'a', 'x', NULL),"
    " (5, 3, '*', 1, 'draft', '2032-03-31', 'tba', NULL, 'a', 'x', NULL),"
    " (6, 3, 'EU', 1, 'draft', '2032-03-31', '2032-03-31', 'LSP-6', 'a', 'x', NULL);"
    "INSERT INTO service_line (plan, kind, until) VALUES (4, 'parts', '2035-03-31'), (6, 'parts', "
    "'2035-03-31');"
    "UPDATE support_plan SET state = 'published', published_on = '2027-04-01' WHERE id = 6;"
    "INSERT INTO audit VALUES (1, 1, 'x', 'x', 'init', zeroblob(32), zeroblob(32));"
    "INSERT INTO audit_payload VALUES (1, zeroblob(32), '{}');"
    "INSERT INTO audit VALUES (2, 1, 'x', 'x', 'plan.publish', zeroblob(32), zeroblob(32));"
    "INSERT INTO audit_payload VALUES (2, zeroblob(32), '{}');"
    "INSERT INTO outbox_event VALUES (1, 1, 'x', '2031-03-31', 1, 'accepted', NULL);";

static bool shows_something(const char *text)
{
  for (const char *c = text; c != NULL && *c != '\0'; c = g_utf8_find_next_char(c, NULL)) {
    gunichar unichar = g_utf8_get_char(c);

    if (g_unichar_isgraph(unichar) && !g_unichar_iszerowidth(unichar) && unichar != 0x2800 &&
        unichar != 0x3164) {
      return true;
    }
  }
  return false;
}

/* What is wrong with the present row, or NULL. Static. */
static const char *fault_of_row(DbStatement *statement)
{
  PlanDate eol, eos;

  if (!plan_date_from_store(db_text(statement, 0), &eol) ||
      !plan_date_from_store(db_text(statement, 1), &eos) ||
      (eol.state != DATE_UNKNOWN && (gsize)db_int(statement, 3) != strlen(db_text(statement, 0))) ||
      (eos.state != DATE_UNKNOWN && (gsize)db_int(statement, 4) != strlen(db_text(statement, 1))))
    return "has no dates";
  if (eol.state == DATE_KNOWN && eos.state == DATE_KNOWN && eol.day > eos.day)
    return "breaks ORD-1";
  return plan_date_coincide(eol, eos) && !shows_something(db_text(statement, 2)) ? "breaks LSP-1" : NULL;
}

char *invariant_fault(Db *db)
{
  static const DbQuery query = {
    "SELECT eol, eos, limited_support_doc, length(CAST(eol AS BLOB)), length(CAST(eos AS BLOB)), id"
    " FROM support_plan"
  };
  DbStatement *statement;
  bool row;

  assert_done(db_prepare(db, &query, &statement, ERR));
  assert_done(db_step(statement, &row, ERR));
  ck_assert(row);
  while (row) {
    const char *fault = fault_of_row(statement);

    if (fault != NULL) {
      char *said = g_strdup_printf("plan %d %s", (int)db_int(statement, 5), fault);

      db_reset(statement);
      return said;
    }
    assert_done(db_step(statement, &row, ERR));
  }
  return NULL;
}
