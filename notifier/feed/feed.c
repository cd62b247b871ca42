#include "notifier/feed/feed.h"

#include <libical/ical.h>
#include <string.h>

#include "notifier/feed/feed_block.h"
#include "notifier/feed/feed_text.h"

#define PRODID "-//kigen//support calendar//EN"
#define COLOR "firebrick" /* a CSS name, as RFC 7986 §5.9 asks */
#define REFRESH_SECONDS 3600
#define REFRESH_TEXT "PT1H"
#define END "END:VCALENDAR\r\n"

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

  feed_text_escape(value, text, FEED_BLOCK_BACKSLASH);

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

static void append_calendar(GString *out, icalcomponent *calendar)
{
  char *text = icalcomponent_as_ical_string_r(calendar);

  feed_block_append_folded(out, text, strlen(text));
  icalmemory_free_buffer(text);
}

/* The events stand before the calendar's end. */
static bool append_events(GString *out, const Feed *feed, const FeedEvent *events, gsize n, GString *scratch,
                          GError **error)
{
  g_assert(g_str_has_suffix(out->str, END));
  g_string_truncate(out, out->len - strlen(END));
  for (gsize i = 0; i < n; i++)
    if (!feed_block_append(out, feed, &events[i], scratch, error))
      return false;
  g_string_append(out, END);
  return true;
}

bool feed_render(const Feed *feed, const FeedEvent *events, gsize n, GBytes **ret_bytes, GError **error)
{
  g_autoptr(GString) scratch = g_string_new(NULL);
  g_autoptr(GString) out = g_string_sized_new(1024 + n * 2048);
  g_autoptr(icalcomponent) calendar = new_calendar(feed, scratch);

  if (n == 0)
    icalcomponent_add_component(calendar, new_time_zone());
  append_calendar(out, calendar);
  if (!append_events(out, feed, events, n, scratch, error))
    return false;
  *ret_bytes = g_string_free_to_bytes(g_steal_pointer(&out));
  return true;
}
