/* What goes with a person, what stays, and that nothing of anybody else changes. */

#include "db/contact_erase.h"

#include "db/audit_check.h"
#include "db/check.h"
#include "db/contact_record.h"
#include "db/report_store_coverage.h"
#include "tests/db/base.h"
#include "tests/db/contact_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static Db *db;
static LinkKey *key;

static void setup(void)
{
  scratch_setup();
  g_autofree char *path = scratch_path("kigen.db.key");

  db = contact_base_store();
  assert_done(link_key_create(path, ERR));
  assert_done(link_key_load(path, &key, ERR));
}

static void teardown(void)
{
  link_key_free(key);
  db_close(db);
  scratch_teardown();
}

static void sql(const char *text)
{
  assert_done(db_begin(db, ERR));
  scratch_sql(db, text);
  assert_done(db_commit(db, ERR));
}

static void assert_text(const char *query, const char *expected)
{
  g_autofree char *text = scratch_text(db, query);

  ck_assert_msg(g_strcmp0(text, expected) == 0, "%s: %s", query, text != NULL ? text : "NULL");
}

/* Everybody with one of `ids`. */
static GPtrArray *people(const GArray *ids)
{
  g_autoptr(GPtrArray) all = NULL;
  GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)contact_row_free);

  assert_done(contact_list_all(db, NULL, &all, ERR));
  while (all->len > 0) {
    ContactRow *row = g_ptr_array_steal_index(all, 0);
    bool wanted = false;

    for (guint i = 0; i < ids->len; i++)
      wanted |= g_array_index(ids, gint64, i) == row->id;
    if (wanted)
      g_ptr_array_add(rows, row);
    else
      contact_row_free(row);
  }
  return rows;
}

static bool try_erase(gint64 id, const char *reason, ContactErased *ret_erased, GError **error)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));

  g_array_append_val(ids, id);

  g_autoptr(GPtrArray) rows = people(ids);

  assert_done(db_begin(db, ERR));
  if (contact_erase(db, &base_context, rows, key, reason, ret_erased, error)) {
    assert_done(db_commit(db, ERR));
    return true;
  }
  db_rollback(db);
  return false;
}

static ContactErased erased(gint64 id)
{
  ContactErased counts = { 0 };

  assert_done(try_erase(id, "本人の申出", &counts, ERR));
  return counts;
}

static void assert_sound(gint64 payloads)
{
  g_auto(AuditResult) trail = { 0 };
  CheckTerms terms = { base_context.today, base_context.now, policy_for(PROFILE_JP) };
  gsize n;
  const CheckStep *steps = check_steps(&n);

  assert_done(audit_check_store(db, NULL, NULL, &trail, ERR));
  ck_assert_int_eq(trail.verdict, AUDIT_HOLDS);
  ck_assert_int_eq(trail.erased, payloads);
  for (gsize i = 0; i < n; i++) {
    g_autoptr(GPtrArray) findings = check_findings_new();

    if (strcmp(steps[i].key, "rows") != 0 && strcmp(steps[i].key, "outbox") != 0 &&
        strcmp(steps[i].key, "references") != 0 && strcmp(steps[i].key, "promises") != 0)
      continue;
    assert_done(check_run(&steps[i], db, &terms, findings, ERR));
    ck_assert_msg(findings->len == 0, "%s: %s", steps[i].key,
                  findings->len > 0 ? ((CheckFinding *)findings->pdata[0])->message : "");
  }
}

