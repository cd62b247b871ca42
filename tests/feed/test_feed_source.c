#include "db/audit.h"
#include "db/held_store.h"
#include "db/maker_store.h"
#include "db/setting_store.h"
#include "notifier/feed/feed_compose.h"
#include "notifier/feed/feed_source.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#include <string.h>

static Db *db;
static TemplateSet *templates;

/* A corporation with two hospitals, which have a circle below them; a lessor, a distributor, a repairer and a
 * regulator; one CT with a plan, one monitor without. */
static const char *const store[] = {
  "INSERT INTO organization (id, code, name_ja, name_en, role, parent, language, country) VALUES"
  " (1, 'C', '医療法人あおば会', 'Aoba Corp.', 'hospital', NULL, 'ja', 'JP'),"
  " (2, 'H1', 'あおば総合病院', 'Aoba General', 'hospital', 1, 'ja', 'JP'),"
  " (3, 'H2', 'あおば第二病院', NULL, 'clinic', 2, 'en', 'JP'),"
  " (4, 'L', 'みらいリース', NULL, 'lessor', NULL, 'ja', 'JP'),"
  " (5, 'D', '東都販売', NULL, 'distributor', NULL, 'ja', 'JP'),"
  " (6, 'R', '修理工房', NULL, 'repairer', NULL, 'ja', 'JP'),"
  " (7, 'G', '保健所', NULL, 'regulator', NULL, 'ja', 'JP'),"
  " (8, 'U', 'US Hospital', NULL, 'hospital', NULL, 'en', 'US')",
  "UPDATE organization SET parent = 3 WHERE id = 1",
  "INSERT INTO product (id, code, name_ja, name_en, generic_name, package_insert_url) VALUES"
  " (1, 'CT', 'CT装置 X', 'CT X', '全身用X線CT診断装置', 'https://maker.example/ct?a=1;b=2,3'),"
  " (2, 'MON', 'モニタ', NULL, NULL, NULL)",
  "INSERT INTO release (id, product, name) VALUES (1, 1, 'X100'), (2, 2, 'M1')",
  "INSERT INTO support_plan (id, release, revision, state, eol, eos, parts_until, limited_support_doc,"
  " limited_support_duties, author, created_at, published_on, published_at) VALUES"
  " (1, 1, 1, 'draft', '2029-03-31', '2031-03-31', '2033-03-31', 'LS-1', '隔離', 'T', '2026-04-01T00:00:00Z',"
  " '2026-04-01', '2026-04-01T00:00:00Z')",
  "INSERT INTO service_line (plan, kind, until, terms_ja) VALUES"
  " (1, 'security-updates', '2031-03-31', '重大なもの, のみ')",
  "UPDATE support_plan SET state = 'published', successor = 'MON', limited_support_url ="
  " 'https://maker.example/ls-1' WHERE id = 1",
  "INSERT INTO holding (release, organization, role, count, version, uid, since, ended_on, changed_at) VALUES"
  " (1, 2, 'user', 3, 1, 'h2', '2025-01-01', NULL, '2026-01-01T00:00:00Z'),"
  " (1, 3, 'user', 1, 2, 'h3', '2025-01-01', NULL, '2026-05-01T00:00:00Z'),"
  " (2, 2, 'user', 9, 1, 'm2', '2025-01-01', NULL, '2026-01-01T00:00:00Z'),"
  " (1, 4, 'owner', 3, 1, 'h4', '2025-01-01', NULL, '2026-01-01T00:00:00Z'),"
  " (1, 4, 'user', 1, 1, 'x4', '2025-01-01', NULL, '2026-01-01T00:00:00Z'),"
  " (1, 5, 'seller', 4, 1, 'h5', '2025-01-01', NULL, '2026-01-01T00:00:00Z'),"
  " (1, 6, 'repairer', 4, 1, 'h6', '2025-01-01', NULL, '2026-01-01T00:00:00Z'),"
  " (1, 7, 'user', 1, 1, 'x7', '2025-01-01', NULL, '2026-01-01T00:00:00Z'),"
  " (1, 8, 'user', 1, 1, 'h8', '2025-01-01', NULL, '2026-01-01T00:00:00Z')",
};

