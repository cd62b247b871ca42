#include "notifier/feed/feed_history.h"
#include "tests/support/run.h"

#include <string.h>

/* Revisions as a line of text, so that a case reads like a history: "1 2026-04-01 eol=2029-03-31
 * eos=2031-03-31; 2 2027-04-01 …; 2 withdrawn 2028-01-01" . A revision's instant is noon of its day. */
typedef struct {
  const char *name;
  const char *revisions;
  const char *held; /* "version since [ended]" */
  Milestone milestone;
  const char *today;
  const char *expected; /* "-", or "day sequence instant [cancelled]" */
} Case;

#define R1 "1 2026-04-01 eol=2029-03-31 eos=2031-03-31"

static const Case cases[] = {
  { "no plan", "", "1 2025-01-01", MILESTONE_EOL, "2026-04-01", "-" },
  { "one revision", R1, "1 2025-01-01", MILESTONE_EOL, "2026-04-01", "2029-03-31 2 2026-04-01" },
  { "a date that is not there", R1, "1 2025-01-01", MILESTONE_END_OF_SALE, "2026-04-01", "-" },
  { "not announced", "1 2026-04-01 eol=2029-03-31 eos=tba", "1 2025-01-01", MILESTONE_EOS, "2026-04-01",
    "-" },
  { "past days stay", R1, "1 2025-01-01", MILESTONE_EOL, "2050-01-01", "2029-03-31 2 2026-04-01" },
  { "no day a calendar can hold", "1 2026-04-01 eol=2029-03-31 eos=9999-12-31", "1 2025-01-01", MILESTONE_EOS,
    "2026-04-01", "-" },

  { "holding changed later", R1, "4 2027-05-01", MILESTONE_EOL, "2027-06-01", "2029-03-31 5 2027-05-01" },

  { "moved", R1 "; 2 2027-04-01 eol=2029-03-31 eos=2032-03-31", "1 2025-01-01", MILESTONE_EOS, "2027-04-01",
    "2032-03-31 3 2027-04-01" },
  { "EOL says EOS, which moved", R1 "; 2 2027-04-01 eol=2029-03-31 eos=2032-03-31", "1 2025-01-01",
    MILESTONE_EOL, "2027-04-01", "2029-03-31 3 2027-04-01" },
  { "a revision that says the same", R1 "; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31", "1 2025-01-01",
    MILESTONE_EOS, "2027-04-01", "2031-03-31 2 2026-04-01" },
  { "another date moved",
    R1 " parts_until=2033-03-31; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31"
       " parts_until=2034-03-31",
    "1 2025-01-01", MILESTONE_EOS, "2027-04-01", "2031-03-31 2 2026-04-01" },
  { "that one's event moves",
    R1 " parts_until=2033-03-31; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31"
       " parts_until=2034-03-31",
    "1 2025-01-01", MILESTONE_PARTS_UNTIL, "2027-04-01", "2034-03-31 3 2027-04-01" },
  { "there and back",
    R1 "; 2 2027-04-01 eol=2029-03-31 eos=2032-03-31; 3 2028-04-01 eol=2029-03-31"
       " eos=2031-03-31",
    "1 2025-01-01", MILESTONE_EOS, "2028-04-01", "2031-03-31 4 2028-04-01" },
  { "limited support moved", R1 " doc=LS-1; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31 doc=LS-2",
    "1 2025-01-01", MILESTONE_EOL, "2027-04-01", "2029-03-31 3 2027-04-01" },
  { "limited support is no matter of sale",
    R1 " end_of_sale=2028-03-31 doc=LS-1; 2 2027-04-01 eol=2029-03-31"
       " eos=2031-03-31 end_of_sale=2028-03-31 doc=LS-2",
    "1 2025-01-01", MILESTONE_END_OF_SALE, "2027-04-01", "2028-03-31 2 2026-04-01" },
  { "terms changed", R1 " terms=charged; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31 terms=free",
    "1 2025-01-01", MILESTONE_EOS, "2027-04-01", "2031-03-31 3 2027-04-01" },
  { "terms are no matter of sale",
    R1 " end_of_sale=2028-03-31 terms=charged; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31"
       " end_of_sale=2028-03-31 terms=free",
    "1 2025-01-01", MILESTONE_END_OF_SALE, "2027-04-01", "2028-03-31 2 2026-04-01" },
  { "another address", R1 " url=https://a; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31 url=https://b",
    "1 2025-01-01", MILESTONE_EOL, "2027-04-01", "2029-03-31 3 2027-04-01" },
  { "every event names the successor",
    R1 " end_of_sale=2028-03-31; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31 end_of_sale=2028-03-31"
       " successor=NEXT",
    "1 2025-01-01", MILESTONE_END_OF_SALE, "2027-04-01", "2028-03-31 3 2027-04-01" },
  { "the rationale is shown by none",
    R1 " rationale=old; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31 rationale=new", "1 2025-01-01",
    MILESTONE_EOS, "2027-04-01", "2031-03-31 2 2026-04-01" },
  { "a date that came late", R1 "; 2 2027-04-01 eol=2029-03-31 eos=2031-03-31 end_of_sale=2028-03-31",
    "1 2025-01-01", MILESTONE_END_OF_SALE, "2027-04-01", "2028-03-31 3 2027-04-01" },

  { "a date that vanished", R1 "; 2 2027-04-01 eol=2029-03-31 eos=tba", "1 2025-01-01", MILESTONE_EOS,
    "2027-04-01", "2031-03-31 3 2027-04-01 cancelled" },
  { "and stays gone", R1 "; 2 2027-04-01 eol=2029-03-31; 3 2027-05-01 eol=2029-03-30", "1 2025-01-01",
    MILESTONE_EOS, "2027-06-01", "2031-03-31 3 2027-04-01 cancelled" },
  { "a year later, the last day", R1 "; 2 2027-04-01 eol=2029-03-31", "1 2025-01-01", MILESTONE_EOS,
    "2028-04-01", "2031-03-31 3 2027-04-01 cancelled" },
  { "a year later, over", R1 "; 2 2027-04-01 eol=2029-03-31", "1 2025-01-01", MILESTONE_EOS, "2028-04-02",
    "-" },
  { "vanished and came back", R1 "; 2 2027-04-01 eol=2029-03-31; 3 2027-05-01 eol=2029-03-31 eos=2031-03-31",
    "1 2025-01-01", MILESTONE_EOS, "2027-06-01", "2031-03-31 4 2027-05-01" },
  { "vanished before it was held", R1 "; 2 2027-04-01 eol=2029-03-31", "1 2027-05-01", MILESTONE_EOS,
    "2027-06-01", "-" },

  { "withdrawn", R1 "; 1 withdrawn 2027-01-01", "1 2025-01-01", MILESTONE_EOS, "2027-01-01",
    "2031-03-31 3 2027-01-01 cancelled" },
  { "withdrawn, a year later", R1 "; 1 withdrawn 2027-01-01", "1 2025-01-01", MILESTONE_EOS, "2028-01-02",
    "-" },
  { "withdrawn, then anew the same",
    R1 "; 1 withdrawn 2027-01-01; 2 2027-02-01 eol=2029-03-31 eos=2031-03-31", "1 2025-01-01", MILESTONE_EOS,
    "2027-03-01", "2031-03-31 4 2027-02-01" },
  { "withdrawn, then anew without it", R1 "; 1 withdrawn 2027-01-01; 2 2027-02-01 eol=2029-03-31",
    "1 2025-01-01", MILESTONE_EOS, "2027-03-01", "2031-03-31 3 2027-01-01 cancelled" },
  { "withdrawn twice",
    R1 "; 1 withdrawn 2027-01-01; 2 2027-02-01 eol=2029-03-31 eos=2031-03-31;"
       " 2 withdrawn 2027-03-01",
    "1 2025-01-01", MILESTONE_EOS, "2027-03-01", "2031-03-31 5 2027-03-01 cancelled" },

  { "holding ended", R1, "2 2025-01-01 2027-01-01", MILESTONE_EOS, "2027-01-01",
    "2031-03-31 3 2027-01-01 cancelled" },
  { "holding ended a year ago", R1, "2 2025-01-01 2027-01-01", MILESTONE_EOS, "2028-01-02", "-" },
  { "ended before the plan was published", R1, "2 2025-01-01 2026-03-31", MILESTONE_EOS, "2026-04-02", "-" },
  { "withdrawn after it ended", R1 "; 1 withdrawn 2027-02-01", "2 2025-01-01 2027-01-01", MILESTONE_EOS,
    "2027-02-01", "2031-03-31 3 2027-01-01 cancelled" },
  { "revised after it ended", R1 "; 2 2027-04-01 eol=2029-03-31 eos=2032-03-31", "2 2025-01-01 2027-01-01",
    MILESTONE_EOS, "2027-05-01", "2031-03-31 3 2027-01-01 cancelled" },
};

