#include "db/plan_publish.h"
#include "db/plan_store.h"
#include "tests/db/base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

/* The facts of the latest revision of `pattern`. */
static PlanFacts *facts_of(Db *db, const char *pattern)
{
  g_autoptr(GPtrArray) rows = NULL;
  PlanFacts *facts = NULL;

  assert_done(plan_store_list(db, pattern, PLAN_LATEST, &rows, ERR));
  ck_assert_uint_eq(rows->len, 1);
  assert_done(plan_store_facts(db, rows->pdata[0], base_context.today, true, &facts, ERR));
  return facts;
}

START_TEST(test_product_and_dates)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(PlanFacts) owner = facts_of(db, "PUMP/1.0");
  g_autoptr(PlanFacts) other = facts_of(db, "VIEW/A");
  const RuleFacts *facts = plan_facts_get(owner), *bare = plan_facts_get(other);

  ck_assert_str_eq(facts->security_contact, "psirt@maker.example");
  ck_assert_ptr_null(facts->update_policy_doc);
  ck_assert_int_eq(facts->useful_life_years, 6);
  ck_assert_int_eq(facts->art12_3, SCOPE_YES);
  ck_assert(facts->reason_given && !facts->published && !facts->transition);
  ck_assert_uint_eq(facts->today, base_context.today);
  ck_assert_int_eq(facts->plan->date[MILESTONE_EOL].state, DATE_UNKNOWN);
  ck_assert_ptr_null(facts->in_force);
  ck_assert_ptr_null(bare->security_contact);
  ck_assert_int_eq(bare->useful_life_years, -1);
  ck_assert_int_eq(bare->art12_3, SCOPE_UNKNOWN);
}
END_TEST

/* No installed base at all is "unknown", not "nobody". */
START_TEST(test_no_installed_base)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(PlanFacts) owner = facts_of(db, "PUMP/1.0");
  const RuleFacts *facts = plan_facts_get(owner);

  ck_assert_int_eq(facts->affected_organizations, -1);
  ck_assert_int_eq(facts->unreachable_organizations, -1);
  ck_assert_int_eq(facts->not_presented, -1);
}
END_TEST

START_TEST(test_people)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(PlanFacts) owner = facts_of(db, "PUMP/1.0");
  g_autoptr(PlanFacts) other = facts_of(db, "VIEW/A");
  const RuleFacts *facts = plan_facts_get(owner);

  ck_assert_int_eq(facts->affected_organizations, 8);
  ck_assert_int_eq(facts->unreachable_organizations, 3);
  ck_assert_str_eq(facts->unreachable_names, "C病院, G病院, H病院");
  ck_assert_int_eq(facts->not_presented, 7);
  ck_assert_int_eq(plan_facts_get(other)->affected_organizations, 0);
  ck_assert_int_eq(plan_facts_get(other)->unreachable_organizations, 0);
  ck_assert_ptr_null(plan_facts_get(other)->unreachable_names);
}
END_TEST

START_TEST(test_many_unreachable_are_cut)
{
  g_autoptr(Db) db = base_installed();

  ck_assert_int_eq(
      scratch_shell("kigen.db",
                    "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 199)"
                    " INSERT INTO organization (id, code, name_ja, role) SELECT i, 'B' || i, '病院' || i, "
                    "'hospital' FROM n;"
                    "INSERT INTO holding SELECT 3, id, 'user', 1, 1, 'u' || id, '2025-04-01', NULL, 'x'"
                    " FROM organization WHERE id >= 100;",
                    NULL),
      0);
  g_autoptr(PlanFacts) owner = facts_of(db, "VIEW/A");
  const RuleFacts *facts = plan_facts_get(owner);

  ck_assert_int_eq(facts->unreachable_organizations, 100);
  ck_assert(g_str_has_suffix(facts->unreachable_names, "病院119 …"));
}
END_TEST

static Day told(const PlanFacts *facts, Milestone milestone)
{
  return plan_facts_get(facts)->told[milestone];
}