static void setup(void)
{
  static const AuditContext context = { "Tanaka", 739707, "2026-04-01T00:00:00Z" };

  scratch_setup();
  db = scratch_store("kigen.db");
  assert_done(template_set_load(&templates, ERR));
  assert_done(db_begin(db, ERR));
  assert_done(setting_store_init(db, &context, true, "maker.example", ERR));
  assert_done(maker_store_set(db, "name_ja", "期限メディカル株式会社", ERR));
  assert_done(maker_store_set(db, "name_en", "Kigen Medical", ERR));
  for (gsize i = 0; i < G_N_ELEMENTS(store); i++)
    scratch_sql(db, store[i]);
}

static void teardown(void)
{
  g_clear_pointer(&db, db_close);
  g_clear_pointer(&templates, template_set_free);
  scratch_teardown();
}

static Day day_of(const char *text)
{
  Day day;

  ck_assert(day_parse(text, &day));
  return day;
}

static char *unfold(GBytes *bytes)
{
  g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
  g_auto(GStrv) parts = g_strsplit(text, "\r\n ", -1);

  return g_strjoinv("", parts);
}

/* Unfolded, so that texts can be looked for. */
static char *render(gint64 organization, const char *language, const char *today)
{
  g_autoptr(GBytes) bytes = NULL;

  assert_done(feed_source_render(db, templates, organization, language, day_of(today), &bytes, ERR));

  return unfold(bytes);
}

