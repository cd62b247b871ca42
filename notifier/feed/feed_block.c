#include "notifier/feed/feed_block.h"

#include <libical/ical.h>
#include <string.h>

#include "notifier/feed/feed_text.h"
#include "notifier/feed/ical_fold.h"
#include "planner/calendar_event.h"

#define BEGIN "BEGIN:VEVENT\r\n"
#define REMEMBERED_MAX 1024 /* blocks, of a kilobyte or two each */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(icalcomponent, icalcomponent_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(icalproperty, icalproperty_free)

struct FeedBlocks {
  GHashTable *rests; /* what an event says but for its UID (GBytes) → what follows the UID's line (GBytes) */
};

FeedBlocks *feed_blocks_new(void)
{
  FeedBlocks *blocks = g_new0(FeedBlocks, 1);

  blocks->rests = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref,
                                        (GDestroyNotify)g_bytes_unref);
  return blocks;
}

void feed_blocks_free(FeedBlocks *blocks)
{
  if (blocks == NULL)
    return;
  g_hash_table_unref(blocks->rests);
  g_free(blocks);
}

static void add(icalcomponent *component, icalproperty *property)
{
  icalcomponent_add_property(component, property);
}

static struct icaltimetype whole_day(Day day)
{
  struct icaltimetype value = icaltime_null_date();

  day_to_ymd(day, &value.year, &value.month, &value.day);
  return value;
}

/* The number in `digits` decimal digits at `text`, or -1. */
static int number(const char *text, int digits)
{
  int value = 0;

  for (int i = 0; i < digits; i++) {
    if (!g_ascii_isdigit(text[i]))
      return -1;
    value = 10 * value + g_ascii_digit_value(text[i]);
  }
  return value;
}

static bool parse_instant(const char *text, struct icaltimetype *ret_instant)
{
  if (text == NULL || strlen(text) != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
      text[13] != ':' || text[16] != ':' || text[19] != 'Z')
    return false;

  struct icaltimetype value = icaltime_null_time();

  value.year = number(text, 4);
  value.month = number(text + 5, 2);
  value.day = number(text + 8, 2);
  value.hour = number(text + 11, 2);
  value.minute = number(text + 14, 2);
  value.second = number(text + 17, 2);
  value.zone = icaltimezone_get_utc_timezone();
  if (day_from_ymd(value.year, value.month, value.day) == DAY_NONE || value.hour < 0 || value.hour > 23 ||
      value.minute < 0 || value.minute > 59 || value.second < 0 || value.second > 60)
    return false;
  *ret_instant = value;
  return true;
}

static void add_when(icalcomponent *component, const FeedEvent *event, struct icaltimetype instant)
{
  add(component, icalproperty_new_dtstamp(instant));
  add(component, icalproperty_new_lastmodified(instant));
  add(component, icalproperty_new_sequence(event->sequence));
  add(component, icalproperty_new_dtstart(whole_day(event->day)));
  add(component, icalproperty_new_dtend(whole_day(event->day + 1)));
}

static void add_summary(icalcomponent *component, const Feed *feed, const FeedEvent *event, GString *scratch)
{
  feed_text_clean(scratch, event->summary, FEED_TEXT_LINE);
  if (event->cancelled)
    g_string_prepend(scratch, g_str_equal(feed->language, "ja") ? "【中止】" : "[CANCELLED] ");
  if (scratch->len > 0)
    add(component, icalproperty_new_summary(scratch->str));
}

static void add_categories(icalcomponent *component, const char *const *categories, GString *scratch)
{
  g_autoptr(GString) value = g_string_new(NULL);

  for (gsize i = 0; categories != NULL && categories[i] != NULL; i++) {
    if (*feed_text_clean(scratch, categories[i], FEED_TEXT_LINE) == '\0')
      continue;
    if (value->len > 0)
      g_string_append_c(value, ',');
    feed_text_escape(value, scratch->str, FEED_BLOCK_BACKSLASH);
  }
  if (value->len > 0)
    add(component, icalproperty_new_categories(value->str));
}

static void add_texts(icalcomponent *component, const Feed *feed, const FeedEvent *event, GString *scratch)
{
  add_summary(component, feed, event, scratch);
  if (*feed_text_clean(scratch, event->description, FEED_TEXT_LINES) != '\0')
    add(component, icalproperty_new_description(scratch->str));
  add_categories(component, event->categories, scratch);
  if (feed_text_url(scratch, event->url))
    add(component, icalproperty_new_url(scratch->str));
}

static bool check_event(const FeedEvent *event, struct icaltimetype *ret_instant, GError **error)
{
  if (!calendar_event_day_fits(event->day)) {
    g_set_error(error, FEED_ERROR, FEED_ERROR_DAY, "event %s has no day that a calendar can hold",
                event->uid);
    return false;
  }
  if (!parse_instant(event->last_modified, ret_instant)) {
    g_set_error(error, FEED_ERROR, FEED_ERROR_INSTANT, "event %s: \"%s\" is no instant YYYY-MM-DDTHH:MM:SSZ",
                event->uid, event->last_modified != NULL ? event->last_modified : "");
    return false;
  }
  return true;
}

