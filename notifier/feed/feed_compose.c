#include "notifier/feed/feed_compose.h"

#include <string.h>

#include "notifier/feed/feed.h"
#include "notifier/feed/feed_history.h"
#include "notifier/feed/feed_words.h"
#include "planner/calendar_event.h"

/* Bytes of an event besides its own texts, and of the calendar besides its events: rather too many. */
#define EVENT_FRAME 512
#define CALENDAR_FRAME 4096
#define EVENTS_MAX (FEED_COMPOSE_BYTES_MAX / EVENT_FRAME)

/* An event with what it is made from. */
typedef struct {
  const Holding *holding;
  Milestone milestone;
  FeedMoment moment; /* of the milestone */
  int lead;          /* months before it; 0: the milestone itself */
  Day day;           /* the event's */
  char *uid, *summary, *description;
  const char *categories[3];
} Entry;

static void entry_clear(Entry *entry)
{
  g_free(entry->uid);
  g_free(entry->summary);
  g_free(entry->description);
}

/* The day since when the milestone's event is as it is. */
static Day known_since(const FeedMoment *moment)
{
  char head[DAY_TEXT_SIZE];
  Day day = DAY_NONE;

  g_strlcpy(head, moment->at, sizeof head);
  return day_parse(head, &day) ? day : DAY_NONE;
}

/* The lead times of EOL or EOS; NULL: of another milestone there are none. */
static const int *leads_of(const Policy *policy, Milestone milestone)
{
  if (milestone == MILESTONE_EOL)
    return policy->eol_leads;
  return milestone == MILESTONE_EOS ? policy->eos_leads : NULL;
}

/* Beside the event `of`. Their SEQUENCE is its own: they move with it alone. */
static void add_leads(GArray *entries, const Entry *of, const FeedStyle *style)
{
  Policy policy = policy_for_product(style->leads, of->holding->release->product);
  const int *leads = leads_of(&policy, of->milestone);

  for (int i = 0; leads != NULL && i < POLICY_LEADS_MAX && leads[i] != 0; i++) {
    Entry entry = *of;

    entry.lead = leads[i];
    entry.day = day_add_months(of->day, -leads[i]);
    if (calendar_event_day_fits(entry.day) && entry.day >= known_since(&of->moment))
      g_array_append_val(entries, entry);
  }
}

static GArray *collect(const HeldSet *set, const FeedStyle *style, Day today)
{
  GArray *entries = g_array_new(FALSE, TRUE, sizeof(Entry));

  g_array_set_clear_func(entries, (GDestroyNotify)entry_clear);
  for (guint i = 0; i < set->holdings->len; i++) {
    const Holding *holding = set->holdings->pdata[i];

    for (int milestone = 0; milestone < MILESTONE_COUNT; milestone++) {
      Entry entry = { .holding = holding, .milestone = (Milestone)milestone };

      entry.moment = feed_history_moment(holding, entry.milestone, today);
      if (!entry.moment.shown)
        continue;
      entry.day = entry.moment.day;
      g_array_append_val(entries, entry);
      if (style->leads != NULL)
        add_leads(entries, &entry, style);
    }
  }
  return entries;
}