/* All values of a property, in order, with commas between them. */
static char *values(const char *text, const char *name)
{
  g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
  g_autoptr(GString) out = g_string_new(NULL);

  for (gsize i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix(lines[i], name) && strchr(";:", lines[i][strlen(name)]) != NULL)
      g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", strchr(lines[i], ':') + 1);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void assert_values(const char *text, const char *name, const char *expected)
{
  g_autofree char *got = values(text, name);

  ck_assert_str_eq(got, expected);
}

START_TEST(test_one_hospital)
{
  g_autofree char *text = render(8, NULL, "2026-06-01");

  assert_values(text, "UID", "h8-eol@maker.example h8-eos@maker.example h8-parts_until@maker.example");
  assert_values(text, "DTSTART", "20290331 20310331 20330331");
  assert_values(text, "DTEND", "20290401 20310401 20330401");
  assert_values(text, "SEQUENCE", "2 2 2");
  assert_values(text, "LAST-MODIFIED", "20260401T000000Z 20260401T000000Z 20260401T000000Z");
  assert_values(text, "DTSTAMP", "20260401T000000Z 20260401T000000Z 20260401T000000Z");
  ck_assert_ptr_nonnull(strstr(text, "CT X X100"));
  ck_assert_ptr_nonnull(strstr(text, "1 unit)"));
  ck_assert_ptr_nonnull(strstr(text, "31 March 2029"));
  ck_assert_ptr_nonnull(strstr(text, "\r\nURL:https://maker.example/ct?a=1;b=2,3\r\n"));
  ck_assert_ptr_nonnull(strstr(text, "\r\nX-WR-CALNAME:Support dates: US Hospital (Kigen Medical)\r\n"));
}
END_TEST

/* What is told of the limited-support plan, in English where there is English, and by the name of the
 * successor. */
START_TEST(test_limited_support)
{
  static const struct {
    const char *language, *says;
  } cases[] = {
    { "en",
      "Limited-support plan LS-1 (from the day after EOL until EOS)\\n"
      "- Security updates: until Monday\\, 31 March 2031\\n  Terms: 重大なもの\\, のみ\\n"
      "The plan: https://maker.example/ls-1\\n\\nWhat we ask of you\\n- 隔離\\n\\nSuccessor: モニタ\\n" },
    { "ja",
      "限定的サポート計画 LS-1（EOLの翌日からEOSまで）\\n"
      "・セキュリティアップデート：2031年3月31日（令和13年3月31日・月）まで\\n　条件：重大なもの\\, のみ\\n"
      "計画書：https://maker.example/ls-1\\n\\nお願いする事項\\n・隔離\\n\\n後継製品：モニタ\\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = render(8, cases[i].language, "2026-06-01");
    const char *sale = strstr(text, "X-WR-CALNAME");

    ck_assert_msg(strstr(text, cases[i].says) != NULL, "%s: %s", cases[i].language, text);
    /* at EOL and at EOS, not where parts end; the successor at all three */
    for (int n = 0; n < 2; n++) {
      sale = strstr(sale, cases[i].says);
      ck_assert_ptr_nonnull(sale);
      sale++;
    }
    ck_assert_ptr_null(strstr(sale, cases[i].says));
    ck_assert_ptr_nonnull(strstr(strstr(text, "DTSTART;VALUE=DATE:20330331"), "モニタ"));
  }
}
END_TEST

/* The later of plan and holding. */
START_TEST(test_last_modified)
{
  g_autofree char *text = render(3, NULL, "2026-06-01");

  assert_values(text, "LAST-MODIFIED",
                "20260401T000000Z 20260501T000000Z 20260401T000000Z 20260501T000000Z 20260401T000000Z"
                " 20260501T000000Z");
  assert_values(text, "SEQUENCE", "2 3 2 3 2 3");
}
END_TEST

START_TEST(test_japanese_words)
{
  g_autofree char *text = render(4, NULL, "2026-06-01");

  ck_assert_ptr_nonnull(strstr(text, "2029年3月31日"));
  ck_assert_ptr_nonnull(strstr(text, "CT装置 X X100（3台）"));
  ck_assert_ptr_nonnull(strstr(text, "LS-1"));
  ck_assert_ptr_nonnull(strstr(text, "重大なもの\\, のみ"));
  ck_assert_ptr_nonnull(strstr(text, "期限メディカル株式会社"));
}
END_TEST

/* Organization 3 is above organization 1 and below organization 2: everyone of the circle sees everyone. */
START_TEST(test_sites_and_their_circle)
{
  for (gint64 organization = 1; organization <= 2; organization++) {
    g_autofree char *text = render(organization, NULL, "2026-06-01");

    assert_values(text, "UID",
                  "h2-eol@maker.example h3-eol@maker.example h2-eos@maker.example h3-eos@maker.example "
                  "h2-parts_until@maker.example h3-parts_until@maker.example");
  }
  g_autofree char *corporation = render(1, NULL, "2026-06-01");

  ck_assert_ptr_nonnull(strstr(corporation, "（3台）／あおば総合病院"));
}
END_TEST

START_TEST(test_roles)
{
  static const struct {
    gint64 organization;
    const char *uids;
  } rows[] = {
    { 4, "h4-eol@maker.example h4-eos@maker.example h4-parts_until@maker.example" },
    { 5, "h5-eol@maker.example h5-eos@maker.example h5-parts_until@maker.example" },
    { 6, "h6-eol@maker.example h6-eos@maker.example h6-parts_until@maker.example" },
    { 7, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = render(rows[i].organization, NULL, "2026-06-01");

    assert_values(text, "UID", rows[i].uids);
  }
}
END_TEST

START_TEST(test_no_events_gives_a_time_zone)
{
  g_autofree char *text = render(7, NULL, "2026-06-01");

  ck_assert_ptr_nonnull(strstr(text, "BEGIN:VTIMEZONE"));
  ck_assert_ptr_null(strstr(text, "BEGIN:VEVENT"));
}
END_TEST

START_TEST(test_no_organization)
{
  g_autoptr(GError) error = NULL;
  GBytes *bytes = NULL;

  ck_assert(!feed_source_render(db, templates, 99, NULL, day_of("2026-06-01"), &bytes, &error));
  ck_assert(g_error_matches(error, FEED_SOURCE_ERROR, FEED_SOURCE_ERROR_ORGANIZATION));
  ck_assert_ptr_null(bytes);
}
END_TEST

/* The ETag hangs on the bytes: no clock, no order of rows in the file, no day in between. */
START_TEST(test_same_state_same_bytes)
{
  g_autofree char *first = render(1, NULL, "2026-06-01");
  g_autofree char *later = render(1, NULL, "2028-12-31");

  ck_assert_str_eq(first, later);
  scratch_sql(db, "INSERT INTO outbox (organization, channel, due_on, message_id, created_at)"
                  " VALUES (1, 'letter', '2026-06-01', 'x', '2026-06-01T00:00:00Z')");
  g_autofree char *delivered = render(1, NULL, "2026-06-01");

  ck_assert_str_eq(first, delivered);
}
END_TEST

static void publish_second_revision(void)
{
  scratch_sql(db, "UPDATE support_plan SET state = 'superseded' WHERE id = 1");
  scratch_sql(db,
              "INSERT INTO support_plan (id, release, revision, state, eol, eos, limited_support_doc,"
              " author, created_at, published_on, published_at) VALUES (2, 1, 2, 'published', '2029-03-31',"
              " '2032-03-31', 'LS-1', 'T', '2027-04-01T00:00:00Z', '2027-04-01', '2027-04-01T03:00:00Z')");
}

START_TEST(test_revision_moves_and_cancels)
{
  publish_second_revision();

  g_autofree char *text = render(4, NULL, "2027-04-02");

  assert_values(text, "DTSTART", "20290331 20320331 20330331");
  assert_values(text, "SEQUENCE", "3 3 3");
  assert_values(text, "STATUS", "CONFIRMED CONFIRMED CANCELLED");
  assert_values(text, "LAST-MODIFIED", "20270401T030000Z 20270401T030000Z 20270401T030000Z");
  ck_assert_ptr_nonnull(strstr(text, "\r\nSUMMARY:【中止】"));

  g_autofree char *year_later = render(4, NULL, "2028-04-02");

  assert_values(year_later, "DTSTART", "20290331 20320331");
}
END_TEST

START_TEST(test_drafts_are_not_shown)
{
  g_autofree char *before = render(4, NULL, "2026-06-01");

  scratch_sql(db, "INSERT INTO support_plan (release, revision, state, eol, author, created_at)"
                  " VALUES (1, 2, 'draft', '2028-01-01', 'T', '2026-05-01T00:00:00Z')");
  g_autofree char *after = render(4, NULL, "2026-06-01");

  ck_assert_str_eq(before, after);
}
END_TEST

START_TEST(test_holding_ended)
{
  scratch_sql(db, "UPDATE holding SET ended_on = '2026-06-01', version = 2, count = 0,"
                  " changed_at = '2026-06-01T00:00:00Z' WHERE uid = 'h4'");

  g_autofree char *text = render(4, NULL, "2027-06-01");

  assert_values(text, "STATUS", "CANCELLED CANCELLED CANCELLED");
  assert_values(text, "SEQUENCE", "3 3 3");
  ck_assert_ptr_null(strstr(text, "台）"));

  g_autofree char *over = render(4, NULL, "2027-06-02");

  assert_values(over, "UID", "");
}
END_TEST

/* A plan of the organization's own market takes over from every market's. */
START_TEST(test_own_market)
{
  scratch_sql(db, "INSERT INTO support_plan (id, release, market, revision, state, eol, eos,"
                  " limited_support_doc, author, created_at, published_on, published_at) VALUES"
                  " (3, 1, 'US', 1, 'published', '2028-12-31', '2030-12-31', 'LS-US', 'T',"
                  " '2026-09-01T00:00:00Z', '2026-09-01', '2026-09-01T00:00:00Z'),"
                  " (4, 1, 'EU', 1, 'published', '2027-12-31', '2029-12-31', 'LS-EU', 'T',"
                  " '2026-09-01T00:00:00Z', '2026-09-01', '2026-09-01T00:00:00Z')");
  publish_second_revision();

  g_autofree char *us = render(8, NULL, "2027-05-01");
  g_autofree char *jp = render(4, NULL, "2027-05-01");

  assert_values(us, "DTSTART", "20281231 20301231 20330331");
  assert_values(us, "SEQUENCE", "3 3 3");
  assert_values(us, "STATUS", "CONFIRMED CONFIRMED CANCELLED");
  assert_values(jp, "DTSTART", "20290331 20320331 20330331");

  /* withdrawn: what holds in every market comes back, as a change of the same events */
  scratch_sql(db, "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2027-05-01',"
                  " withdrawn_at = '2027-05-01T00:00:00Z' WHERE id = 3");

  g_autofree char *back = render(8, NULL, "2027-05-01");

  assert_values(back, "DTSTART", "20290331 20320331 20330331");
  assert_values(back, "SEQUENCE", "5 5 3");
  assert_values(back, "STATUS", "CONFIRMED CONFIRMED CANCELLED");
}
END_TEST

START_TEST(test_foreign_text_in_the_store)
{
  scratch_sql(db, "UPDATE product SET name_ja = CAST(x'41FF0A454E443A564556454E54' AS TEXT),"
                  " package_insert_url = 'https://x.example/' || char(13, 10) || 'ATTACH:y' WHERE id = 1");

  g_autofree char *text = render(4, NULL, "2026-06-01");

  ck_assert_ptr_nonnull(strstr(text, "A\uFFFD END:VEVENT X100"));
  ck_assert_ptr_null(strstr(text, "\r\nATTACH"));
  assert_values(text, "END", "VEVENT VEVENT VEVENT VCALENDAR");
}
END_TEST

static char *render_with_leads(const Policy *policy, const char *today)
{
  const FeedSource source = { .organization = 2, .leads = policy };
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GArray) scopes = NULL;

  assert_done(feed_source_render_from(db, templates, &source, day_of(today), &bytes, &scopes, ERR));
  return unfold(bytes);
}

/* The line of the event with `uid` that begins with `name`; own string. */
static char *property(const char *text, const char *uid, const char *name)
{
  g_auto(GStrv) events = g_strsplit(text, "BEGIN:VEVENT\r\n", -1);
  g_autofree char *head = g_strdup_printf("UID:%s@maker.example\r\n", uid);
  g_autofree char *begin = g_strconcat("\r\n", name, NULL);

  for (gsize i = 1; events[i] != NULL; i++) {
    const char *line = strstr(events[i], head) != NULL ? strstr(events[i], begin) : NULL;

    if (line != NULL)
      return g_strndup(line + 2, strcspn(line + 2, "\r"));
  }
  ck_abort_msg("no %s of %s in %s", name, uid, text);
}

static int count(const char *text, const char *what)
{
  int n = 0;

  for (const char *p = text; (p = strstr(p, what)) != NULL; p++)
    n++;
  return n;
}

START_TEST(test_lead_times)
{
  Policy policy = *policy_for(PROFILE_JP);
  g_autofree char *without = render_with_leads(NULL, "2026-06-01");
  g_autofree char *with = NULL;

  memset(policy.eol_leads, 0, sizeof policy.eol_leads);
  memset(policy.eos_leads, 0, sizeof policy.eos_leads);
  policy.eol_leads[0] = 36; /* had passed when the plan was published */
  policy.eol_leads[1] = 1;
  policy.eos_leads[0] = 6;
  with = render_with_leads(&policy, "2026-06-01");
  ck_assert_int_eq(count(with, "BEGIN:VEVENT"), count(without, "BEGIN:VEVENT") + 4); /* two holdings */
  ck_assert_ptr_null(strstr(with, "h2-eol-36m"));

  g_autofree char *day = property(with, "h2-eol-1m", "DTSTART");
  g_autofree char *end = property(with, "h2-eol-1m", "DTEND");
  g_autofree char *six = property(with, "h2-eos-6m", "DTSTART");
  g_autofree char *summary = property(with, "h2-eos-6m", "SUMMARY");
  g_autofree char *sequence = property(with, "h2-eos-6m", "SEQUENCE");
  g_autofree char *of_eos = property(with, "h2-eos", "SEQUENCE");

  ck_assert_str_eq(day, "DTSTART;VALUE=DATE:20290228"); /* a month back from the 31st */
  ck_assert_str_eq(end, "DTEND;VALUE=DATE:20290301");
  ck_assert_str_eq(six, "DTSTART;VALUE=DATE:20300930");
  ck_assert_msg(g_str_has_prefix(summary, "SUMMARY:【6か月前】サポート最終日（EOS）："), "%s", summary);
  ck_assert_str_eq(sequence, of_eos);
  ck_assert_ptr_nonnull(strstr(with, "2031年3月31日（令和13年3月31日・月）の6か月前です。"));

  /* the plan is withdrawn: what lies ahead stays for a year, cancelled */
  scratch_sql(db, "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2027-01-01',"
                  " withdrawn_at = '2027-01-01T00:00:00Z' WHERE id = 1");

  g_autofree char *withdrawn = render_with_leads(&policy, "2027-02-01");
  g_autofree char *status = property(withdrawn, "h2-eos-6m", "STATUS");
  g_autofree char *later = property(withdrawn, "h2-eos-6m", "SEQUENCE");

  ck_assert_str_eq(status, "STATUS:CANCELLED");
  ck_assert_str_ne(later, sequence);
}
END_TEST

START_TEST(test_bounded)
{
  scratch_sql(db, "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
                  " INSERT INTO release (id, product, name) SELECT i, 1, 'R' || i FROM n");
  scratch_sql(db, "INSERT INTO support_plan (release, revision, state, eol, eos, limited_support_doc, author,"
                  " created_at, published_on, published_at) SELECT id, 1, 'published',"
                  " date('2027-01-01', (id * 3) || ' days'), '2040-01-01', 'LS', 'T', '2026-04-01T00:00:00Z',"
                  " '2026-04-01', '2026-04-01T00:00:00Z' FROM release WHERE id >= 10");
  scratch_sql(db, "INSERT INTO holding (release, organization, role, count, version, uid, since, changed_at)"
                  " SELECT id, 6, 'repairer', 1, 1, 'b' || id, '2025-01-01', '2026-01-01T00:00:00Z'"
                  " FROM release WHERE id >= 10");

  g_autoptr(GBytes) bytes = NULL;

  assert_done(feed_source_render(db, templates, 6, NULL, day_of("2030-01-01"), &bytes, ERR));
  ck_assert_uint_le(g_bytes_get_size(bytes), FEED_COMPOSE_BYTES_MAX);
  ck_assert_uint_ge(g_bytes_get_size(bytes), FEED_COMPOSE_BYTES_MAX / 2);

  g_autofree char *text = render(6, NULL, "2030-01-01");

  ck_assert_ptr_nonnull(strstr(text, "近い期日のものだけ"));
  ck_assert_ptr_nonnull(strstr(text, "DTSTART;VALUE=DATE:20310331"));
  ck_assert_ptr_null(strstr(text, "DTSTART;VALUE=DATE:20270131"));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("feed_source");
  TCase *tcase = tcase_create("feed_source");

  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_one_hospital);
  tcase_add_test(tcase, test_limited_support);
  tcase_add_test(tcase, test_last_modified);
  tcase_add_test(tcase, test_japanese_words);
  tcase_add_test(tcase, test_sites_and_their_circle);
  tcase_add_test(tcase, test_roles);
  tcase_add_test(tcase, test_no_events_gives_a_time_zone);
  tcase_add_test(tcase, test_no_organization);
  tcase_add_test(tcase, test_same_state_same_bytes);
  tcase_add_test(tcase, test_revision_moves_and_cancels);
  tcase_add_test(tcase, test_drafts_are_not_shown);
  tcase_add_test(tcase, test_holding_ended);
  tcase_add_test(tcase, test_own_market);
  tcase_add_test(tcase, test_foreign_text_in_the_store);
  tcase_add_test(tcase, test_lead_times);
  tcase_add_test(tcase, test_bounded);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
