/* Foreign text in every field of an event: the calendar stays one of two events, of lines that any reader
 * takes. */

#include "notifier/feed/feed.h"

#include <libical/ical.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAY ((Day)741532) /* 2031-03-31 */

static void check_text(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
  guint n = g_strv_length(lines);

  g_assert(*lines[n - 1] == '\0');
  for (guint i = 0; i + 1 < n; i++) {
    g_assert(strlen(lines[i]) <= 75 && strlen(lines[i]) > 1 && g_utf8_validate(lines[i], -1, NULL));
    for (const char *p = lines[i]; *p != '\0'; p++)
      g_assert((guint8)*p >= 0x20);
  }
}

static void check_calendar(const char *text)
{
  icalcomponent *calendar = icalparser_parse_string(text);

  g_assert(calendar != NULL && icalcomponent_count_errors(calendar) == 0);
  g_assert(icalcomponent_count_components(calendar, ICAL_ANY_COMPONENT) == 2);
  g_assert(icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT) == 2);
  for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
       event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
    g_assert(icalcomponent_count_properties(event, ICAL_ANY_PROPERTY) <= 14); /* CATEGORIES count twice */
    g_assert(icalcomponent_count_properties(event, ICAL_UID_PROPERTY) == 1);
    g_assert(icalcomponent_count_components(event, ICAL_ANY_COMPONENT) == 0);
  }
  icalcomponent_free(calendar);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autofree char *uid = g_strconcat("x", text, NULL);
  const char *const categories[] = { text, "b", NULL };
  FeedEvent events[] = {
    { .uid = uid,
      .sequence = 1,
      .last_modified = "2026-04-01T00:00:00Z",
      .day = DAY,
      .summary = text,
      .description = text,
      .categories = categories,
      .url = text,
      .cancelled = size % 2 == 0 },
    { .uid = "y", .sequence = 1, .last_modified = "2026-04-01T00:00:00Z", .day = DAY, .summary = "y" }
  };
  Feed feed = { "ja", text, text, NULL };
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  if (!feed_render(&feed, events, 2, &bytes, &error))
    g_error("%s", error->message);

  g_autofree char *out = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

  check_text(out);
  check_calendar(out);
  return 0;
}
