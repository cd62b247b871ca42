#include "notifier/feed/feed.h"

#include <libical/ical.h>
#include <string.h>

#include "notifier/feed/feed_text.h"
#include "notifier/feed/ical_fold.h"
#include "planner/calendar_event.h"

#define PRODID "-//kigen//support calendar//EN"
#define COLOR "firebrick" /* a CSS name, as RFC 7986 §5.9 asks */
#define REFRESH_SECONDS 3600
#define REFRESH_TEXT "PT1H"

/* Stands for a backslash until libical is done: of X- values and CATEGORIES libical escapes the backslash,
 * but neither comma nor semicolon, so that nobody can escape those before it. Cleaned text has no control
 * character. */
#define BACKSLASH_MARK '\x01'

G_DEFINE_AUTOPTR_CLEANUP_FUNC(icalcomponent, icalcomponent_free)

GQuark feed_error_quark(void)
{
  return g_quark_from_static_string("feed-error");
}

static void add(icalcomponent *component, icalproperty *property)
{
  icalcomponent_add_property(component, property);
}

static void add_x(icalcomponent *component, const char *name, const char *text)
{
  g_autoptr(GString) value = g_string_new(NULL);

  feed_text_escape(value, text, BACKSLASH_MARK);

  icalproperty *property = icalproperty_new_x(value->str);

  icalproperty_set_x_name(property, name);
  add(component, property);
}

/* libical writes a property without a value as one that it cannot read back. */
static void add_name(icalcomponent *calendar, const Feed *feed, GString *scratch)
{
  if (*feed_text_clean(scratch, feed->name, FEED_TEXT_LINE) != '\0') {
    add(calendar, icalproperty_new_name(scratch->str));
    add_x(calendar, "X-WR-CALNAME", scratch->str);
  }
  if (*feed_text_clean(scratch, feed->description, FEED_TEXT_LINE) != '\0') {
    add(calendar, icalproperty_new_description(scratch->str));
    add_x(calendar, "X-WR-CALDESC", scratch->str);
  }
}

static icalcomponent *new_calendar(const Feed *feed, GString *scratch)
{
  icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);

  add(calendar, icalproperty_new_version("2.0"));
  add(calendar, icalproperty_new_prodid(PRODID));
  add(calendar, icalproperty_new_calscale("GREGORIAN"));
  add(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
  add_name(calendar, feed, scratch);
  add(calendar, icalproperty_new_color(COLOR));
  add(calendar, icalproperty_new_refreshinterval(icaldurationtype_from_int(REFRESH_SECONDS)));
  add_x(calendar, "X-PUBLISHED-TTL", REFRESH_TEXT);
  return calendar;
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
    feed_text_escape(value, scratch->str, BACKSLASH_MARK);
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

static bool check_event(const FeedEvent *event, GString *scratch, struct icaltimetype *ret_instant,
                        GError **error)
{
  if (*feed_text_clean(scratch, event->uid, FEED_TEXT_LINE) == '\0') {
    g_set_error(error, FEED_ERROR, FEED_ERROR_UID, "an event has no UID: \"%s\"", event->summary);
    return false;
  }
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

static bool add_event(icalcomponent *calendar, const Feed *feed, const FeedEvent *event, GString *scratch,
                      GError **error)
{
  struct icaltimetype instant;

  if (!check_event(event, scratch, &instant, error))
    return false;

  icalcomponent *component = icalcomponent_new(ICAL_VEVENT_COMPONENT);

  icalcomponent_add_component(calendar, component);
  add(component, icalproperty_new_uid(feed_text_clean(scratch, event->uid, FEED_TEXT_LINE)));
  add_when(component, event, instant);
  add_texts(component, feed, event, scratch);
  add(component, icalproperty_new_status(event->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
  add(component, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  add_x(component, "X-MICROSOFT-CDO-BUSYSTATUS", "FREE");
  return true;
}

/* Japan has had no other offset since 1951. */
static icalcomponent *new_time_zone(void)
{
  icalcomponent *zone = icalcomponent_new(ICAL_VTIMEZONE_COMPONENT);
  icalcomponent *standard = icalcomponent_new(ICAL_XSTANDARD_COMPONENT);
  struct icaltimetype start = icaltime_null_time();

  start.year = 1970;
  start.month = start.day = 1;
  add(zone, icalproperty_new_tzid("Asia/Tokyo"));
  add(standard, icalproperty_new_dtstart(start));
  add(standard, icalproperty_new_tzoffsetfrom(9 * 3600));
  add(standard, icalproperty_new_tzoffsetto(9 * 3600));
  add(standard, icalproperty_new_tzname("JST"));
  icalcomponent_add_component(zone, standard);
  return zone;
}

static void restore_backslashes(char *text, gsize length)
{
  for (char *p = text; (p = memchr(p, BACKSLASH_MARK, length - (gsize)(p - text))) != NULL;)
    *p = '\\';
}

static GBytes *serialise(icalcomponent *calendar)
{
  char *text = icalcomponent_as_ical_string_r(calendar);
  gsize length = strlen(text);
  GString *folded = g_string_sized_new(length + length / 16 + 64);

  restore_backslashes(text, length);
  ical_fold_text(folded, text, length);
  icalmemory_free_buffer(text);
  return g_string_free_to_bytes(folded);
}

bool feed_render(const Feed *feed, const FeedEvent *events, gsize n, GBytes **ret_bytes, GError **error)
{
  g_autoptr(GString) scratch = g_string_new(NULL);
  g_autoptr(icalcomponent) calendar = new_calendar(feed, scratch);

  for (gsize i = 0; i < n; i++) {
    if (!add_event(calendar, feed, &events[i], scratch, error))
      return false;
  }
  if (n == 0)
    icalcomponent_add_component(calendar, new_time_zone());
  *ret_bytes = serialise(calendar);
  return true;
}
