#include "notifier/mail/letter_calendar.h"

#include <string.h>

#include "notifier/feed/feed.h"
#include "notifier/mail/letter_json.h"
#include "planner/plan.h"

/* An event with the words it owns. */
typedef struct {
  FeedEvent event; /* uid and last_modified belong to the context */
  char *summary, *description, *milestone;
  const char *categories[3];
} Entry;

static void entry_free(Entry *entry)
{
  g_free(entry->summary);
  g_free(entry->description);
  g_free(entry->milestone);
  g_free(entry);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Entry, entry_free)

/* What events are made with. */
typedef struct {
  const TemplateSet *templates;
  const json_t *context;
  const char *language;
} Maker;

/* Renders calendar/<language>/`name`. Own string. */
static bool render(const Maker *maker, const char *name, const json_t *context, char **ret_text,
                   GError **error)
{
  g_autofree char *path = g_strdup_printf("calendar/%s/%s", maker->language, name);
  g_autoptr(GString) out = g_string_sized_new(1024);

  if (!template_set_render(maker->templates, path, context, out, error))
    return false;
  *ret_text = g_string_free(g_steal_pointer(&out), FALSE);
  return true;
}

/* What calendar templates see of a notice, and of an event. */
static const char *const of_notice[] = { "product", "release", "release_kind", "organization",
                                         "eol",     "eos",     "successor",    NULL };
static const char *const of_event[] = { "date", "extended", "extension", "own_extensions", "mixed", NULL };

/* Copies the members `keys` of `from`. */
static void copy_members(json_t *object, const json_t *from, const char *const *keys)
{
  for (gsize i = 0; keys[i] != NULL; i++) {
    json_t *value = json_object_get(from, keys[i]);

    if (value != NULL)
      json_object_set(object, keys[i], value);
  }
}

static json_t *milestone_json(const char *key, const char *language)
{
  json_t *object = json_object();
  Milestone milestone;

  letter_json_text(object, "key", key);
  letter_json_flag(object, key, true);
  if (milestone_parse(key, &milestone))
    letter_json_text(object, "name", milestone_name(milestone, language));
  return object;
}

static json_t *event_context(const Maker *maker, const json_t *notice, const json_t *event, const char *key)
{
  const json_t *organization = json_object_get(notice, "organization");
  const json_t *limited = json_object_get(notice, "limited_support");
  json_t *object = json_object();

  letter_json_text(object, "language", maker->language);
  copy_members(object, notice, of_notice);
  json_object_set(object, "maker", json_object_get(maker->context, "maker"));
  json_object_set_new(object, "milestone", milestone_json(key, maker->language));
  letter_json_text(object, "date", letter_json_get(json_object_get(notice, key), "text"));
  copy_members(object, event, of_event);
  letter_json_text(object, "count", letter_json_get(notice, "device_count"));
  letter_json_flag(object, "site", json_is_true(json_object_get(organization, "other")));
  if (limited != NULL && (strcmp(key, "eol") == 0 || strcmp(key, "eos") == 0))
    json_object_set(object, "limited_support", json_object_get(notice, "limited_support"));
  return object;
}

static bool make_entry(const Maker *maker, const json_t *notice, const json_t *event, Entry **ret_entry,
                       GError **error)
{
  const char *key = letter_json_choose(letter_json_get(event, "key"), "");
  g_autoptr(json_t) context = event_context(maker, notice, event, key);
  g_autoptr(Entry) entry = g_new0(Entry, 1);
  Day day = DAY_NONE;

  if (!day_parse(letter_json_choose(letter_json_get(event, "day"), ""), &day))
    day = DAY_NONE; /* feed_render refuses it */
  if (!render(maker, "summary", context, &entry->summary, error) ||
      !render(maker, "description", context, &entry->description, error))
    return false;
  entry->milestone = g_strdup(letter_json_get(json_object_get(context, "milestone"), "name"));
  entry->categories[0] = entry->milestone;
  entry->categories[1] = letter_json_get(json_object_get(notice, "product"), "name");
  entry->event =
      (FeedEvent){ .uid = letter_json_get(event, "uid"),
                   .sequence = (int)json_integer_value(json_object_get(event, "sequence")),
                   .last_modified = letter_json_get(event, "at"),
                   .day = day,
                   .summary = entry->summary,
                   .description = entry->description,
                   .url = letter_json_get(json_object_get(notice, "product"), "package_insert_url") };
  *ret_entry = g_steal_pointer(&entry);
  return true;
}

/* Adds the events of `notice` whose UID is not among `uids` yet. */
static bool add_events(const Maker *maker, const json_t *notice, GHashTable *uids, GPtrArray *entries,
                       GError **error)
{
  const json_t *event;
  gsize i;

  json_array_foreach(json_object_get(notice, "events"), i, event)
  {
    Entry *entry = NULL;

    if (g_hash_table_contains(uids, letter_json_get(event, "uid")))
      continue;
    if (!make_entry(maker, notice, event, &entry, error))
      return false;
    g_hash_table_add(uids, g_strdup(letter_json_get(event, "uid")));
    g_ptr_array_add(entries, entry);
  }
  return true;
}

static bool collect(const Maker *maker, GPtrArray *entries, GError **error)
{
  g_autoptr(GHashTable) uids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const json_t *notice;
  gsize i;

  json_array_foreach(json_object_get(maker->context, "notices"), i,
                     notice) if (!add_events(maker, notice, uids, entries, error)) return false;
  return true;
}

/* The calendar's own name and what it is about. */
static bool render_frame(const Maker *maker, char **ret_name, char **ret_about, GError **error)
{
  g_autoptr(json_t) context = json_object();
  json_t *organization = json_object();
  g_autofree char *name = NULL;

  letter_json_text(organization, "name",
                   letter_json_get(json_object_get(maker->context, "recipient"), "organization"));
  letter_json_text(context, "language", maker->language);
  json_object_set_new(context, "organization", organization);
  json_object_set(context, "maker", json_object_get(maker->context, "maker"));
  if (!render(maker, "name", context, &name, error) || !render(maker, "about", context, ret_about, error))
    return false;
  *ret_name = g_steal_pointer(&name);
  return true;
}

/* Points the events at the entries' own categories, and puts them into one block. Free it. */
static FeedEvent *as_events(const GPtrArray *entries)
{
  FeedEvent *events = g_new0(FeedEvent, entries->len);

  for (guint i = 0; i < entries->len; i++) {
    const Entry *entry = entries->pdata[i];

    events[i] = entry->event;
    events[i].categories = entry->categories;
  }
  return events;
}

bool letter_calendar_render(const TemplateSet *templates, const json_t *context, FeedBlockMemo *blocks,
                            GBytes **ret_bytes, GError **error)
{
  Maker maker = { templates, context, letter_json_choose(letter_json_get(context, "language"), "ja") };
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
  g_autofree char *name = NULL;
  g_autofree char *about = NULL;

  if (!collect(&maker, entries, error))
    return false;
  if (entries->len == 0) {
    *ret_bytes = NULL;
    return true;
  }
  if (!render_frame(&maker, &name, &about, error))
    return false;

  Feed feed = { .language = maker.language, .name = name, .description = about, .blocks = blocks };
  g_autofree FeedEvent *events = as_events(entries);

  return feed_render(&feed, events, entries->len, ret_bytes, error);
}
