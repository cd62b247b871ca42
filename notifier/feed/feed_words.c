#include "notifier/feed/feed_words.h"

#include "notifier/feed/feed_ends.h"
#include "notifier/template/plan_context.h"
#include "planner/date_text.h"

typedef enum { WORDS_NAME, WORDS_ABOUT, WORDS_SUMMARY, WORDS_DESCRIPTION } Words;

static const char *const template_names[2][4] = {
  { "calendar/ja/name", "calendar/ja/about", "calendar/ja/summary", "calendar/ja/description" },
  { "calendar/en/name", "calendar/en/about", "calendar/en/summary", "calendar/en/description" },
};

struct FeedWords {
  const TemplateSet *templates;
  const HeldSet *set;
  bool english;
  const char *language;
  const char *page;
  json_t *maker;
  json_t *milestones[MILESTONE_COUNT];
  /* The last event's context: the next one changes only what differs. */
  json_t *event;
  const Holding *holding;
  const HeldRevision *revision;
  json_t *eol, *eos, *limited_support, *successor; /* of revision; NULL: absent */
  GString *out;
};

/* Texts come from the store, where another program may have written anything: what is no UTF-8 is mended, so
 * that the event is not lost. */
static json_t *text_value(const char *text)
{
  json_t *value = json_string(text);

  if (value == NULL) {
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    value = json_string(valid);
  }
  return value;
}

static void set_text(json_t *object, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_new(object, key, text_value(text));
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

static json_t *named(const char *name)
{
  json_t *object = json_object();

  set_text(object, "name", name);
  return object;
}

static json_t *milestone_context(Milestone milestone, const char *language)
{
  json_t *object = named(milestone_name(milestone, language));

  set_text(object, "key", milestone_key(milestone));
  json_object_set_new(object, milestone_key(milestone), json_true());
  return object;
}

FeedWords *feed_words_new(const TemplateSet *templates, const HeldSet *set, GHashTable *maker,
                          const char *language, const char *page)
{
  FeedWords *words = g_new0(FeedWords, 1);

  words->templates = templates;
  words->set = set;
  words->page = page;
  words->english = g_str_equal(language, "en");
  words->language = words->english ? "en" : "ja";
  words->maker = maker_context(maker, words->english);
  for (int i = 0; i < MILESTONE_COUNT; i++)
    words->milestones[i] = milestone_context((Milestone)i, words->language);
  words->out = g_string_new(NULL);
  return words;
}

void feed_words_free(FeedWords *words)
{
  if (words == NULL)
    return;
  json_decref(words->maker);
  for (int i = 0; i < MILESTONE_COUNT; i++)
    json_decref(words->milestones[i]);
  json_decref(words->event);
  json_decref(words->eol);
  json_decref(words->eos);
  json_decref(words->limited_support);
  json_decref(words->successor);
  g_string_free(words->out, TRUE);
  g_free(words);
}

static bool render(FeedWords *words, Words which, const json_t *context, char **ret_text, GError **error)
{
  g_string_truncate(words->out, 0);
  if (!template_set_render(words->templates, template_names[words->english][which], context, words->out,
                           error))
    return false;
  *ret_text = g_strndup(words->out->str, words->out->len);
  return true;
}

/* Two templates with one context: both or none. */
static bool render_two(FeedWords *words, const json_t *context, Words first, char **ret_first, Words second,
                       char **ret_second, GError **error)
{
  g_autofree char *text = NULL;

  if (!render(words, first, context, &text, error) || !render(words, second, context, ret_second, error))
    return false;
  *ret_first = g_steal_pointer(&text);
  return true;
}

static json_t *base_context(FeedWords *words)
{
  json_t *object = json_object();

  json_object_set_new(object, "language", json_string(words->language));
  json_object_set(object, "maker", words->maker);
  json_object_set_new(object, "public", json_boolean(words->set->is_product));
  set_text(object, "page", words->page);
  return object;
}

bool feed_words_calendar(FeedWords *words, bool truncated, char **ret_name, char **ret_about, GError **error)
{
  json_t *context = base_context(words);
  const char *organization = in_language(words->english, words->set->name_ja, words->set->name_en);

  json_object_set_new(context, "organization", named(organization));
  json_object_set_new(context, "truncated", json_boolean(truncated));

  bool done = render_two(words, context, WORDS_NAME, ret_name, WORDS_ABOUT, ret_about, error);

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

/* NULL when it is unknown. */
static json_t *plan_date_context(PlanDate date, bool english)
{
  if (date.state == DATE_UNKNOWN)
    return NULL;

  json_t *value = json_object();

  if (date.state == DATE_KNOWN)
    set_day(value, "text", date.day, english);
  else
    set_text(value, "text", english ? "not announced" : "未定");
  json_object_set_new(value, "tba", json_boolean(date.state == DATE_TBA));
  return value;
}

static void enter_holding(FeedWords *words, const Holding *holding)
{
  if (words->holding == holding)
    return;
  json_decref(words->event);
  words->event = holding_context(words, holding);
  words->holding = holding;
}

static void replace(json_t **context, json_t *with)
{
  json_decref(*context);
  *context = with;
}

static json_t *successor_context(const FeedWords *words, const HeldRevision *revision)
{
  const char *name = in_language(words->english, revision->successor_ja, revision->successor_en);

  return name != NULL ? text_value(name) : NULL;
}

static void enter_revision(FeedWords *words, const HeldRevision *revision)
{
  const SupportPlan *plan = revision->plan;

  if (words->revision == revision)
    return;
  replace(&words->eol, plan_date_context(plan->date[MILESTONE_EOL], words->english));
  replace(&words->eos, plan_date_context(plan->date[MILESTONE_EOS], words->english));
  replace(&words->limited_support, plan_context_limited_support(plan, words->language));
  replace(&words->successor, successor_context(words, revision));
  words->revision = revision;
}

static void set_context(json_t *object, const char *key, json_t *value)
{
  if (value != NULL)
    json_object_set(object, key, value);
  else
    json_object_del(object, key);
}

/* { months, text } */
static void set_lead(json_t *object, int months, bool english)
{
  g_autofree char *text = english ? g_strdup_printf("%d month%s before", months, months == 1 ? "" : "s")
                                  : g_strdup_printf("%dか月前", months);

  if (months == 0)
    json_object_del(object, "lead");
  else
    json_object_set_new(object, "lead", json_pack("{s:i, s:s}", "months", months, "text", text));
}

bool feed_words_event(FeedWords *words, const Holding *holding, Milestone milestone, const FeedMoment *moment,
                      int lead, char **ret_summary, char **ret_description, GError **error)
{
  const HeldRevision *revision = moment->revision;
  bool ends_support = milestone == MILESTONE_EOL || milestone == MILESTONE_EOS;

  enter_holding(words, holding);
  enter_revision(words, revision);
  set_context(words->event, "milestone", words->milestones[milestone]);
  set_day(words->event, "date", moment->day, words->english);
  set_lead(words->event, lead, words->english);
  set_context(words->event, "eol", words->eol);
  set_context(words->event, "eos", words->eos);
  set_context(words->event, "successor", words->successor);
  set_context(words->event, "limited_support", ends_support ? words->limited_support : NULL);
  feed_ends_set(words->event, holding, milestone, revision->plan->date[milestone], words->language);
  return render_two(words, words->event, WORDS_SUMMARY, ret_summary, WORDS_DESCRIPTION, ret_description,
                    error);
}