START_TEST(test_what_goes_and_what_stays)
{
  ContactErased counts = erased(1);

  ck_assert_int_eq(counts.people, 1);
  ck_assert_int_eq(counts.messages, 2);
  ck_assert_int_eq(counts.contexts, 1);
  ck_assert_int_eq(counts.details, 1);
  ck_assert_int_eq(counts.deeds, 2);
  ck_assert_int_eq(counts.payloads, 1);
  ck_assert_int_eq(counts.readdressed, 1);
  assert_text(
      "SELECT json_array(name, kana, department, title, email, phone, role, language, channel,"
      " escalation_order, valid_from, valid_to, erased_on, length(erased_key)) FROM contact WHERE id = 1",
      "[\"erased-1\",null,null,null,null,null,null,\"ja\",\"mail\",1,null,null,\"2031-03-31\",32]");
  assert_text("SELECT json_array(context, date, boundary_seed, sha256, erased_on) FROM message_context WHERE "
              "outbox = 1",
              "[\"\",\"2031-03-01T00:00:00Z\",\"m1@maker.example\",\"31\",\"2031-03-31\"]");
  assert_text(
      "SELECT group_concat(json_array(at, attempt, state, detail)) FROM outbox_event WHERE outbox = 1",
      "[\"2031-03-01T00:00:00Z\",1,\"sending\",null],[\"2031-03-01T00:00:01Z\",1,\"accepted\",null]");
  assert_text("SELECT group_concat(by) FROM (SELECT by FROM acknowledgement ORDER BY id)",
              "erased,田中 実,鈴木 花子");
  assert_text("SELECT json_array(by, note, day) FROM presentation", "[\"早瀬 千景\",null,\"2031-03-02\"]");
  /* the namesake among the maker's people keeps what they did */
  assert_text("SELECT group_concat(payload, ' ') FROM audit_payload p JOIN audit a ON a.id = p.audit"
              " WHERE a.action = 'test.note'",
              "{\"actor\":\"tester\",\"n\":2,\"why\":\"2台を移設\"} {\"actor\":\"tester\",\"author\":\"佐藤 "
              "太郎\",\"n\":3}");
  assert_text("SELECT payload FROM audit_payload ORDER BY audit DESC",
              "{\"actor\":\"tester\",\"contact\":1,\"contexts\":1,\"deeds\":2,\"details\":1,\"messages\":2,"
              "\"organization\":\"KITA\",\"payloads\":1,\"readdressed\":1,\"reason\":\"本人の申出\"}");
  assert_sound(1);
}
END_TEST

START_TEST(test_again_changes_nothing)
{
  erased(1);

  gint64 rows = scratch_number(db, "SELECT count(*) FROM audit");
  ContactErased counts = erased(1);

  ck_assert_int_eq(counts.people + counts.messages + counts.contexts, 0);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit"), rows);
}
END_TEST

START_TEST(test_refused)
{
  static const struct {
    gint64 id;
    const char *reason;
    ContactError code;
  } cases[] = {
    { 2, "本人の申出", CONTACT_ERROR_DUTY },
    { 4, "本人の申出", CONTACT_ERROR_DUTY },
    { 1, "佐藤太郎様のお申し出", CONTACT_ERROR_REASON },
    { 1, "asked by sato@kita.example", CONTACT_ERROR_REASON },
    { 1, "\xff", CONTACT_ERROR_REASON },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    ContactErased counts = { .people = -1 };

    ck_assert(!try_erase(cases[i].id, cases[i].reason, &counts, &error));
    ck_assert_msg(g_error_matches(error, CONTACT_ERROR, (gint)cases[i].code), "%s", error->message);
    ck_assert_int_eq(counts.people, -1);
  }
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM contact WHERE erased_on IS NOT NULL"), 0);
}
END_TEST

/* Some of the people may go and one may not: nobody goes. */
START_TEST(test_all_or_nobody)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GError) error = NULL;
  ContactErased counts = { 0 };

  for (gint64 id = 1; id <= 3; id++)
    g_array_append_val(ids, id);

  g_autoptr(GPtrArray) rows = people(ids);

  assert_done(db_begin(db, ERR));
  ck_assert(!contact_erase(db, &base_context, rows, key, "x", &counts, &error));
  ck_assert_ptr_nonnull(strstr(error->message, "鈴木 花子"));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM contact WHERE erased_on IS NOT NULL"), 0);
  db_rollback(db);
}
END_TEST