static HeldSet *set;

static Day day_of(const char *text)
{
  Day day;

  ck_assert_msg(day_parse(text, &day), "%s", text);
  return day;
}

static char *noon(const char *day)
{
  return g_strconcat(day, "T12:00:00Z", NULL);
}

static void read_pair(HeldRevision *revision, const char *pair)
{
  LimitedSupport *limited = &revision->plan->limited_support;
  const struct {
    const char *key;
    char **text;
  } texts[] = { { "doc", &limited->doc },
                { "url", &limited->url },
                { "successor", &limited->successor },
                { "rationale", &limited->rationale },
                { "terms", &limited->line[SERVICE_PARTS].terms_ja } };
  g_auto(GStrv) parts = g_strsplit(pair, "=", 2);
  Milestone milestone;

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    if (g_str_equal(parts[0], texts[i].key)) {
      *texts[i].text = g_strdup(parts[1]);
      return;
    }
  }
  ck_assert_msg(milestone_parse(parts[0], &milestone), "%s", parts[0]);
  revision->plan->date[milestone] =
      g_str_equal(parts[1], "tba") ? (PlanDate){ DATE_TBA, DAY_NONE } : plan_date_known(day_of(parts[1]));
}

static void read_revision(const HeldRelease *release, const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, " ", -1);

  if (g_str_equal(words[1], "withdrawn")) {
    HeldRevision *last = release->revisions->pdata[release->revisions->len - 1];

    last->withdrawn = true;
    last->withdrawn_on = day_of(words[2]);
    g_free(last->withdrawn_at);
    last->withdrawn_at = noon(words[2]);
    return;
  }

  HeldRevision *revision = held_revision_new();

  g_ptr_array_add(release->revisions, revision);
  revision->revision = (int)g_ascii_strtoll(words[0], NULL, 10);
  revision->published_on = day_of(words[1]);
  revision->published_at = noon(words[1]);
  for (gsize i = 2; words[i] != NULL; i++)
    read_pair(revision, words[i]);
}

