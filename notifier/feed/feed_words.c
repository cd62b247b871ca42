#include "notifier/feed/feed_words.h"

#include "planner/date_text.h"

struct FeedWords {
  const TemplateSet *templates;
  const HeldSet *set;
  bool english;
  const char *language;
  json_t *maker;
  json_t *event; /* context of the last event; the next one of its holding changes only what differs */
  const Holding *holding; /* whose it is */
  GString *out;
};

/* Texts come from the store, where another program may have written anything: what is no UTF-8 is mended, so
 * that the event is not lost. */
static void set_text(json_t *object, const char *key, const char *text)
{
  if (text == NULL || *text == '\0')
    return;

  json_t *value = json_string(text);

  if (value == NULL) {
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    value = json_string(valid);
  }
  json_object_set_new(object, key, value);
}

static const char *in_language(bool english, const char *ja, const char *en)
{
  const char *wanted = english ? en : ja;
  const char *other = english ? ja : en;

  return wanted != NULL && *wanted != '\0' ? wanted : other;
}

static const char *maker_field(GHashTable *maker, bool english, const char *ja, const char *en)
{
  return in_language(english, g_hash_table_lookup(maker, ja), g_hash_table_lookup(maker, en));
}

static json_t *maker_context(GHashTable *maker, bool english)
{
  static const char *const fields[][3] = {
    { "name", "name_ja", "name_en" }, { "department", "department_ja", "department_en" },
    { "phone", "phone", "phone" },    { "phone_hours", "phone_hours_ja", "phone_hours_en" },
    { "email", "email", "email" },    { "security_contact", "security_contact", "security_contact" },
    { "url", "url", "url" },
  };
  json_t *object = json_object();

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    set_text(object, fields[i][0], maker_field(maker, english, fields[i][1], fields[i][2]));
  return object;
}

FeedWords *feed_words_new(const TemplateSet *templates, const HeldSet *set, GHashTable *maker,
                          const char *language)
{
  FeedWords *words = g_new0(FeedWords, 1);

  words->templates = templates;
  words->set = set;
  words->english = g_str_equal(language, "en");
  words->language = words->english ? "en" : "ja";
  words->maker = maker_context(maker, words->english);
  words->out = g_string_new(NULL);
  return words;
}

void feed_words_free(FeedWords *words)
{
  if (words == NULL)
    return;
  json_decref(words->maker);
  json_decref(words->event);
  g_string_free(words->out, TRUE);
  g_free(words);
}

static bool render(FeedWords *words, const char *name, const json_t *context, char **ret_text, GError **error)
{
  char path[64];

  g_snprintf(path, sizeof path, "calendar/%s/%s", words->language, name);
  g_string_truncate(words->out, 0);
  if (!template_set_render(words->templates, path, context, words->out, error))
    return false;
  *ret_text = g_strndup(words->out->str, words->out->len);
  return true;
}

/* Two templates with one context: both or none. */
static bool render_two(FeedWords *words, const json_t *context, const char *const name[2],
                       char **const ret_text[2], GError **error)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (!render(words, name[0], context, &first, error) || !render(words, name[1], context, &second, error))
    return false;
  *ret_text[0] = g_steal_pointer(&first);
  *ret_text[1] = g_steal_pointer(&second);
  return true;
}

static json_t *named(const char *name)
{
  json_t *object = json_object();

  set_text(object, "name", name);
  return object;
}

static json_t *base_context(FeedWords *words)
{
  json_t *object = json_object();

  json_object_set_new(object, "language", json_string(words->language));
  json_object_set(object, "maker", words->maker);
  return object;
}

bool feed_words_calendar(FeedWords *words, bool truncated, char **ret_name, char **ret_about, GError **error)
{
  json_t *context = base_context(words);
  const char *organization = in_language(words->english, words->set->name_ja, words->set->name_en);

  json_object_set_new(context, "organization", named(organization));
  json_object_set_new(context, "truncated", json_boolean(truncated));

  bool done = render_two(words, context, (const char *const[]){ "name", "about" },
                         (char **const[]){ ret_name, ret_about }, error);

  json_decref(context);
  return done;
}

const char *feed_words_product(const FeedWords *words, const HeldRelease *release)
{
  return in_language(words->english, release->product_name_ja, release->product_name_en);
}