/* What waited for them goes today to who is reached in their place. */
START_TEST(test_what_waits_goes_on)
{
  erased(1);
  assert_text(
      "SELECT json_array(organization, contact, channel, due_on, message_id, state, attempt) FROM outbox"
      " WHERE id = 6",
      "[1,2,\"mail\",\"2031-03-31\",\"x2.c2@kigen.example\",\"pending\",0]");
  assert_text("SELECT group_concat(json_array(notice, organization)) FROM outbox_notice WHERE outbox = 6",
              "[102,1]");
  assert_text(
      "SELECT json_array(state, (SELECT detail FROM outbox_event WHERE outbox = 2)) FROM outbox WHERE id = 2",
      "[\"superseded\",\"addressed anew\"]");
  assert_sound(1);
}
END_TEST

/* It joins what waits for them today, and is not told twice. */
START_TEST(test_what_waits_joins)
{
  sql("INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, created_at) VALUES"
      " (20, 1, 2, 'mail', '2031-03-31', 'm20@maker.example', 'x')");
  sql("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (101, 1, 20)");
  erased(1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM outbox"), 6);
  assert_text("SELECT group_concat(notice) FROM outbox_notice WHERE outbox = 20", "101,102");
}
END_TEST

/* What is urgent stays urgent. */
START_TEST(test_what_waits_is_urgent)
{
  sql("INSERT INTO advisory (id, serial, number, revision, kind, state, title_ja, body_ja, author, "
      "created_at)"
      " VALUES (1, 1, 'SA-1', 1, 'stop-use-recommendation', 'draft', '題', '文', 'x', 'x')");
  sql("UPDATE advisory SET state = 'published', published_on = '2031-03-31', published_by = 'x',"
      " published_at = 'x'");
  sql("INSERT INTO notice (id, kind, advisory, due_on, created_at) VALUES"
      " (103, 'stop-use-recommendation', 1, '2031-03-31', 'x')");
  sql("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (103, 1, 2)");
  sql("UPDATE outbox SET urgent = 1 WHERE id = 2");
  erased(1);
  ck_assert_int_eq(base_urgent(db), 2);
  assert_text("SELECT group_concat(state) FROM (SELECT state FROM outbox WHERE urgent = 1 ORDER BY id)",
              "superseded,pending");
}
END_TEST

START_TEST(test_what_waits_and_is_told_or_overtaken)
{
  sql("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (102, 1, 4)");
  erased(1);
  assert_text("SELECT group_concat(state) FROM (SELECT state FROM outbox ORDER BY id)",
              "accepted,superseded,accepted,accepted,deferred");
}
END_TEST

/* A corporation's site; a fax goes on as a fax; nobody there: a letter to the organization. */
START_TEST(test_what_waits_goes_by_another_way)
{
  sql("UPDATE contact SET email = NULL, channel = 'fax' WHERE id = 4");
  sql("INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, created_at) VALUES"
      " (20, 4, 5, 'hand', '2031-06-30', 'm20@maker.example', 'x')");
  sql("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (102, 4, 20)");
  erased(3);
  erased(5);
  assert_text("SELECT group_concat(json_array(organization, contact, channel, due_on, state)) FROM"
              " (SELECT * FROM outbox WHERE id > 20 ORDER BY id)",
              "[2,4,\"fax\",\"2031-03-31\",\"pending\"],[4,null,\"letter\",\"2031-06-30\",\"pending\"]");
  assert_sound(0);
}
END_TEST

/* Two who go at once do not inherit from each other. */
START_TEST(test_what_waits_goes_to_nobody_who_goes)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  ContactErased counts = { 0 };

  sql("INSERT INTO contact (id, organization, name, email) VALUES (10, 4, '小林 進', 'k@old.example')");
  sql("INSERT INTO outbox (id, organization, contact, channel, due_on, message_id, created_at) VALUES"
      " (20, 4, 5, 'mail', '2031-03-31', 'm20@maker.example', 'x')");
  sql("INSERT INTO outbox_notice (notice, organization, outbox) VALUES (102, 4, 20)");
  for (gint64 id = 5; id <= 10; id += 5)
    g_array_append_val(ids, id);

  g_autoptr(GPtrArray) rows = people(ids);

  assert_done(db_begin(db, ERR));
  assert_done(contact_erase(db, &base_context, rows, key, "保存期間の満了", &counts, ERR));
  assert_done(db_commit(db, ERR));
  ck_assert_int_eq(counts.people, 2);
  assert_text("SELECT group_concat(json_array(contact, channel, state)) FROM outbox WHERE id > 20",
              "[null,\"letter\",\"pending\"]");
  assert_sound(0);
}
END_TEST

