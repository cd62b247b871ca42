#include "db/contact_erase.h"
#include "db/contact_record.h"
#include "db/correction_apply.h"
#include "tests/db/contact_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

/* KITA (1) has device 1, serial A1, and two of a lot (2); contact 2 is 鈴木 花子. */
static Db *db;

static void setup(void)
{
  scratch_setup();
  db = contact_base_store();
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

/* "field=said", "field=" for nothing, a NULL at the end. */
static GPtrArray *fields_of(const char *const *words)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func((GDestroyNotify)correction_field_free);

  for (; *words != NULL; words++) {
    g_auto(GStrv) parts = g_strsplit(*words, "=", 2);

    g_ptr_array_add(fields, correction_field_new(parts[0], NULL, *parts[1] != '\0' ? parts[1] : NULL));
  }
  return fields;
}

static bool send(gint64 organization, CorrectionKind kind, gint64 target, const char *const *words,
                 gint64 *id, GError **error)
{
  g_autoptr(GPtrArray) fields = fields_of(words);
  const CorrectionEntry entry = { organization,
                                  kind,
                                  correction_is_of_contact(kind) ? 0 : target,
                                  correction_is_of_contact(kind) ? target : 0,
                                  fields,
                                  "佐々木 望",
                                  NULL };
  bool done;

  assert_done(db_begin(db, ERR));
  done = correction_store_add(db, &base_context, &entry, id, error);
  if (done)
    assert_done(db_commit(db, ERR));
  else
    db_rollback(db);
  return done;
}

static gint64 sent(CorrectionKind kind, gint64 target, const char *const *words)
{
  gint64 id = 0;

  assert_done(send(1, kind, target, words, &id, ERR));
  return id;
}

static bool approve(gint64 id, const CorrectionTerms *terms, GError **error)
{
  g_autoptr(CorrectionRow) row = NULL;
  bool done;

  assert_done(db_begin(db, ERR));
  assert_done(correction_store_load(db, id, &row, ERR));
  done = correction_apply(db, &base_context, row, terms, error);
  if (done)
    assert_done(db_commit(db, ERR));
  else
    db_rollback(db);
  return done;
}

static void assert_text(const char *sql, const char *expected)
{
  g_autofree char *text = scratch_text(db, sql);

  ck_assert_msg(g_strcmp0(text, expected) == 0, "%s: %s, not %s", sql, text, expected);
}

#define DUMP                                                                                                 \
  "SELECT (SELECT json_group_array(json_array(id, serial, organization, department, location, asset_no, "    \
  "status,"                                                                                                  \
  " disposed_on)) FROM device) || (SELECT json_group_array(json_array(id, name, department, email, "         \
  "valid_to))"                                                                                               \
  " FROM contact) || (SELECT json_group_array(json_array(release, organization, count)) FROM holding)"       \
  " || (SELECT count(*) FROM custody) || coalesce((SELECT group_concat(state) FROM correction), '')"

/* Nothing changes before somebody approves it, nor by being sent twice. */
START_TEST(test_waits)
{
  g_autofree char *before = scratch_text(db, DUMP), *after = NULL;
  const char *const words[] = { "asset_no=ME-1", NULL };
  gint64 id = sent(CORRECTION_NUMBER, 1, words);
  g_autoptr(CorrectionRow) row = NULL;

  ck_assert_int_eq(sent(CORRECTION_NUMBER, 1, words), id);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM correction"), 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'correction.add'"), 1);
  assert_done(correction_store_load(db, id, &row, ERR));
  ck_assert_int_eq(row->state, CORRECTION_WAITING);
  ck_assert_str_eq(row->serial, "A1");
  assert_text("SELECT json_array(field, was, said) FROM correction_field", "[\"asset_no\",null,\"ME-1\"]");
  after = scratch_text(db, DUMP);
  ck_assert(g_str_has_prefix(after, before));
}
END_TEST

