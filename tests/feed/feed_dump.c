/* Reads a calendar as JSON from standard input and writes its feed: for check_icalendar.py, which looks at
 * the bytes with other people's software. */

#include "notifier/feed/feed.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text(json_t *object, const char *key)
{
  return json_string_value(json_object_get(object, key));
}

static FeedEvent event_of(json_t *object, GPtrArray *lists)
{
  json_t *list = json_object_get(object, "categories");
  const char **categories = g_new0(const char *, json_array_size(list) + 1);
  FeedEvent event = {
    .uid = text(object, "uid"),
    .sequence = (int)json_integer_value(json_object_get(object, "sequence")),
    .last_modified = text(object, "last_modified"),
    .summary = text(object, "summary"),
    .description = text(object, "description"),
    .url = text(object, "url"),
    .cancelled = json_is_true(json_object_get(object, "cancelled")),
  };

  g_ptr_array_add(lists, categories);
  for (gsize i = 0; i < json_array_size(list); i++)
    categories[i] = json_string_value(json_array_get(list, i));
  event.categories = categories;
  if (!day_parse(text(object, "day"), &event.day))
    event.day = DAY_NONE;
  return event;
}

static int write_feed(json_t *calendar)
{
  json_t *list = json_object_get(calendar, "events");
  g_autofree FeedEvent *events = g_new0(FeedEvent, json_array_size(list) + 1);
  g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
  Feed feed = { text(calendar, "language"), text(calendar, "name"), text(calendar, "description"), NULL };
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < json_array_size(list); i++)
    events[i] = event_of(json_array_get(list, i), lists);
  if (!feed_render(&feed, events, json_array_size(list), &bytes, &error)) {
    fprintf(stderr, "%s\n", error->message);
    return EXIT_FAILURE;
  }
  fwrite(g_bytes_get_data(bytes, NULL), 1, g_bytes_get_size(bytes), stdout);
  return EXIT_SUCCESS;
}

int main(void)
{
  json_error_t said;
  json_t *calendar = json_loadf(stdin, 0, &said);
  int status = write_feed(calendar);

  json_decref(calendar);
  return status;
}