/* Nothing else of an event can change, whoever tries, and no event of anybody else. */
START_TEST(test_events_of_others_stay)
{
  static const char *const attempts[] = {
    "UPDATE outbox_event SET detail = NULL WHERE outbox = 4",
    "UPDATE outbox_event SET detail = 'forged' WHERE outbox = 1",
    "UPDATE outbox_event SET detail = NULL, state = 'failed' WHERE outbox = 1",
    "UPDATE outbox_event SET detail = NULL, at = '2030-01-01T00:00:00Z' WHERE outbox = 1",
    "UPDATE outbox_event SET detail = NULL, outbox = 2 WHERE outbox = 1",
    "UPDATE contact SET email = 'sato@kita.example' WHERE id = 1",
    "UPDATE message_context SET context = '{}' WHERE outbox = 1",
  };

  erased(1);
  for (gsize i = 0; i < G_N_ELEMENTS(attempts); i++)
    ck_assert_msg(scratch_shell("kigen.db", attempts[i], NULL) != 0, "%s", attempts[i]);
  ck_assert_int_eq(scratch_shell("kigen.db", "UPDATE outbox_event SET detail = NULL WHERE outbox = 1", NULL),
                   0);
}
END_TEST

START_TEST(test_known_again)
{
  g_autoptr(ContactErasedNames) names = NULL;
  gint64 count = -1;

  erased(1);
  assert_done(contact_erased_count(db, &count, ERR));
  ck_assert_int_eq(count, 1);
  assert_done(contact_erased_names_load(db, key, &names, ERR));
  ck_assert_uint_eq(contact_erased_names_find(names, 1, "佐藤 太郎"), base_context.today);
  ck_assert_uint_eq(contact_erased_names_find(names, 1, "佐藤太郎"), base_context.today);
  ck_assert_uint_eq(contact_erased_names_find(names, 2, "佐藤 太郎"), DAY_NONE);
  ck_assert_uint_eq(contact_erased_names_find(names, 1, "佐藤 次郎"), DAY_NONE);
  ck_assert(contact_erased_is_name("erased-1"));
  ck_assert(!contact_erased_is_name("erased-"));
  ck_assert(!contact_erased_is_name("erased-x1"));
  ck_assert(!contact_erased_is_name("erased"));
}
END_TEST

/* After an export nothing is left to find; before it, all of it is there. */
START_TEST(test_record)
{
  g_autoptr(ContactRow) row = contact_base_find(db, "KITA", "佐藤 太郎");
  g_autoptr(ContactRecord) record = NULL;

  sql("UPDATE support_plan SET reason = '佐藤太郎様より' WHERE state = 'draft'");
  assert_done(contact_record_load(db, row, &record, ERR));
  ck_assert_uint_eq(record->messages->len, 2);
  ck_assert_uint_eq(record->deeds->len, 2);
  ck_assert_uint_eq(record->audit->len, 1);
  ck_assert_uint_eq(record->mentions->len, 0);

  const ContactMessage *first = record->messages->pdata[0], *second = record->messages->pdata[1];
  const ContactDeed *deed = record->deeds->pdata[0];

  ck_assert_ptr_nonnull(strstr(first->context->context, "sato@kita.example"));
  ck_assert_uint_eq(first->events->len, 2);
  ck_assert_ptr_null(second->context);
  ck_assert_str_eq(deed->about, "PUMP/1.0, revision 1");
  ck_assert_str_eq(deed->organization, "KITA");
  erased(1);

  g_autoptr(ContactRow) after = contact_base_find(db, "KITA", "erased-1");
  g_autoptr(ContactRecord) left = NULL;

  assert_done(contact_record_load(db, after, &left, ERR));
  ck_assert_uint_eq(left->messages->len, 2);
  ck_assert_uint_eq(left->deeds->len + left->audit->len, 0);
}
END_TEST