START_TEST(test_in_force_and_told)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) later = base_plan("2036-03-31", "2039-03-31");
  g_autoptr(SupportPlan) earlier = base_plan("2035-12-31", "2039-03-31");

  base_publish(db, 1, "2035-03-31");
  base_context.today += 10;
  base_publish(db, 1, "2036-03-31");
  g_autoptr(PlanFacts) published = facts_of(db, "PUMP/1.0");

  ck_assert(plan_facts_get(published)->published);
  ck_assert_ptr_null(plan_facts_get(published)->in_force);
  /* Put off: whoever was told the earlier day has had as long. */
  ck_assert_uint_eq(told(published, MILESTONE_EOL), day_from_ymd(2031, 3, 31));
  ck_assert_uint_eq(told(published, MILESTONE_EOS), day_from_ymd(2031, 3, 31));
  base_context.today += 10;
  base_draft(db, 1, later);
  g_autoptr(PlanFacts) open = facts_of(db, "PUMP/1.0");
  const RuleFacts *facts = plan_facts_get(open);

  ck_assert(!facts->published);
  ck_assert_ptr_nonnull(facts->in_force);
  ck_assert_uint_eq(facts->in_force->date[MILESTONE_EOL].day, day_from_ymd(2036, 3, 31));
  ck_assert_uint_eq(told(open, MILESTONE_EOS), day_from_ymd(2031, 3, 31));
  base_draft(db, 1, earlier);
  g_autoptr(PlanFacts) again = facts_of(db, "PUMP/1.0");

  /* EOL earlier than the one in force is told today; EOS is put off. */
  ck_assert_uint_eq(told(again, MILESTONE_EOL), base_context.today);
  ck_assert_uint_eq(told(again, MILESTONE_EOS), day_from_ymd(2031, 3, 31));
  ck_assert_uint_eq(told(again, MILESTONE_PARTS_UNTIL), DAY_NONE);
}
END_TEST

/* A change of EOS alone does not make EOL news; LEAD-1 took it for that once the revision was published. */
START_TEST(test_told_by_each_date_itself)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) plan = base_plan("2035-03-31", "2037-03-31");

  base_publish(db, 1, "2035-03-31");
  base_context.today += 10;
  base_draft(db, 1, plan);
  PlanTelling telling = { 0 };

  assert_done(db_begin(db, ERR));
  assert_done(plan_publish(db, &base_context, scratch_number(db, "SELECT max(id) FROM support_plan"), "理由",
                           &telling, ERR));
  assert_done(db_commit(db, ERR));
  g_autoptr(PlanFacts) facts = facts_of(db, "PUMP/1.0");

  ck_assert(plan_facts_get(facts)->published);
  ck_assert_uint_eq(told(facts, MILESTONE_EOL), day_from_ymd(2031, 3, 31));
  ck_assert_uint_eq(told(facts, MILESTONE_EOS), day_from_ymd(2031, 4, 10));
}
END_TEST

START_TEST(test_product_answers)
{
  g_autoptr(Db) db = base_store();
  g_autoptr(PlanFacts) before = facts_of(db, "PUMP/1.0");

  ck_assert_int_eq(plan_facts_get(before)->serious_harm, HARM_UNKNOWN);
  ck_assert_ptr_null(plan_facts_get(before)->art12_3_reason);
  ck_assert_int_eq(
      scratch_shell("kigen.db",
                    "UPDATE product SET art12_3 = 'no', art12_3_reason = '通信なし', serious_harm = "
                    "'yes' WHERE code = 'PUMP'; UPDATE product SET serious_harm = 'no' WHERE code = "
                    "'VIEW'",
                    NULL),
      0);
  g_autoptr(PlanFacts) owner = facts_of(db, "PUMP/1.0"), other = facts_of(db, "VIEW/A");

  ck_assert_int_eq(plan_facts_get(owner)->art12_3, SCOPE_NO);
  ck_assert_str_eq(plan_facts_get(owner)->art12_3_reason, "通信なし");
  ck_assert_int_eq(plan_facts_get(owner)->serious_harm, HARM_YES);
  ck_assert_int_eq(plan_facts_get(other)->serious_harm, HARM_NO);
}
END_TEST

