#include "notifier/feed/feed.h"

#include <libical/ical.h>
#include <string.h>

#include "notifier/feed/feed_block.h"
#include "notifier/feed/feed_text.h"

#define PRODID "-//kigen//support calendar//EN"
#define COLOR "firebrick" /* a CSS name, as RFC 7986 §5.9 asks */
#define REFRESH_SECONDS 3600
#define REFRESH_TEXT "PT1H"
#define BEFORE_NAME "METHOD:PUBLISH\r\n"
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

/* What every calendar has; its name and description go behind METHOD. */
static icalcomponent *new_calendar(void)
{
  icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
  icalproperty *published = icalproperty_new_x(REFRESH_TEXT);

  add(calendar, icalproperty_new_version("2.0"));
  add(calendar, icalproperty_new_prodid(PRODID));
  add(calendar, icalproperty_new_calscale("GREGORIAN"));
  add(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
  add(calendar, icalproperty_new_color(COLOR));
  add(calendar, icalproperty_new_refreshinterval(icaldurationtype_from_int(REFRESH_SECONDS)));
  icalproperty_set_x_name(published, "X-PUBLISHED-TTL");
  add(calendar, published);
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

static char *make_frame(bool with_zone)
{
  g_autoptr(icalcomponent) calendar = new_calendar();
  g_autoptr(GString) frame = g_string_new(NULL);

  if (with_zone)
    icalcomponent_add_component(calendar, new_time_zone());

  char *text = icalcomponent_as_ical_string_r(calendar);

  feed_block_append_folded(frame, text, strlen(text));
  icalmemory_free_buffer(text);
  g_assert(strstr(frame->str, BEFORE_NAME) != NULL && g_str_has_suffix(frame->str, END));
  g_string_truncate(frame, frame->len - strlen(END));
  return g_string_free(g_steal_pointer(&frame), FALSE);
}

/* The calendar without a name, events and its end: always the same, so libical writes it once. */
static const char *find_frame(bool with_zone)
{
  static gsize frames[2];

  if (g_once_init_enter(&frames[with_zone]))
    g_once_init_leave(&frames[with_zone], GPOINTER_TO_SIZE(make_frame(with_zone)));
  return GSIZE_TO_POINTER(frames[with_zone]);
}

static void append_name(GString *out, const Feed *feed, GString *scratch)
{
  const struct {
    const char *text, *name, *x_name;
  } rows[] = { { feed->name, "NAME:", "X-WR-CALNAME:" },
               { feed->description, "DESCRIPTION:", "X-WR-CALDESC:" } };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    feed_text_clean(scratch, rows[i].text, FEED_TEXT_LINE);
    feed_block_append_text(out, rows[i].name, scratch);
    feed_block_append_text(out, rows[i].x_name, scratch);
  }
}

bool feed_render(const Feed *feed, const FeedEvent *events, gsize n, GBytes **ret_bytes, GError **error)
{
  g_autoptr(GString) scratch = g_string_new(NULL);
  g_autoptr(GString) out = g_string_sized_new(1024 + n * 2048);
  g_autoptr(FeedBlockMemo) own = feed->blocks == NULL ? feed_block_memo_new() : NULL;
  FeedBlockMemo *blocks = own != NULL ? own : feed->blocks;
  const char *frame = find_frame(n == 0);
  const char *rest = strstr(frame, BEFORE_NAME) + strlen(BEFORE_NAME);

  g_string_append_len(out, frame, rest - frame);
  append_name(out, feed, scratch);
  g_string_append(out, rest);
  for (gsize i = 0; i < n; i++)
    if (!feed_block_append(out, blocks, feed->language, &events[i], scratch, error))
      return false;
  g_string_append(out, END);
  *ret_bytes = g_string_free_to_bytes(g_steal_pointer(&out));
  return true;
}