/* A store of many people for the test below: contact n of organization n % 8, of whom every third is in
 * charge. */
static void fill_people(GRand *rand, int n)
{
  sql("DELETE FROM outbox_notice WHERE outbox IN (2, 5)");
  sql("UPDATE outbox SET state = 'superseded' WHERE id IN (2, 5)");
  sql("INSERT INTO outbox_event (outbox, at, day, attempt, state) SELECT id, 'x', '2031-03-31', attempt, "
      "state FROM outbox"
      " WHERE id IN (2, 5)");
  assert_done(db_begin(db, ERR));
  for (int i = 0; i < n; i++) {
    g_autofree char *person =
        g_strdup_printf("INSERT INTO contact (id, organization, name, email, valid_to) VALUES (%d, %d, '甲野 "
                        "%c%c%d郎', 'p%d@x.example', %s)",
                        100 + i, 1 + i % 6, 'a' + i % 26, 'a' + g_rand_int_range(rand, 0, 26), i, i,
                        i % 3 == 0 ? "NULL" : "'2030-12-31'");
    g_autofree char *message = g_strdup_printf("INSERT INTO outbox (id, organization, contact, channel, "
                                               "due_on, message_id, state, attempt, created_at)"
                                               " SELECT %d, organization, id, 'mail', '2031-03-01', "
                                               "'p%d@maker.example', 'accepted', 1, 'x' FROM contact"
                                               " WHERE id = %d",
                                               100 + i, i, 100 + i);
    g_autofree char *notice = g_strdup_printf("INSERT INTO outbox_notice (notice, organization, outbox) "
                                              "SELECT 101, organization, id FROM outbox WHERE id = %d",
                                              100 + i);
    g_autofree char *event =
        g_strdup_printf("INSERT INTO outbox_event (outbox, at, day, attempt, state, detail)"
                        " SELECT %d, 'x', '2031-03-01', 1, 'accepted', '250 <' || email || '> queued' FROM "
                        "contact WHERE id = %d",
                        100 + i, 100 + i);
    g_autofree char *context = g_strdup_printf(
        "INSERT INTO message_context (outbox, context, date, boundary_seed, template_set, renderer, sha256)"
        " SELECT %d, json_object('to', email, 'name', name), 'x', 's', 't', '0.1.0', 'd' FROM contact WHERE "
        "id = %d",
        100 + i, 100 + i);
    g_autofree char *presented =
        g_strdup_printf("INSERT INTO presentation (plan, organization, how, day, by, note, at)"
                        " SELECT 1, organization, 'letter', date('2031-01-01', '%d days'), '早瀬', name || ' "
                        "様', 'x' FROM contact"
                        " WHERE id = %d",
                        i, 100 + i);
    const char *statements[] = { person, message, notice, event, context, presented };

    for (gsize j = 0; j < G_N_ELEMENTS(statements); j++)
      scratch_sql(db, statements[j]);
    if (g_rand_boolean(rand)) {
      g_autofree char *payload =
          g_strdup_printf("{\"why\":\"p%d@x.example より\"}", g_rand_int_range(rand, 0, n));

      assert_done(audit_append(db, &base_context, "test.note", payload, ERR));
    }
  }
  assert_done(db_commit(db, ERR));
}