/* Publication is an assessment; a draft's plan in force is what was assessed. */
START_TEST(test_assessed_on)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) draft = base_plan("2036-03-31", "2039-03-31");
  g_autoptr(PlanFacts) never = facts_of(db, "PUMP/1.0");

  ck_assert_uint_eq(plan_facts_get(never)->assessed_on, DAY_NONE);
  base_publish(db, 1, "2035-03-31");
  scratch_shell("kigen.db",
                "INSERT INTO assessment (release, day, by, at) VALUES (1, '2030-01-01', 'a', 'x'),"
                " (2, '2031-08-01', 'a', 'x')",
                NULL);
  g_autoptr(PlanFacts) published = facts_of(db, "PUMP/1.0");

  ck_assert_uint_eq(plan_facts_get(published)->assessed_on, day_from_ymd(2031, 3, 31));
  base_draft(db, 1, draft);
  scratch_shell("kigen.db",
                "INSERT INTO assessment (release, day, by, at) VALUES (1, '2031-07-01', 'a', 'x')", NULL);
  g_autoptr(PlanFacts) open = facts_of(db, "PUMP/1.0");

  ck_assert_uint_eq(plan_facts_get(open)->assessed_on, day_from_ymd(2031, 7, 1));
}
END_TEST

/* Seven organizations use PUMP/1.0; its EOS is 2038-03-31. */
START_TEST(test_confirmed)
{
  static const struct {
    const char *sql;
    bool told;
    gint64 not_confirmed;
  } cases[] = {
    { "SELECT 1", false, 7 },
    { "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (9, 'eol-reminder', 1, '2031-04-01', "
      "'x')",
      false, 7 },
    { "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (9, 'eos-reminder', 1, '2031-04-01', "
      "'x')",
      true, 7 },
    { "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (9, 'eos-reached', 1, '2031-04-01', "
      "'x');"
      "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (9, 1, 'transfer', 'a', "
      "'phone', 'x'), (9, 2, 'receipt', 'a', 'phone', 'x')",
      true, 6 },
    /* for another EOS, by an organization that only sells it */
    { "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author, "
      "created_at, "
      "published_on) VALUES (90, 1, 90, 'superseded', '2035-03-31', '2037-03-31', 'd', 'a', 'x', "
      "'2031-01-01');"
      "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (9, 'eos-reminder', 90, '2031-04-01', "
      "'x');"
      "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (9, 1, 'transfer', 'a', "
      "'phone', 'x'), (9, 4, 'transfer', 'a', 'phone', 'x')",
      false, 7 },
    /* the same EOS, told by an older revision */
    { "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc, author, "
      "created_at, "
      "published_on) VALUES (90, 1, 90, 'superseded', '2035-03-31', '2038-03-31', 'd', 'a', 'x', "
      "'2031-01-01');"
      "INSERT INTO notice (id, kind, plan, due_on, created_at) VALUES (9, 'eos-reminder', 90, '2031-04-01', "
      "'x');"
      "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (9, 1, 'transfer', 'a', "
      "'phone', 'x')",
      true, 6 },
    /* an own, later EOS is not confirmed by that */
    { "INSERT INTO notice (id, kind, plan, due_on, extended_eos, created_at) VALUES (9, 'eos-reminder', 1, "
      "'2031-04-01', '', 'x'), (10, 'eos-reminder', 1, '2031-04-01', '2039-03-31', 'x');"
      "INSERT INTO acknowledgement (notice, organization, kind, by, how, at) VALUES (9, 1, 'transfer', 'a', "
      "'phone', 'x'), (9, 2, 'transfer', 'a', 'phone', 'x'), (10, 2, 'transfer', 'a', 'phone', 'x');"
      "INSERT INTO extension (release, organization, eos, until, version, changed_at, reason, created_by, "
      "created_on, created_at) VALUES (1, 1, '2039-03-31', '2039-03-31', 1, 'x', 'r', 'a', '2031-01-01', "
      "'x'), "
      "(1, 2, '2039-03-31', '2039-03-31', 1, 'x', 'r', 'a', '2031-01-01', 'x')",
      true, 6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *db = base_installed();
    g_autofree char *said = NULL;

    base_publish(db, 1, "2035-03-31");
    ck_assert_msg(scratch_shell("kigen.db", cases[i].sql, &said) == 0, "%s: %s", cases[i].sql, said);
    g_autoptr(PlanFacts) owner = facts_of(db, "PUMP/1.0");
    const RuleFacts *facts = plan_facts_get(owner);

    ck_assert_msg(facts->eos_told == cases[i].told, "%s", cases[i].sql);
    ck_assert_int_eq(facts->users, 7);
    ck_assert_msg(facts->not_confirmed == cases[i].not_confirmed, "%s: %" G_GINT64_FORMAT, cases[i].sql,
                  facts->not_confirmed);
    db_discard(db);
  }
}
END_TEST

START_TEST(test_transfer)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(SupportPlan) imported = base_plan("2035-03-31", "2038-03-31");

  base_publish(db, 1, "2035-03-31");
  imported->announced_on = plan_date_known(day_from_ymd(2029, 1, 1));
  base_draft(db, 2, imported);
  g_autoptr(PlanFacts) before = facts_of(db, "PUMP/1.0");
  g_autoptr(PlanFacts) history = facts_of(db, "PUMP/2.0");

  ck_assert_int_eq(plan_facts_get(before)->transfer, TRANSFER_NOT_BEGUN);
  ck_assert_int_eq(plan_facts_get(history)->transfer, TRANSFER_UNKNOWN);
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "INSERT INTO notice (id, kind, plan, due_on, lead_months, created_at)"
                                 " VALUES (9, 'eos-reminder', 1, '2031-03-31', 36, 'x');"
                                 "INSERT INTO outbox_notice VALUES (9, 1, 1);",
                                 NULL),
                   0);
  g_autoptr(PlanFacts) after = facts_of(db, "PUMP/1.0");

  ck_assert_int_eq(plan_facts_get(after)->transfer, TRANSFER_BEGUN);
}
END_TEST

