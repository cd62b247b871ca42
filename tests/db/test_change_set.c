#include "db/change_set.h"
#include "db/setting_store.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

static const ChangeScope here[] = { { CHANGE_RELEASE, 1 }, { CHANGE_ORGANIZATION, 2 }, { CHANGE_FEED, 3 } };

static void sums(Db *db, gint64 *ret_here, gint64 *ret_total)
{
  g_autoptr(ChangeSet) set = NULL;

  assert_done(change_set_load(db, &set, ERR));
  *ret_here = change_set_sum(set, here, G_N_ELEMENTS(here));
  *ret_total = change_set_total(set);
}

/* A change of a row moves the sum of those who named that row, and of nobody else; the total always. */
START_TEST(test_sums)
{
  static const struct {
    ChangeKind kind;
    gint64 id; /* 0: a change of everything */
    bool concerned;
  } rows[] = {
    { CHANGE_RELEASE, 1, true },      { CHANGE_RELEASE, 2, false }, { CHANGE_ORGANIZATION, 1, false },
    { CHANGE_ORGANIZATION, 2, true }, { CHANGE_FEED, 3, true },     { CHANGE_FEED, 4, false },
    { CHANGE_RELEASE, 3, false },     { CHANGE_RELEASE, 1, true },  { CHANGE_RELEASE, 0, true },
  };
  g_autoptr(Db) db = scratch_store("kigen.db");
  gint64 before, total, after, total_after;

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    sums(db, &before, &total);
    assert_done(db_begin(db, ERR));
    if (rows[i].id == 0)
      assert_done(change_bump(db, "plan", ERR));
    else
      assert_done(change_set_bump(db, rows[i].kind, rows[i].id, ERR));
    assert_done(db_commit(db, ERR));
    sums(db, &after, &total_after);
    ck_assert_msg((after > before) == rows[i].concerned, "row %zu", i);
    ck_assert_msg(total_after == total + 1, "row %zu", i);
  }
}
END_TEST

/* A scope that this program does not know concerns everything. */
START_TEST(test_unknown_scopes)
{
  static const char *const scopes[] = { "maker",      "later/1",    "release/", "release/x",
                                        "release/-1", "releases/1", "/" };
  g_autoptr(Db) db = scratch_store("kigen.db");
  gint64 before, after, total;

  for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++) {
    sums(db, &before, &total);
    assert_done(db_begin(db, ERR));
    assert_done(change_bump(db, scopes[i], ERR));
    assert_done(db_commit(db, ERR));
    sums(db, &after, &total);
    ck_assert_msg(after == before + 1, "%s", scopes[i]);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("change_set");
  TCase *tcase = tcase_create("change_set");

  tcase_add_checked_fixture(tcase, scratch_setup, scratch_teardown);
  tcase_add_test(tcase, test_sums);
  tcase_add_test(tcase, test_unknown_scopes);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