static Holding *build(const char *revisions, const char *held)
{
  g_autoptr(HeldRelease) release = held_release_new();
  g_auto(GStrv) lines = g_strsplit(revisions, "; ", -1);
  g_auto(GStrv) words = g_strsplit(held, " ", -1);

  for (gsize i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    read_revision(release, lines[i]);

  Holding *holding = holding_new(set, release);

  holding->version = g_ascii_strtoll(words[0], NULL, 10);
  holding->since = day_of(words[1]);
  holding->ended_on = words[2] != NULL ? day_of(words[2]) : DAY_NONE;
  holding->changed_at = noon(words[2] != NULL ? words[2] : words[1]);
  return holding;
}

static char *describe(FeedMoment moment)
{
  char day[DAY_TEXT_SIZE];

  if (!moment.shown)
    return g_strdup("-");
  return g_strdup_printf("%s %d %.10s%s", day_format(moment.day, day), moment.sequence, moment.at,
                         moment.cancelled ? " cancelled" : "");
}

static void setup(void)
{
  set = held_set_new();
}

static void teardown(void)
{
  held_set_free(set);
}

START_TEST(test_moment_cases)
{
  const Case *c = &cases[_i];
  Holding *holding = build(c->revisions, c->held);
  g_autofree char *got = describe(feed_history_moment(holding, c->milestone, day_of(c->today)));

  ck_assert_msg(g_str_equal(got, c->expected), "%s: %s, not %s", c->name, got, c->expected);
}
END_TEST

/* However a history goes on, SEQUENCE never falls, and rises when and only when the event changes. */
START_TEST(test_sequence_is_monotone)
{
  for (guint seed = 0; seed < 500; seed++) {
    Holding *holding = build("", "1 2020-01-01");
    g_autofree char *before = NULL;
    int sequence = 0;
    Day today = day_of("2026-01-01");

    g_random_set_seed(seed);
    for (int step = 1; step < 20; step++) {
      static const char *const days[] = { "tba", "2031-03-31", "2032-03-31" };
      g_autofree char *day = g_strdup_printf("2026-01-%02d", step);
      g_autofree char *line =
          g_strdup_printf("%d %s eol=2029-03-31 eos=%s", step, day, days[g_random_int_range(0, 3)]);

      if (step > 1 && g_random_int_range(0, 4) == 0) {
        g_free(line);
        line = g_strdup_printf("0 withdrawn %s", day);
      }
      read_revision(holding->release, line);

      FeedMoment moment = feed_history_moment(holding, MILESTONE_EOS, today + (Day)step);

      if (!moment.shown)
        continue;
      g_autofree char *now = g_strdup_printf("%u %d", moment.day, moment.cancelled);

      ck_assert_msg(moment.sequence >= sequence, "seed %u step %d: fell", seed, step);
      ck_assert_msg((moment.sequence > sequence) == (g_strcmp0(now, before) != 0),
                    "seed %u step %d: %d to %d, %s to %s", seed, step, sequence, moment.sequence, before,
                    now);
      sequence = moment.sequence;
      g_free(before);
      before = g_steal_pointer(&now);
    }
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("feed_history");
  TCase *tcase = tcase_create("feed_history");

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, test_moment_cases, 0, G_N_ELEMENTS(cases));
  tcase_add_test(tcase, test_sequence_is_monotone);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