/* Each row: what happens after the publication on 2031-03-31 with EOL 2035-03-31; 7 hospitals and clinics use
 * the release, through 6 messages (H2 and H6 share one). */
START_TEST(test_not_presented)
{
  static const struct {
    const char *sql;
    gint64 expected;
  } cases[] = {
    { "SELECT 1", 7 },
    { "UPDATE outbox SET state = 'accepted'; INSERT INTO outbox_event SELECT NULL, id, 'x', '2031-04-01', "
      "attempt, "
      "'accepted', NULL FROM outbox",
      0 },
    { "UPDATE outbox SET state = 'accepted' WHERE contact = 3;"
      "INSERT INTO outbox_event SELECT NULL, id, 'x', '2031-04-01', attempt, 'accepted', NULL FROM outbox "
      "WHERE "
      "contact = 3",
      5 },
    { "UPDATE outbox SET state = 'bounced' WHERE contact = 3;"
      "INSERT INTO outbox_event SELECT NULL, id, 'x', '2031-04-01', attempt, 'accepted', NULL FROM outbox "
      "WHERE "
      "contact = 3",
      7 },
    /* on the last day, and a day too late */
    { "UPDATE outbox SET state = 'accepted' WHERE contact = 3;"
      "INSERT INTO outbox_event SELECT NULL, id, 'x', '2035-03-31', attempt, 'accepted', NULL FROM outbox "
      "WHERE "
      "contact = 3",
      5 },
    { "UPDATE outbox SET state = 'accepted' WHERE contact = 3;"
      "INSERT INTO outbox_event SELECT NULL, id, 'x', '2035-04-01', attempt, 'accepted', NULL FROM outbox "
      "WHERE "
      "contact = 3",
      7 },
    /* H2 holds its unit since 2035-03-20: 30 days later is in time, 31 is not */
    { "UPDATE holding SET since = '2035-03-20' WHERE organization = 2; UPDATE outbox SET state = 'accepted' "
      "WHERE contact = 3;"
      "INSERT INTO outbox_event SELECT NULL, id, 'x', '2035-04-19', attempt, 'accepted', NULL FROM outbox "
      "WHERE "
      "contact = 3",
      6 },
    { "UPDATE holding SET since = '2035-03-20' WHERE organization = 2; UPDATE outbox SET state = 'accepted' "
      "WHERE contact = 3;"
      "INSERT INTO outbox_event SELECT NULL, id, 'x', '2035-04-20', attempt, 'accepted', NULL FROM outbox "
      "WHERE "
      "contact = 3",
      7 },
    /* an acknowledgement counts without any mail */
    { "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES (1, 1, 3, 'receipt', "
      "'a', 'telephone', '2031-05-01T00:00:00Z')",
      6 },
    { "INSERT INTO acknowledgement (id, notice, organization, kind, by, how, at) VALUES (1, 1, 3, 'receipt', "
      "'a', 'telephone', '2035-05-01T00:00:00Z')",
      7 },
    /* one holder less */
    { "UPDATE holding SET ended_on = '2031-04-01' WHERE organization = 3", 6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *db = base_installed();
    g_autofree char *said = NULL;

    base_publish(db, 1, "2035-03-31");
    ck_assert_msg(scratch_shell("kigen.db", cases[i].sql, &said) == 0, "%s: %s", cases[i].sql, said);
    g_autoptr(PlanFacts) owner = facts_of(db, "PUMP/1.0");

    ck_assert_msg(plan_facts_get(owner)->not_presented == cases[i].expected, "%s: %" G_GINT64_FORMAT,
                  cases[i].sql, plan_facts_get(owner)->not_presented);
    db_discard(db);
  }
}
END_TEST

START_TEST(test_contract_end)
{
  static const struct {
    const char *sql;
    const char *expected; /* of PUMP/1.0; NULL: unknown */
  } cases[] = {
    { "", NULL },
    { "UPDATE device SET contract_until = '2032-03-31' WHERE id = 1", "2032-03-31" },
    { "UPDATE device SET contract_until = '2032-03-31', status = 'disposed' WHERE id = 1", NULL },
    { "UPDATE device SET contract_until = '2030-03-31'; UPDATE device SET contract_until = '2031-03-31' "
      "WHERE id = 2",
      "2031-03-31" },
    { "UPDATE device SET contract_until = '2032-03-31' WHERE id = 3", NULL },
    { "UPDATE device SET contract_until = '2032-03-31', software_release = 1 WHERE id = 3", "2032-03-31" },
    { "UPDATE custody SET lease_end = '2033-03-31'", "2033-03-31" },
    { "UPDATE custody SET lease_end = '2033-03-31'; UPDATE device SET contract_until = '2034-03-31'",
      "2034-03-31" },
    { "UPDATE custody SET device = 3, lease_end = '2033-03-31'", NULL },
    /* given back before its end: base_context.today is 2031-03-31 */
    { "UPDATE custody SET lease_end = '2033-03-31', until = '2031-03-30'", NULL },
    { "UPDATE custody SET lease_end = '2033-03-31', until = '2031-03-31'", "2033-03-31" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *db = base_installed();
    g_autofree char *script =
        g_strconcat("INSERT INTO device (id, product, release, serial_key, organization) VALUES"
                    " (1, 1, 1, 'A', 1), (2, 1, 1, 'B', 1), (3, 1, 2, 'C', 1);"
                    "INSERT INTO custody (device, role, organization) VALUES (1, 'owner', 4);",
                    cases[i].sql, NULL);
    g_autofree char *said = NULL;
    Day expected = DAY_NONE;

    ck_assert(cases[i].expected == NULL || day_parse(cases[i].expected, &expected));
    ck_assert_msg(scratch_shell("kigen.db", script, &said) == 0, "%s: %s", cases[i].sql, said);
    g_autoptr(PlanFacts) owner = facts_of(db, "PUMP/1.0");

    ck_assert_msg(plan_facts_get(owner)->latest_contract_end == expected, "%s", cases[i].sql);
    db_discard(db);
  }
}
END_TEST

/* A contract that ends by the EOS of its own customer's extension is no lease beyond EOS. */
START_TEST(test_contract_end_and_extensions)
{
#define EXTEND(device, until)                                                                                \
  "INSERT INTO extension (release, organization, device, units, eos, until, version, changed_at, reason,"    \
  " created_by, created_on, created_at) VALUES (1, 1, " device ", '" until "', '" until                      \
  "', 1, 'x', 'r', 'a', '2031-01-01', 'x');"
  static const struct {
    const char *sql, *latest, *bare;
  } cases[] = {
    { "", "2039-03-31", "2039-03-31" },
    { EXTEND("NULL, NULL", "2039-03-30"), "2039-03-31", "2039-03-31" },
    { EXTEND("NULL, NULL", "2039-03-31"), "2039-03-31", NULL },
    { EXTEND("1, 1", "2039-03-31"), "2039-03-31", "2038-06-30" },
    { EXTEND("2, 1", "2039-03-31"), "2039-03-31", "2039-03-31" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Db *db = base_installed();
    g_autofree char *script = g_strconcat(
        "INSERT INTO device (id, product, release, serial_key, organization, contract_until) VALUES"
        " (1, 1, 1, 'A', 1, '2039-03-31'), (2, 1, 1, 'B', 1, '2038-06-30');",
        cases[i].sql, NULL);
    g_autofree char *said = NULL;
    Day latest = DAY_NONE, bare = DAY_NONE;

    ck_assert(day_parse(cases[i].latest, &latest));
    ck_assert(cases[i].bare == NULL || day_parse(cases[i].bare, &bare));
    ck_assert_msg(scratch_shell("kigen.db", script, &said) == 0, "%s: %s", script, said);
    g_autoptr(PlanFacts) owner = facts_of(db, "PUMP/1.0");

    ck_assert_msg(plan_facts_get(owner)->latest_contract_end == latest, "row %zu", i);
    ck_assert_msg(plan_facts_get(owner)->bare_contract_end == bare, "row %zu", i);
    db_discard(db);
  }
}
END_TEST

/* check asks as if a reason came with the publication; of what is published, its own reason counts. */
START_TEST(test_reason_of_what_is_published)
{
  g_autoptr(Db) db = base_installed();
  g_autoptr(PlanFacts) draft = facts_of(db, "PUMP/1.0");

  ck_assert(plan_facts_get(draft)->reason_given);
  base_publish(db, 1, "2035-03-31");
  g_autoptr(PlanFacts) with = facts_of(db, "PUMP/1.0");

  ck_assert(plan_facts_get(with)->reason_given);
  ck_assert_int_eq(scratch_shell("kigen.db",
                                 "DROP TRIGGER support_plan_update; UPDATE support_plan SET reason = ' '",
                                 NULL),
                   0);
  g_autoptr(PlanFacts) without = facts_of(db, "PUMP/1.0");

  ck_assert(!plan_facts_get(without)->reason_given);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("plan_facts");
  TCase *facts = tcase_create("facts");

  tcase_add_checked_fixture(facts, scratch_setup, scratch_teardown);
  tcase_add_test(facts, test_product_and_dates);
  tcase_add_test(facts, test_no_installed_base);
  tcase_add_test(facts, test_people);
  tcase_add_test(facts, test_many_unreachable_are_cut);
  tcase_add_test(facts, test_in_force_and_told);
  tcase_add_test(facts, test_told_by_each_date_itself);
  tcase_add_test(facts, test_product_answers);
  tcase_add_test(facts, test_assessed_on);
  tcase_add_test(facts, test_confirmed);
  tcase_add_test(facts, test_transfer);
  tcase_add_test(facts, test_not_presented);
  tcase_add_test(facts, test_contract_end);
  tcase_add_test(facts, test_contract_end_and_extensions);
  tcase_add_test(facts, test_reason_of_what_is_published);
  suite_add_tcase(suite, facts);
  return run_suite(suite);
}
