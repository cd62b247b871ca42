#include "notifier/feed/feed_ends.h"

#include <string.h>

#include "db/held_end.h"
#include "notifier/template/plan_context.h"
#include "planner/date_text.h"

/* What is said, and in which language. */
typedef struct {
  const Holding *holding;
  Milestone milestone;
  PlanDate planned;
  const char *language;
} Ends;

static void set_text(json_t *object, const char *key, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

  if (valid != NULL && valid[0] != '\0')
    json_object_set_new(object, key, json_string(valid));
}

static void set_day(json_t *object, const char *key, Day day, const char *language)
{
  g_autofree char *text = strcmp(language, "en") == 0 ? date_text_english(day) : date_text_japanese(day);

  set_text(object, key, text);
}

static void set_count(json_t *object, gint64 n, const char *language)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT "%s", n,
                                          strcmp(language, "en") != 0 ? "台"
                                          : n == 1                    ? " unit"
                                                                      : " units");

  set_text(object, "count", text);
}

static void set_flag(json_t *object, const char *key, bool value)
{
  if (value)
    json_object_set_new(object, key, json_true());
}

/* Takes over `value`; NULL takes the member out. */
static void set_member(json_t *object, const char *key, json_t *value)
{
  if (value != NULL)
    json_object_set_new(object, key, value);
  else
    json_object_del(object, key);
}

/* { until, plan, overtaken }; NULL when there is nothing to tell beside the plan's `eos`. */
static json_t *extension_json(HeldExtension extension, PlanDate eos, const char *language)
{
  json_t *object;

  if (!held_end_shows(extension, eos))
    return NULL;
  object = json_object();
  set_day(object, "until", extension.until, language);
  set_day(object, "plan", eos.day, language);
  set_flag(object, "overtaken", extension.until <= eos.day);
  return object;
}

/* The same of another release's, whose plan may say no EOS (any more): then the contract is all there is. */
static json_t *other_extension_json(HeldExtension extension, PlanDate eos, const char *language)
{
  json_t *object;

  if (eos.state == DATE_KNOWN || extension.until == DAY_NONE || extension.ended)
    return extension_json(extension, eos, language);
  object = json_object();
  set_day(object, "until", extension.until, language);
  return object;
}

/* [ { count, until, overtaken } ] of devices' own, one for each last day; NULL for none. */
static json_t *own_extensions_json(const Ends *ends)
{
  const GArray *own = ends->holding->own_extensions;
  json_t *list = json_array();

  for (guint i = 0; own != NULL && i < own->len;) {
    HeldExtension extension = g_array_index(own, HeldExtension, i);
    gint64 units = 0;

    for (; i < own->len && g_array_index(own, HeldExtension, i).until == extension.until; i++) {
      HeldExtension one = g_array_index(own, HeldExtension, i);

      if (held_end_shows(one, ends->planned))
        units += one.units;
    }
    extension.ended = false;

    json_t *object = units > 0 ? extension_json(extension, ends->planned, ends->language) : NULL;

    if (object == NULL)
      continue;
    set_count(object, units, ends->language);
    json_array_append_new(list, object);
  }
  if (json_array_size(list) > 0)
    return list;
  json_decref(list);
  return NULL;
}

static EffectiveDate date_of(EffectiveEnd end, Milestone milestone)
{
  return milestone == MILESTONE_EOL ? end.eol : end.eos;
}

/* Which comes first, as a flag: other_first, own_first, same_day, other_tba, other_unknown. */
static const char *order_key(EffectiveDate own, EffectiveDate other)
{
  switch (other.date.state) {
  case DATE_TBA:
    return "other_tba";
  case DATE_UNKNOWN:
    return "other_unknown";
  case DATE_KNOWN:
  default:
    return other.date.day < own.date.day   ? "other_first"
           : other.date.day > own.date.day ? "own_first"
                                           : "same_day";
  }
}

/* { count, other_product (where it is another one), release, is_software, day, other, other_extension, and
 * the order } of the units that are made of the event's release and another one. */
static json_t *unit_json(const Ends *ends, const HeldPair *pair)
{
  const HeldRelease *release = pair->other->release;
  EffectiveDate own = ends->milestone == MILESTONE_EOS
                          ? effective_eos(ends->planned, ends->holding->extension.until, DAY_NONE)
                          : effective_plan(ends->planned);
  EffectiveDate other = date_of(held_end(pair->other, DAY_NONE), ends->milestone);
  PlanDate planned = held_end_planned(pair->other, ends->milestone);
  json_t *object = json_object();

  set_count(object, pair->count, ends->language);
  if (g_strcmp0(release->product, ends->holding->release->product) != 0)
    set_text(object, "other_product",
             plan_context_choose(ends->language, release->product_name_ja, release->product_name_en));
  set_text(object, "release", release->name);
  set_flag(object, "is_software", g_strcmp0(release->kind, "software") == 0);
  set_flag(object, order_key(own, other), true);
  set_day(object, "day", effective_first(own, other).date.day, ends->language);
  if (planned.state == DATE_KNOWN)
    set_day(object, "other", planned.day, ends->language);
  if (ends->milestone == MILESTONE_EOS)
    set_member(object, "other_extension",
               other_extension_json(pair->other->extension, planned, ends->language));
  return object;
}

/* { units [ … ] }; NULL for none. */
static json_t *mixed_json(const Ends *ends)
{
  const GPtrArray *pairs = ends->holding->pairs;
  json_t *list = json_array();

  for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
    const HeldPair *pair = pairs->pdata[i];

    if (pair->count > 0 && pair->other != NULL)
      json_array_append_new(list, unit_json(ends, pair));
  }
  if (json_array_size(list) > 0)
    return json_pack("{s:o}", "units", list);
  json_decref(list);
  return NULL;
}

void feed_ends_set(json_t *object, const Holding *holding, Milestone milestone, PlanDate planned,
                   const char *language)
{
  Ends ends = { holding, milestone, planned, language };
  bool of_eos = milestone == MILESTONE_EOS && planned.state == DATE_KNOWN;
  bool of_both = of_eos || (milestone == MILESTONE_EOL && planned.state == DATE_KNOWN);

  set_member(object, "extended", of_eos && holding->extension.until > planned.day ? json_true() : NULL);
  set_member(object, "extension", of_eos ? extension_json(holding->extension, planned, language) : NULL);
  set_member(object, "own_extensions", of_eos ? own_extensions_json(&ends) : NULL);
  set_member(object, "mixed", of_both ? mixed_json(&ends) : NULL);
}
