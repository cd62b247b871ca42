/* How fast feeds of 20 events are rendered, beside what libical alone takes to build and serialise the same
 * events: same process, alternating, medians. */

#include "notifier/feed/feed.h"
#include "db/maker_store.h"
#include "notifier/feed/feed_compose.h"
#include "notifier/feed/feed_history.h"
#include "notifier/feed/feed_words.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EVENTS 20
#define ROUNDS 401
#define FEEDS_A_ROUND 5

/* What all ways start from: the facts, and the events with their words ready. */
static HeldSet *set;
static FeedStyle style;
static Day today;
static Feed feed;
static FeedEvent events[EVENTS];
static gsize bytes_out; /* so that nothing is optimised away */

static void add_revision(HeldRelease *release)
{
  HeldRevision *revision = held_revision_new();
  LimitedSupport *limited = &revision->plan->limited_support;
  Day eos = day_from_ymd(2031, 3, 31);

  revision->revision = 1;
  revision->published_on = day_from_ymd(2026, 4, 1);
  revision->published_at = g_strdup("2026-04-01T01:02:03Z");
  revision->plan->date[MILESTONE_END_OF_SALE] = plan_date_known(day_from_ymd(2027, 9, 30));
  revision->plan->date[MILESTONE_EOL] = plan_date_known(day_from_ymd(2029, 3, 31));
  revision->plan->date[MILESTONE_EOS] = plan_date_known(eos);
  revision->plan->date[MILESTONE_PARTS_UNTIL] = plan_date_known(day_from_ymd(2034, 3, 31));
  limited->doc = g_strdup("LS-2026-001");
  limited->duties_ja = g_strdup("ネットワークから隔離し、代替手段を用意してください。");
  limited->line[SERVICE_SECURITY_UPDATES] = (ServiceLine){ eos, g_strdup("重大な脆弱性のみ"), NULL };
  limited->line[SERVICE_PARTS] = (ServiceLine){ eos, NULL, NULL };
  g_ptr_array_add(release->revisions, revision);
}

static void add_release(int number)
{
  g_autoptr(HeldRelease) release = held_release_new();
  Holding *holding = holding_new(set, release);

  release->name = g_strdup_printf("XR-%d000 Ver.%d.2", number, number);
  release->kind = g_strdup("hardware");
  release->product = g_strdup_printf("XR%d", number);
  release->product_name_ja = g_strdup("全身用X線CT診断装置 オーロラビュー");
  release->generic_name = g_strdup("全身用X線CT診断装置");
  release->package_insert_url = g_strdup("https://www.maker.example/insert/13B1X00000000001_A_01_01");
  add_revision(release);
  holding->organization = 1;
  holding->organization_name_ja = g_strdup("あおば総合病院");
  holding->uid = g_strdup_printf("0f3c9a7b5d1e%04d", number);
  holding->version = 1;
  holding->changed_at = g_strdup("2026-01-01T00:00:00Z");
  holding->count = 12;
}

static GHashTable *make_maker(void)
{
  static const char *const fields[][2] = {
    { "name_ja", "期限メディカル株式会社" },
    { "department_ja", "品質保証部" },
    { "phone", "03-0000-0000" },
    { "email", "support@maker.example" },
    { "security_contact", "psirt@maker.example" },
  };
  GHashTable *maker = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    g_hash_table_insert(maker, g_strdup(fields[i][0]), g_strdup(fields[i][1]));
  return maker;
}

static void make_facts(void)
{
  TemplateSet *templates = NULL;

  if (!template_set_load(&templates, NULL))
    exit(EXIT_FAILURE);
  set = held_set_new();
  set->organization = 1;
  set->name_ja = g_strdup("あおば総合病院");
  set->language = g_strdup("ja");
  for (int i = 1; i <= 5; i++)
    add_release(i);
  today = day_from_ymd(2026, 11, 22);
  style = (FeedStyle){ templates, make_maker(), "maker.example", "ja" };
}

static void make_event(FeedWords *words, gsize i, const Holding *holding, Milestone milestone)
{
  static const char *categories[EVENTS][3];
  FeedMoment moment = feed_history_moment(holding, milestone, today);
  char *summary = NULL, *description = NULL;

  if (!feed_words_event(words, holding, milestone, &moment, 0, &summary, &description, NULL))
    exit(EXIT_FAILURE);
  categories[i][0] = milestone_name(milestone, "ja");
  categories[i][1] = holding->release->product_name_ja;
  events[i] =
      (FeedEvent){ .uid = g_strdup_printf("%s-%s@maker.example", holding->uid, milestone_key(milestone)),
                   .sequence = moment.sequence,
                   .last_modified = moment.at,
                   .day = moment.day,
                   .summary = summary,
                   .description = g_strstrip(description),
                   .categories = categories[i],
                   .url = holding->release->package_insert_url };
}

