#include "notifier/feed/feed_block.h"

#include <libical/ical.h>
#include <string.h>

#include "notifier/feed/feed_text.h"
#include "notifier/feed/ical_fold.h"
#include "planner/calendar_event.h"

#define BEGIN "BEGIN:VEVENT\r\n"
#define BEFORE_TEXTS "\r\nDTEND"
#define REMEMBERED_MAX 1024 /* blocks, of a kilobyte or two each */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(icalcomponent, icalcomponent_free)

/* An event without the texts that are a customer's own. */
typedef struct {
  GString *lines;
  gsize texts_at; /* where SUMMARY and DESCRIPTION go; the UID goes behind BEGIN */
} Block;

struct FeedBlockMemo {
  GHashTable *known; /* what a block is made from (GBytes) → Block */
};

static void block_free(gpointer data)
{
  Block *block = data;

  g_string_free(block->lines, TRUE);
  g_free(block);
}

FeedBlockMemo *feed_block_memo_new(void)
{
  FeedBlockMemo *blocks = g_new0(FeedBlockMemo, 1);

  blocks->known =
      g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, block_free);
  return blocks;
}

void feed_block_memo_free(FeedBlockMemo *blocks)
{
  if (blocks == NULL)
    return;
  g_hash_table_unref(blocks->known);
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

/* The event but for the texts that are a customer's own: UID, SUMMARY, DESCRIPTION. */
static icalcomponent *new_event(const FeedEvent *event, struct icaltimetype instant, GString *scratch)
{
  icalcomponent *component = icalcomponent_new(ICAL_VEVENT_COMPONENT);
  icalproperty *busy = icalproperty_new_x("FREE");

  add_when(component, event, instant);
  add_categories(component, event->categories, scratch);
  if (feed_text_url(scratch, event->url))
    add(component, icalproperty_new_url(scratch->str));
  add(component, icalproperty_new_status(event->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
  add(component, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  icalproperty_set_x_name(busy, "X-MICROSOFT-CDO-BUSYSTATUS");
  add(component, busy);
  return component;
}

/* What libical makes of the event but for those texts, and where they go. */
static Block *render_block(const FeedEvent *event, struct icaltimetype instant, GString *scratch)
{
  g_autoptr(icalcomponent) component = new_event(event, instant, scratch);
  char *text = icalcomponent_as_ical_string_r(component);
  Block *block = g_new0(Block, 1);
  const char *last;

  block->lines = g_string_new(NULL);
  feed_block_append_folded(block->lines, text, strlen(text));
  icalmemory_free_buffer(text);
  g_assert(g_str_has_prefix(block->lines->str, BEGIN));
  last = strstr(block->lines->str, BEFORE_TEXTS);
  block->texts_at = (gsize)(strchr(last + strlen("\r\n"), '\n') + 1 - block->lines->str);
  return block;
}

/* A text with its NUL, so that no two lists of texts are the same bytes; NULL is not the empty text. */
static void put_text(GString *key, const char *text)
{
  g_string_append_c(key, text != NULL ? '+' : '-');
  if (text != NULL)
    g_string_append_len(key, text, (gssize)strlen(text) + 1);
}

/* Everything that a block is made from. */
static GBytes *key_of(const FeedEvent *event)
{
  GString *key = g_string_sized_new(256);

  g_string_append_printf(key, "%d %d %d ", event->sequence, event->day, event->cancelled);
  put_text(key, event->last_modified);
  put_text(key, event->url);
  for (gsize i = 0; event->categories != NULL && event->categories[i] != NULL; i++)
    put_text(key, event->categories[i]);
  return g_string_free_to_bytes(key);
}

/* The block of `event`, made or remembered; it belongs to `blocks`. */
static bool find_block(FeedBlockMemo *blocks, const FeedEvent *event, GString *scratch,
                       const Block **ret_block, GError **error)
{
  g_autoptr(GBytes) key = key_of(event);
  Block *block = g_hash_table_lookup(blocks->known, key);
  struct icaltimetype instant;

  if (block == NULL) {
    if (!check_event(event, &instant, error))
      return false;
    if (g_hash_table_size(blocks->known) >= REMEMBERED_MAX)
      g_hash_table_remove_all(blocks->known);
    block = render_block(event, instant, scratch);
    g_hash_table_insert(blocks->known, g_steal_pointer(&key), block);
  }
  *ret_block = block;
  return true;
}

void feed_block_append_text(GString *out, const char *name, const GString *text)
{
  g_autoptr(GString) line = g_string_sized_new(text->len + 64);

  if (text->len == 0)
    return;
  g_string_append(line, name);
  feed_text_escape(line, text->str, '\\');
  ical_fold_text(out, line->str, line->len);
}

static void append_texts(GString *out, const char *language, const FeedEvent *event, GString *scratch)
{
  feed_text_clean(scratch, event->summary, FEED_TEXT_LINE);
  if (event->cancelled)
    g_string_prepend(scratch, g_str_equal(language, "ja") ? "【中止】" : "[CANCELLED] ");
  feed_block_append_text(out, "SUMMARY:", scratch);
  feed_text_clean(scratch, event->description, FEED_TEXT_LINES);
  feed_block_append_text(out, "DESCRIPTION:", scratch);
}

bool feed_block_append(GString *out, FeedBlockMemo *blocks, const char *language, const FeedEvent *event,
                       GString *scratch, GError **error)
{
  const Block *block = NULL;

  if (*feed_text_clean(scratch, event->uid, FEED_TEXT_LINE) == '\0') {
    g_set_error(error, FEED_ERROR, FEED_ERROR_UID, "an event has no UID: \"%s\"", event->summary);
    return false;
  }
  if (!find_block(blocks, event, scratch, &block, error))
    return false;
  g_string_append(out, BEGIN);
  feed_text_clean(scratch, event->uid, FEED_TEXT_LINE);
  feed_block_append_text(out, "UID:", scratch);
  g_string_append_len(out, block->lines->str + strlen(BEGIN), (gssize)(block->texts_at - strlen(BEGIN)));
  append_texts(out, language, event, scratch);
  g_string_append(out, block->lines->str + block->texts_at);
  return true;
}