static int compare_numbers(gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

/* Within a day the order is that of holding and milestone: the same whatever the words are. */
static int compare_within_day(const Entry *a, const Entry *b)
{
  int order = strcmp(a->holding->uid, b->holding->uid);

  if (order == 0)
    order = compare_numbers(a->milestone, b->milestone);
  return order != 0 ? order : compare_numbers(a->lead, b->lead);
}

static int compare_days(gconstpointer first, gconstpointer second)
{
  const Entry *a = first, *b = second;
  int order = compare_numbers(a->day, b->day);

  return order != 0 ? order : compare_within_day(a, b);
}

/* What is to come, the next first; then what is past, the latest first. */
static int compare_urgency(gconstpointer first, gconstpointer second, gpointer data)
{
  const Entry *a = first, *b = second;
  Day today = *(const Day *)data;
  bool past = a->day < today;

  if (past != (b->day < today))
    return past ? 1 : -1;

  int order = compare_numbers(a->day, b->day);

  return order != 0 ? (past ? -order : order) : compare_within_day(a, b);
}

static char *uid_of(const Entry *entry, const FeedStyle *style)
{
  const char *uid = entry->holding->uid, *key = milestone_key(entry->milestone);

  if (entry->lead == 0)
    return g_strdup_printf("%s-%s@%s", uid, key, style->uid_domain);
  return g_strdup_printf("%s-%s-%dm@%s", uid, key, entry->lead, style->uid_domain);
}

static bool write_entry(Entry *entry, const FeedStyle *style, FeedWords *words, GError **error)
{
  const Holding *holding = entry->holding;

  entry->uid = uid_of(entry, style);
  entry->categories[0] = milestone_name(entry->milestone, style->language);
  entry->categories[1] = feed_words_product(words, holding->release);
  return feed_words_event(words, holding, entry->milestone, &entry->moment, entry->lead, &entry->summary,
                          &entry->description, error);
}

/* More than the event will take: UTF-8 needs a fold every 72 bytes, and every text a few escapes. */
static gsize estimate(const Entry *entry)
{
  const char *url = entry->holding->release->package_insert_url;
  gsize texts = strlen(entry->summary) + strlen(entry->description) + 2 * strlen(entry->uid) +
                (url != NULL ? 3 * strlen(url) : 0);

  return EVENT_FRAME + texts + texts / 8;
}

static void cut(GArray *entries, guint n, bool *truncated)
{
  g_array_set_size(entries, n);
  *truncated = true;
}

/* No more than could ever find a place, so that an organization with very many events costs no more words
 * than a feed can hold. */
static void limit_number(GArray *entries, Day today, bool *truncated)
{
  if (entries->len <= EVENTS_MAX)
    return;
  g_array_sort_with_data(entries, compare_urgency, &today);
  cut(entries, EVENTS_MAX, truncated);
}

static void limit_size(GArray *entries, Day today, bool *truncated)
{
  gsize size = CALENDAR_FRAME;
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    size += estimate(&g_array_index(entries, Entry, i));
  if (size <= FEED_COMPOSE_BYTES_MAX)
    return;
  g_array_sort_with_data(entries, compare_urgency, &today);
  for (size = CALENDAR_FRAME; n < entries->len; n++) {
    size += estimate(&g_array_index(entries, Entry, n));
    if (size > FEED_COMPOSE_BYTES_MAX)
      break;
  }
  cut(entries, n, truncated);
}

static FeedEvent event_of(const Entry *entry, const FeedStyle *style)
{
  const char *insert = entry->holding->release->package_insert_url;

  return (FeedEvent){
    .uid = entry->uid,
    .sequence = entry->moment.sequence,
    .last_modified = entry->moment.at,
    .day = entry->day,
    .summary = entry->summary,
    .description = entry->description,
    .categories = entry->categories,
    .url = style->page != NULL ? style->page
           : insert != NULL    ? insert
                               : g_hash_table_lookup(style->maker, "url"),
    .cancelled = entry->moment.cancelled,
  };
}

static bool render(GArray *entries, const FeedStyle *style, FeedWords *words, bool truncated,
                   GBytes **ret_bytes, GError **error)
{
  g_autoptr(GArray) events = g_array_sized_new(FALSE, FALSE, sizeof(FeedEvent), entries->len);
  g_autofree char *name = NULL;
  g_autofree char *about = NULL;

  if (!feed_words_calendar(words, truncated, &name, &about, error))
    return false;
  for (guint i = 0; i < entries->len; i++) {
    FeedEvent event = event_of(&g_array_index(entries, Entry, i), style);

    g_array_append_val(events, event);
  }

  Feed feed = { .language = style->language, .name = name, .description = about, .blocks = style->blocks };

  return feed_render(&feed, (const FeedEvent *)(gconstpointer)events->data, events->len, ret_bytes, error);
}

bool feed_compose(const HeldSet *set, const FeedStyle *style, Day today, GBytes **ret_bytes, GError **error)
{
  g_autoptr(FeedWords) words =
      feed_words_new(style->templates, set, style->maker, style->language, style->page);
  g_autoptr(GArray) entries = collect(set, style, today);
  bool truncated = false;

  limit_number(entries, today, &truncated);
  for (guint i = 0; i < entries->len; i++) {
    if (!write_entry(&g_array_index(entries, Entry, i), style, words, error))
      return false;
  }
  limit_size(entries, today, &truncated);
  g_array_sort(entries, compare_days);
  return render(entries, style, words, truncated, ret_bytes, error);
}