static void make_events(void)
{
  static const Milestone milestones[] = { MILESTONE_END_OF_SALE, MILESTONE_EOL, MILESTONE_EOS,
                                          MILESTONE_PARTS_UNTIL };
  FeedWords *words = feed_words_new(style.templates, set, style.maker, "ja", NULL);
  char *name = NULL, *about = NULL;

  for (gsize i = 0; i < EVENTS; i++)
    make_event(words, i, set->holdings->pdata[i / 4], milestones[i % 4]);
  if (!feed_words_calendar(words, false, &name, &about, NULL))
    exit(EXIT_FAILURE);
  feed = (Feed){ "ja", name, about };
  feed_words_free(words);
}

static void add(icalcomponent *component, icalproperty *property)
{
  icalcomponent_add_property(component, property);
}

static void add_x(icalcomponent *component, const char *name, const char *value)
{
  icalproperty *property = icalproperty_new_x(value);

  icalproperty_set_x_name(property, name);
  add(component, property);
}

static struct icaltimetype day_of(Day day)
{
  struct icaltimetype value = icaltime_null_date();

  day_to_ymd(day, &value.year, &value.month, &value.day);
  return value;
}

static void bare_event(icalcomponent *calendar, const FeedEvent *event)
{
  icalcomponent *component = icalcomponent_new(ICAL_VEVENT_COMPONENT);
  struct icaltimetype at = icaltime_from_string("20260401T010203Z");

  icalcomponent_add_component(calendar, component);
  add(component, icalproperty_new_uid(event->uid));
  add(component, icalproperty_new_dtstamp(at));
  add(component, icalproperty_new_lastmodified(at));
  add(component, icalproperty_new_sequence(event->sequence));
  add(component, icalproperty_new_dtstart(day_of(event->day)));
  add(component, icalproperty_new_dtend(day_of(event->day + 1)));
  add(component, icalproperty_new_summary(event->summary));
  add(component, icalproperty_new_description(event->description));
  add(component, icalproperty_new_categories(event->categories[0]));
  add(component, icalproperty_new_url(event->url));
  add(component, icalproperty_new_status(ICAL_STATUS_CONFIRMED));
  add(component, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  add_x(component, "X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
}

/* libical alone: no cleaning, no folding of our own. */
static void render_bare(void)
{
  icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);

  add(calendar, icalproperty_new_version("2.0"));
  add(calendar, icalproperty_new_prodid("-//kigen//support calendar//EN"));
  add(calendar, icalproperty_new_calscale("GREGORIAN"));
  add(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
  add(calendar, icalproperty_new_name(feed.name));
  add_x(calendar, "X-WR-CALNAME", feed.name);
  add(calendar, icalproperty_new_description(feed.description));
  add_x(calendar, "X-WR-CALDESC", feed.description);
  add(calendar, icalproperty_new_color("firebrick"));
  add(calendar, icalproperty_new_refreshinterval(icaldurationtype_from_int(3600)));
  add_x(calendar, "X-PUBLISHED-TTL", "PT1H");
  for (gsize i = 0; i < EVENTS; i++)
    bare_event(calendar, &events[i]);

  char *text = icalcomponent_as_ical_string_r(calendar);

  bytes_out += strlen(text);
  icalmemory_free_buffer(text);
  icalcomponent_free(calendar);
}

static void render_events(void)
{
  g_autoptr(GBytes) bytes = NULL;

  if (!feed_render(&feed, events, EVENTS, &bytes, NULL))
    exit(EXIT_FAILURE);
  bytes_out += g_bytes_get_size(bytes);
}

static void render_facts(void)
{
  g_autoptr(GBytes) bytes = NULL;

  if (!feed_compose(set, &style, today, &bytes, NULL))
    exit(EXIT_FAILURE);
  bytes_out += g_bytes_get_size(bytes);
}

static const struct {
  const char *name;
  void (*render)(void);
} ways[] = {
  { "libical alone: build and serialise", render_bare },
  { "feed_render: events with their words -> bytes", render_events },
  { "feed_compose: facts -> words by templates -> bytes", render_facts },
};

static int compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

/* Of this thread, in microseconds: others may be at work on the machine. */
static double processor_time(void)
{
  struct timespec now;

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Microseconds a feed. */
static double measure(void (*render)(void))
{
  double start = processor_time();

  for (int i = 0; i < FEEDS_A_ROUND; i++)
    render();
  return (processor_time() - start) / FEEDS_A_ROUND;
}

int main(void)
{
  double took[G_N_ELEMENTS(ways)][ROUNDS];

  make_facts();
  make_events();
  for (gsize way = 0; way < G_N_ELEMENTS(ways); way++)
    measure(ways[way].render);
  for (int round = 0; round < ROUNDS; round++) {
    for (gsize way = 0; way < G_N_ELEMENTS(ways); way++)
      took[way][round] = measure(ways[way].render);
  }
  for (gsize way = 0; way < G_N_ELEMENTS(ways); way++) {
    qsort(took[way], ROUNDS, sizeof took[way][0], compare);
    printf("%-52s %7.1f us a feed of %d, %4.2f times libical's rate\n", ways[way].name, took[way][ROUNDS / 2],
           EVENTS, took[0][ROUNDS / 2] / took[way][ROUNDS / 2]);
  }
  return bytes_out > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