static json_t *product_context(FeedWords *words, const HeldRelease *release)
{
  json_t *object = named(feed_words_product(words, release));

  set_text(object, "code", release->product);
  set_text(object, "generic_name", release->generic_name);
  set_text(object, "approval_no", release->approval_no);
  set_text(object, "successor", release->successor);
  set_text(object, "security_contact", release->security_contact);
  set_text(object, "package_insert_url", release->package_insert_url);
  return object;
}

static void set_count(json_t *object, gint64 count, bool english)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT "%s", count,
                                          !english     ? "台"
                                          : count == 1 ? " unit"
                                                       : " units");

  if (count > 0)
    set_text(object, "count", text);
}

/* What all events of a holding have in common. */
static json_t *holding_context(FeedWords *words, const Holding *holding)
{
  json_t *object = base_context(words);
  const HeldRelease *release = holding->release;
  const char *organization =
      in_language(words->english, holding->organization_name_ja, holding->organization_name_en);

  json_object_set_new(object, "product", product_context(words, release));
  set_text(object, "release", release->name);
  set_text(object, "release_kind", release->kind);
  json_object_set_new(object, "organization", named(organization));
  json_object_set_new(object, "site", json_boolean(holding->organization != words->set->organization));
  set_count(object, holding->count, words->english);
  return object;
}

static char *day_text(Day day, bool english)
{
  return english ? date_text_english(day) : date_text_japanese(day);
}

static void set_day(json_t *object, const char *key, Day day, bool english)
{
  g_autofree char *text = day_text(day, english);

  set_text(object, key, text);
}

static void set_plan_date(json_t *object, const char *key, PlanDate date, bool english)
{
  if (date.state == DATE_UNKNOWN) {
    json_object_del(object, key);
    return;
  }

  json_t *value = json_object();

  if (date.state == DATE_KNOWN)
    set_day(value, "text", date.day, english);
  else
    set_text(value, "text", english ? "not announced" : "未定");
  json_object_set_new(value, "tba", json_boolean(date.state == DATE_TBA));
  json_object_set_new(object, key, value);
}

static json_t *lines_context(const LimitedSupport *plan, FeedWords *words)
{
  json_t *lines = json_array();

  for (int kind = 0; kind < SERVICE_COUNT; kind++) {
    const ServiceLine *line = &plan->line[kind];

    if (line->until == DAY_NONE)
      continue;

    json_t *object = named(service_kind_name((ServiceKind)kind, words->language));

    set_text(object, "key", service_kind_key((ServiceKind)kind));
    set_day(object, "until", line->until, words->english);
    set_text(object, "terms", in_language(words->english, line->terms_ja, line->terms_en));
    json_array_append_new(lines, object);
  }
  return lines;
}

static void set_limited_support(json_t *object, const LimitedSupport *plan, FeedWords *words, bool wanted)
{
  if (!wanted || !limited_support_is_declared(plan)) {
    json_object_del(object, "limited_support");
    return;
  }

  json_t *value = json_object();

  set_text(value, "doc", plan->doc);
  set_text(value, "duties", in_language(words->english, plan->duties_ja, plan->duties_en));
  json_object_set_new(value, "lines", lines_context(plan, words));
  json_object_set_new(object, "limited_support", value);
}

static json_t *milestone_context(Milestone milestone, const char *language)
{
  json_t *object = named(milestone_name(milestone, language));

  set_text(object, "key", milestone_key(milestone));
  json_object_set_new(object, milestone_key(milestone), json_true());
  return object;
}

bool feed_words_event(FeedWords *words, const Holding *holding, const SupportPlan *plan, Milestone milestone,
                      char **ret_summary, char **ret_description, GError **error)
{
  if (words->holding != holding) {
    json_decref(words->event);
    words->event = holding_context(words, holding);
    words->holding = holding;
  }
  json_object_set_new(words->event, "milestone", milestone_context(milestone, words->language));
  set_day(words->event, "date", plan->date[milestone].day, words->english);
  set_plan_date(words->event, "eol", plan->date[MILESTONE_EOL], words->english);
  set_plan_date(words->event, "eos", plan->date[MILESTONE_EOS], words->english);
  set_limited_support(words->event, &plan->limited_support, words,
                      milestone == MILESTONE_EOL || milestone == MILESTONE_EOS);
  return render_two(words, words->event, (const char *const[]){ "summary", "description" },
                    (char **const[]){ ret_summary, ret_description }, error);
}