static void restore_backslashes(char *text, gsize length)
{
  for (char *p = text; (p = memchr(p, FEED_BLOCK_BACKSLASH, length - (gsize)(p - text))) != NULL;)
    *p = '\\';
}

void feed_block_append_folded(GString *out, char *text, gsize length)
{
  restore_backslashes(text, length);
  ical_fold_text(out, text, length);
}

/* The event but for its UID. */
static icalcomponent *new_event(const Feed *feed, const FeedEvent *event, struct icaltimetype instant,
                                GString *scratch)
{
  icalcomponent *component = icalcomponent_new(ICAL_VEVENT_COMPONENT);
  icalproperty *busy = icalproperty_new_x("FREE");

  add_when(component, event, instant);
  add_texts(component, feed, event, scratch);
  add(component, icalproperty_new_status(event->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
  add(component, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  icalproperty_set_x_name(busy, "X-MICROSOFT-CDO-BUSYSTATUS");
  add(component, busy);
  return component;
}

/* What follows the line of the UID. */
static GBytes *render_rest(const Feed *feed, const FeedEvent *event, struct icaltimetype instant,
                           GString *scratch)
{
  g_autoptr(icalcomponent) component = new_event(feed, event, instant, scratch);
  char *text = icalcomponent_as_ical_string_r(component);
  gsize length = strlen(text);
  GString *folded = g_string_sized_new(length + length / 16 + 64);

  g_assert(g_str_has_prefix(text, BEGIN));
  feed_block_append_folded(folded, text + strlen(BEGIN), length - strlen(BEGIN));
  icalmemory_free_buffer(text);
  return g_string_free_to_bytes(folded);
}

/* A text with its NUL, so that no two lists of texts are the same bytes; NULL is not the empty text. */
static void put_text(GString *key, const char *text)
{
  g_string_append_c(key, text != NULL ? '+' : '-');
  if (text != NULL)
    g_string_append_len(key, text, (gssize)strlen(text) + 1);
}

/* Everything that the rest is made from. */
static GBytes *key_of(const Feed *feed, const FeedEvent *event)
{
  GString *key = g_string_sized_new(1024);

  g_string_append_printf(key, "%d %d %d ", event->sequence, event->day, event->cancelled);
  put_text(key, event->cancelled ? feed->language : NULL);
  put_text(key, event->last_modified);
  put_text(key, event->summary);
  put_text(key, event->description);
  put_text(key, event->url);
  for (gsize i = 0; event->categories != NULL && event->categories[i] != NULL; i++)
    put_text(key, event->categories[i]);
  return g_string_free_to_bytes(key);
}

static void remember(FeedBlocks *blocks, GBytes *key, GBytes *rest)
{
  if (g_hash_table_size(blocks->rests) >= REMEMBERED_MAX)
    g_hash_table_remove_all(blocks->rests);
  g_hash_table_insert(blocks->rests, g_bytes_ref(key), g_bytes_ref(rest));
}

/* The rest, rendered or remembered. A reference. */
static bool find_rest(const Feed *feed, const FeedEvent *event, GString *scratch, GBytes **ret_rest,
                      GError **error)
{
  g_autoptr(GBytes) key = feed->blocks != NULL ? key_of(feed, event) : NULL;
  GBytes *known = key != NULL ? g_hash_table_lookup(feed->blocks->rests, key) : NULL;
  struct icaltimetype instant;

  if (known != NULL) {
    *ret_rest = g_bytes_ref(known);
    return true;
  }
  if (!check_event(event, &instant, error))
    return false;
  *ret_rest = render_rest(feed, event, instant, scratch);
  if (key != NULL)
    remember(feed->blocks, key, *ret_rest);
  return true;
}

static void append_uid(GString *out, const char *uid)
{
  g_autoptr(icalproperty) property = icalproperty_new_uid(uid);
  char *text = icalproperty_as_ical_string_r(property);

  ical_fold_text(out, text, strlen(text));
  icalmemory_free_buffer(text);
}

bool feed_block_append(GString *out, const Feed *feed, const FeedEvent *event, GString *scratch,
                       GError **error)
{
  g_autoptr(GBytes) rest = NULL;
  gsize size = 0;

  if (*feed_text_clean(scratch, event->uid, FEED_TEXT_LINE) == '\0') {
    g_set_error(error, FEED_ERROR, FEED_ERROR_UID, "an event has no UID: \"%s\"", event->summary);
    return false;
  }
  if (!find_rest(feed, event, scratch, &rest, error))
    return false;

  const char *bytes = g_bytes_get_data(rest, &size);

  g_string_append(out, BEGIN);
  append_uid(out, feed_text_clean(scratch, event->uid, FEED_TEXT_LINE));
  g_string_append_len(out, bytes, (gssize)size);
  return true;
}