/* Each kind, approved, and what the store has then. */
START_TEST(test_applied)
{
  const struct {
    CorrectionKind kind;
    gint64 target;
    const char *words[8];
    CorrectionTerms terms;
    const char *sql, *expected;
  } rows[] = {
    { CORRECTION_REMOVED,
      1,
      { "status=disposed", "disposed_on=2031-03-20" },
      { 0 },
      "SELECT json_array(v.status, v.disposed_on, h.count) FROM device v JOIN holding h ON h.release = "
      "v.release"
      " AND h.organization = 1 WHERE v.id = 1",
      "[\"disposed\",\"2031-03-20\",2]" },
    { CORRECTION_MOVED,
      1,
      { "department=救急部", "location=" },
      { 0 },
      "SELECT json_array(department, location, organization) FROM device WHERE id = 1",
      "[\"救急部\",null,1]" },
    { CORRECTION_HANDED_ON,
      1,
      { "organization=新病院(札幌)" },
      { .organization = 5 },
      "SELECT json_array(v.organization, (SELECT count FROM holding WHERE organization = 5 AND release = 1),"
      " (SELECT count FROM holding WHERE organization = 1 AND release = 1),"
      " (SELECT until FROM custody WHERE device = 1 AND organization = 1 AND role = 'user')) FROM device v "
      "WHERE v.id = 1",
      "[5,1,2,\"2031-03-30\"]" },
    { CORRECTION_NUMBER,
      1,
      { "serial=A-100", "asset_no=ME-9" },
      { .serial_key = "A-100" },
      "SELECT json_array(serial, serial_key, asset_no) FROM device WHERE id = 1",
      "[\"A-100\",\"A-100\",\"ME-9\"]" },
    { CORRECTION_CONTACT_NEW,
      0,
      { "name=小林 誠", "department=医療安全管理室", "email=kobayashi@kita.example" },
      { 0 },
      "SELECT json_array(organization, department, email, channel, escalation_order) FROM contact WHERE name "
      "= '小林 誠'",
      "[1,\"医療安全管理室\",\"kobayashi@kita.example\",\"mail\",3]" },
    { CORRECTION_CONTACT_LEFT,
      2,
      { "valid_to=2031-03-31" },
      { 0 },
      "SELECT valid_to FROM contact WHERE id = 2",
      "2031-03-31" },
    { CORRECTION_CONTACT_CHANGED,
      2,
      { "email=hanako@kita.example", "title=技士長" },
      { 0 },
      "SELECT json_array(email, title, department) FROM contact WHERE id = 2",
      "[\"hanako@kita.example\",\"技士長\",null]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    gint64 id = sent(rows[i].kind, rows[i].target, rows[i].words);
    g_autofree char *state = NULL;

    assert_done(approve(id, &rows[i].terms, ERR));
    assert_text(rows[i].sql, rows[i].expected);
    state = scratch_text(
        db, "SELECT json_array(state, decided_by, decided_on) FROM correction ORDER BY id DESC LIMIT 1");
    ck_assert_str_eq(state, "[\"approved\",\"tester\",\"2031-03-31\"]");
    teardown();
    setup();
  }
}
END_TEST

/* What another one did since, or is in its way, is said, and nothing is half done. */
START_TEST(test_conflicts)
{
  const struct {
    CorrectionKind kind;
    gint64 target;
    const char *words[4];
    const char *meanwhile;
    CorrectionTerms terms;
    const char *why;
  } rows[] = {
    { CORRECTION_REMOVED,
      1,
      { "status=disposed", "disposed_on=2031-03-20" },
      "UPDATE device SET status = 'isolated' WHERE id = 1",
      { 0 },
      "status was 'in-use'" },
    { CORRECTION_MOVED,
      1,
      { "department=救急部" },
      "UPDATE device SET organization = 5 WHERE id = 1",
      { 0 },
      "does not use that device any more" },
    { CORRECTION_HANDED_ON, 1, { "organization=どこか" }, NULL, { 0 }, "--organization" },
    { CORRECTION_HANDED_ON, 1, { "organization=どこか" }, NULL, { .organization = 1 }, "already" },
    { CORRECTION_HANDED_ON, 2, { "organization=どこか" }, NULL, { .organization = 5 }, "a lot" },
    { CORRECTION_NUMBER, 1, { "serial=A3" }, NULL, { .serial_key = "A3" }, "another device" },
    { CORRECTION_NUMBER, 2, { "serial=A9" }, NULL, { .serial_key = "A9" }, "a lot" },
    { CORRECTION_NUMBER, 1, { "asset_no=1", "serial=A3" }, NULL, { .serial_key = "A3" }, "another device" },
    { CORRECTION_CONTACT_NEW, 0, { "name=鈴木 花子" }, NULL, { 0 }, "already" },
    { CORRECTION_CONTACT_NEW, 0, { "name=erased-7" }, NULL, { 0 }, "no name" },
    { CORRECTION_CONTACT_CHANGED,
      2,
      { "email=a@kita.example" },
      "UPDATE contact SET email = 'b@kita.example' WHERE id = 2",
      { 0 },
      "email was 'suzuki@kita.example'" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    gint64 id = sent(rows[i].kind, rows[i].target, rows[i].words);
    g_autoptr(GError) error = NULL;
    g_autofree char *before = NULL, *after = NULL;

    if (rows[i].meanwhile != NULL) {
      assert_done(db_begin(db, ERR));
      scratch_sql(db, rows[i].meanwhile);
      assert_done(db_commit(db, ERR));
    }
    before = scratch_text(db, DUMP);
    ck_assert_msg(!approve(id, &rows[i].terms, &error), "row %zu", i);
    ck_assert_msg(g_error_matches(error, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_CONFLICT),
                  "row %zu: %s", i, error->message);
    ck_assert_msg(strstr(error->message, rows[i].why) != NULL, "row %zu: %s", i, error->message);
    after = scratch_text(db, DUMP);
    ck_assert_str_eq(after, before);
    teardown();
    setup();
  }
}
END_TEST

/* Of somebody else's device nothing is learnt: it is as absent as one that is not there. */
START_TEST(test_refused)
{
  const struct {
    gint64 organization;
    CorrectionKind kind;
    gint64 target;
    const char *words[3];
    CorrectionStoreError code;
  } rows[] = {
    { 1, CORRECTION_REMOVED, 3, { "status=disposed" }, CORRECTION_STORE_ERROR_TARGET },
    { 1, CORRECTION_REMOVED, 99, { "status=disposed" }, CORRECTION_STORE_ERROR_TARGET },
    { 4, CORRECTION_REMOVED, 4, { "status=disposed" }, CORRECTION_STORE_ERROR_TARGET },
    { 1, CORRECTION_CONTACT_LEFT, 3, { "valid_to=2031-03-31" }, CORRECTION_STORE_ERROR_TARGET },
    { 1, CORRECTION_CONTACT_CHANGED, 99, { "title=x" }, CORRECTION_STORE_ERROR_TARGET },
    { 1, CORRECTION_CONTACT_CHANGED, 2, { "email=suzuki@kita.example" }, CORRECTION_STORE_ERROR_SAME },
    { 1, CORRECTION_MOVED, 1, { "department=" }, CORRECTION_STORE_ERROR_SAME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    gint64 id;

    ck_assert_msg(!send(rows[i].organization, rows[i].kind, rows[i].target, rows[i].words, &id, &error),
                  "row %zu", i);
    ck_assert_msg(g_error_matches(error, CORRECTION_STORE_ERROR, (int)rows[i].code), "row %zu: %s", i,
                  error->message);
  }
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM correction"), 0);
}
END_TEST

START_TEST(test_decided_once)
{
  const char *const words[] = { "department=救急部", NULL };
  gint64 id = sent(CORRECTION_MOVED, 1, words);
  g_autoptr(GError) error = NULL, again = NULL;
  g_autoptr(CorrectionRow) row = NULL;
  const CorrectionTerms terms = { 0 };

  assert_done(db_begin(db, ERR));
  assert_done(correction_store_load(db, id, &row, ERR));
  assert_done(correction_store_decide(db, &base_context, row, CORRECTION_REJECTED, "現地で確認済み", ERR));
  assert_done(db_commit(db, ERR));
  ck_assert(!approve(id, &terms, &error));
  ck_assert(g_error_matches(error, CORRECTION_STORE_ERROR, CORRECTION_STORE_ERROR_DECIDED));
  ck_assert_int_eq(
      scratch_shell("kigen.db",
                    "UPDATE correction SET state = 'waiting', decided_by = NULL, decided_on = NULL,"
                    " decided_at = NULL, reason = NULL;",
                    NULL),
      1);
  ck_assert_int_eq(scratch_shell("kigen.db", "DELETE FROM correction;", NULL), 1);
  assert_text("SELECT coalesce(department, 'none') FROM device WHERE id = 1", "none");
}
END_TEST

/* Who is erased goes out of what they sent, and what was sent about them goes. */
START_TEST(test_erased)
{
  const char *const leaves[] = { "title=佐藤 太郎の後任", NULL }, *const comes[] = { "name=佐藤 太郎",
                                                                                     "phone=011", NULL };
  g_autoptr(ContactRow) contact = contact_base_find(db, "KITA", "佐藤 太郎");
  g_autoptr(GPtrArray) rows = g_ptr_array_new(), fields = fields_of(leaves);
  g_autoptr(Person) person = person_new("佐藤 太郎", NULL);
  g_autoptr(GPtrArray) deeds = NULL;
  const CorrectionEntry mine = { 1, CORRECTION_CONTACT_CHANGED, 0, 2, fields, "佐藤太郎", "佐藤 太郎より" };
  ContactErased erased;
  gint64 id;

  sent(CORRECTION_CONTACT_NEW, 0, comes);
  assert_done(db_begin(db, ERR));
  assert_done(correction_store_add(db, &base_context, &mine, &id, ERR));
  scratch_sql(
      db,
      "INSERT INTO decision (organization, release, device, kind, controls, person, title, day, at) VALUES"
      " (1, 1, 1, 'continue', '隔離網', '佐藤 太郎', '部長', '2031-03-30', '2031-03-30T00:00:00Z'),"
      " (1, 1, 1, 'continue', '佐藤 太郎が毎週点検', '鈴木 花子', NULL, '2031-03-30', "
      "'2031-03-30T00:00:00Z')");
  assert_done(contact_record_deeds(db, contact, person, &deeds, ERR));
  ck_assert_int_eq(deeds->len, 1 + 1 + 2 + 2); /* acknowledgement, presentation, decisions, corrections */
  g_ptr_array_add(rows, contact);
  assert_done(contact_erase(db, &base_context, rows, NULL, "ご本人の請求", &erased, ERR));
  assert_done(db_commit(db, ERR));
  assert_text("SELECT json_group_array(json_array(person, title, controls)) FROM decision",
              "[[\"erased\",null,\"隔離網\"],[\"鈴木 花子\",null,\"erased\"]]");
  assert_text("SELECT json_group_array(json_array(person, note, state)) FROM correction",
              "[[\"佐々木 望\",null,\"rejected\"],[\"erased\",null,\"rejected\"]]");
  ck_assert_int_eq(
      scratch_number(db, "SELECT count(*) FROM correction_field WHERE said IS NOT NULL OR was IS NOT NULL"),
      0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("correction_store");
  TCase *tcase = tcase_create("correction_store");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_waits);
  tcase_add_test(tcase, test_applied);
  tcase_add_test(tcase, test_conflicts);
  tcase_add_test(tcase, test_refused);
  tcase_add_test(tcase, test_decided_once);
  tcase_add_test(tcase, test_erased);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