/* Keeps, for dump, which presentations and payloads name one of `out` ("1,5,…"). */
static void note_theirs(const char *out)
{
  g_autofree char *presented =
      g_strdup_printf("INSERT INTO erased_presentation SELECT p.id FROM presentation p"
                      " JOIN contact c ON c.name || ' 様' = p.note WHERE c.id IN (%s)",
                      out);
  g_autofree char *named =
      g_strdup_printf("INSERT INTO erased_payload SELECT DISTINCT p.audit FROM audit_payload p"
                      " JOIN contact c ON instr(p.payload, '\"' || c.email || ' ') > 0"
                      " WHERE c.id IN (%s)",
                      out);
  const char *statements[] = { "CREATE TEMPORARY TABLE erased_presentation (id INTEGER)",
                               "CREATE TEMPORARY TABLE erased_payload (id INTEGER)", presented, named };

  assert_done(db_begin(db, ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(statements); i++)
    scratch_sql(db, statements[i]);
  assert_done(db_commit(db, ERR));
}

/* Fails with the first line that differs. */
static void assert_same(const char *before, const char *after)
{
  g_auto(GStrv) was = g_strsplit(before, "\n", -1);
  g_auto(GStrv) is = g_strsplit(after, "\n", -1);

  for (guint i = 0; was[i] != NULL && is[i] != NULL; i++)
    ck_assert_msg(strcmp(was[i], is[i]) == 0, "line %u was %.600s, is %.600s", i, was[i], is[i]);
  ck_assert_uint_eq(g_strv_length(was), g_strv_length(is));
}

/* All there is of everybody but `out` ("1,5,…"): every row of every table, where it is theirs with what
 * stays. */
static char *dump(const char *out, gint64 audits)
{
  static const struct {
    const char *table, *columns;
    const char *theirs; /* rows that are the people's own, to be left out; NULL: none */
  } tables[] = {
    { "contact", NULL, "id IN (%s)" },
    { "outbox_event", NULL, "outbox IN (SELECT id FROM outbox WHERE contact IN (%s))" },
    { "outbox_event", "id, outbox, at, day, attempt, state", NULL },
    { "message_context", NULL, "outbox IN (SELECT id FROM outbox WHERE contact IN (%s))" },
    { "message_context", "outbox, date, boundary_seed, template_set, renderer, sha256", NULL },
    { "presentation", "id, plan, organization, how, day, by, at", NULL },
    { "presentation", NULL, "id IN (SELECT id FROM erased_presentation)" },
    { "acknowledgement", NULL, NULL },
    { "audit_payload", NULL, "audit IN (SELECT id FROM erased_payload)" },
    { "audit", NULL, NULL },
    { "outbox", NULL, NULL },
    { "outbox_notice", NULL, NULL },
    { "notice", NULL, NULL },
    { "organization", NULL, NULL },
    { "device", NULL, NULL },
    { "holding", NULL, NULL },
    { "support_plan", NULL, NULL },
    { "plan_event", NULL, NULL },
    { "template_set", NULL, NULL },
    { "setting", NULL, NULL },
  };
  GString *all = g_string_new(NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
    g_autofree char *list = g_strdup_printf(
        "SELECT group_concat('quote(' || name || ')', ' || ') FROM pragma_table_info('%s')", tables[i].table);
    g_autofree char *every = scratch_text(db, list);
    g_auto(GStrv) some = g_strsplit(tables[i].columns != NULL ? tables[i].columns : "", ", ", -1);
    g_autofree char *joined = g_strjoinv(") || quote(", some);
    g_autofree char *own = g_strconcat("quote(", joined, ")", NULL);
    g_auto(GStrv) theirs = g_strsplit(tables[i].theirs != NULL ? tables[i].theirs : "0", "%s", -1);
    g_autofree char *left_out = g_strjoinv(out, theirs);
    bool audit = g_str_has_prefix(tables[i].table, "audit");
    g_autofree char *first =
        audit ? g_strdup_printf(" AND %s <= %" G_GINT64_FORMAT,
                                strcmp(tables[i].table, "audit") == 0 ? "id" : "audit", audits)
              : g_strdup("");
    g_autofree char *query = g_strdup_printf(
        "SELECT group_concat(r, char(10)) FROM (SELECT %s AS r FROM %s WHERE NOT (%s)%s ORDER BY 1)",
        tables[i].columns != NULL ? own : every, tables[i].table, left_out, first);
    g_autofree char *text = scratch_text(db, query);

    g_string_append_printf(all, "== %s\n%s\n", tables[i].table, text != NULL ? text : "");
  }
  return g_string_free(all, FALSE);
}

static char *coverage(void)
{
  g_autoptr(GPtrArray) rows = NULL;
  GString *text = g_string_new(NULL);

  assert_done(report_store_coverage(db, NULL, &rows, ERR));
  for (guint i = 0; i < rows->len; i++) {
    const CoverageRow *row = rows->pdata[i];

    g_string_append_printf(text, "%s/%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                           row->product, row->release, row->affected, row->acknowledged, row->unreached);
    for (int reach = 0; reach < REACH_COUNT; reach++)
      g_string_append_printf(text, " %" G_GINT64_FORMAT, row->reach[reach]);
    g_string_append_c(text, '\n');
  }
  return g_string_free(text, FALSE);
}

/* Of n people any k who may go: everything else is byte for byte as it was. */
START_TEST(test_nothing_else_changes)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)_i);
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GString) list = g_string_new(NULL);
  int n = g_rand_int_range(rand, 5, 40);
  ContactErased counts = { 0 };

  fill_people(rand, n);
  for (gint64 id = 100; id < 100 + n; id++)
    if (id % 3 != 1 && g_rand_int_range(rand, 0, 3) > 0) {
      g_array_append_val(ids, id);
      g_string_append_printf(list, "%s%" G_GINT64_FORMAT, list->len > 0 ? "," : "", id);
    }
  if (ids->len == 0)
    return;

  note_theirs(list->str);

  gint64 audits = scratch_number(db, "SELECT count(*) FROM audit");
  gint64 payloads = scratch_number(db, "SELECT count(*) FROM audit_payload");
  g_autoptr(GPtrArray) rows = people(ids);
  g_autofree char *before = dump(list->str, audits);
  g_autofree char *covered = coverage();

  assert_done(db_begin(db, ERR));
  assert_done(
      contact_erase(db, &base_context, rows, _i % 2 == 0 ? key : NULL, "保存期間の満了", &counts, ERR));
  assert_done(db_commit(db, ERR));

  g_autofree char *after = dump(list->str, audits);
  g_autofree char *still_covered = coverage();

  ck_assert_int_eq(counts.people, ids->len);
  ck_assert_int_eq(counts.contexts, ids->len);
  ck_assert_int_eq(counts.details, ids->len);
  assert_same(before, after);
  ck_assert_str_eq(covered, still_covered);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit"), audits + (gint64)ids->len);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit_payload"),
                   payloads - counts.payloads + (gint64)ids->len);
  assert_sound(counts.payloads);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("contact_erase");
  TCase *tcase = tcase_create("contact_erase");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_what_goes_and_what_stays);
  tcase_add_test(tcase, test_again_changes_nothing);
  tcase_add_test(tcase, test_refused);
  tcase_add_test(tcase, test_all_or_nobody);
  tcase_add_test(tcase, test_what_waits_goes_on);
  tcase_add_test(tcase, test_what_waits_joins);
  tcase_add_test(tcase, test_what_waits_is_urgent);
  tcase_add_test(tcase, test_what_waits_and_is_told_or_overtaken);
  tcase_add_test(tcase, test_what_waits_goes_by_another_way);
  tcase_add_test(tcase, test_what_waits_goes_to_nobody_who_goes);
  tcase_add_test(tcase, test_events_of_others_stay);
  tcase_add_test(tcase, test_known_again);
  tcase_add_test(tcase, test_record);
  tcase_add_loop_test(tcase, test_nothing_else_changes, 0, 20);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
