#include "planner/advisory.h"

#include <string.h>

#define KIND(kind) (1u << (kind))
#define URGENT (KIND(NOTICE_SECURITY_ADVISORY) | KIND(NOTICE_STOP_USE))
#define ALL (URGENT | KIND(NOTICE_COMPONENT))

static const struct {
  const char *key;
  AdvisoryForm form;
} fields[ADVISORY_FIELD_COUNT] = {
  [ADVISORY_TITLE_JA] = { "title_ja", ADVISORY_LINE },
  [ADVISORY_TITLE_EN] = { "title_en", ADVISORY_LINE },
  [ADVISORY_ACTION_JA] = { "action_ja", ADVISORY_LINE },
  [ADVISORY_ACTION_EN] = { "action_en", ADVISORY_LINE },
  [ADVISORY_BODY_JA] = { "body_ja", ADVISORY_MARKDOWN },
  [ADVISORY_BODY_EN] = { "body_en", ADVISORY_MARKDOWN },
  [ADVISORY_CSAF_URL] = { "csaf_url", ADVISORY_URL },
  [ADVISORY_CSAF_REFERENCE] = { "csaf_reference", ADVISORY_LINE },
  [ADVISORY_COMPONENT] = { "component", ADVISORY_LINE },
  [ADVISORY_SUPPLIER] = { "supplier", ADVISORY_LINE },
  [ADVISORY_COMPONENT_EOL] = { "component_eol", ADVISORY_DATE },
  [ADVISORY_COMPONENT_EOS] = { "component_eos", ADVISORY_DATE },
  [ADVISORY_STAGE] = { "stage", ADVISORY_STAGE_KEY },
  [ADVISORY_MARKET] = { "market", ADVISORY_LINE },
};

bool advisory_is_kind(NoticeKind kind)
{
  return (ALL & KIND(kind)) != 0;
}

const char *advisory_field_key(AdvisoryField field)
{
  g_assert(field < ADVISORY_FIELD_COUNT);
  return fields[field].key;
}

AdvisoryForm advisory_field_form(AdvisoryField field)
{
  g_assert(field < ADVISORY_FIELD_COUNT);
  return fields[field].form;
}

Advisory *advisory_new(NoticeKind kind)
{
  Advisory *advisory = g_new0(Advisory, 1);

  advisory->kind = kind;
  advisory->text[ADVISORY_MARKET] = g_strdup("*");
  advisory->releases = g_ptr_array_new_with_free_func(g_free);
  return advisory;
}

void advisory_free(Advisory *advisory)
{
  if (advisory == NULL)
    return;
  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    g_free(advisory->text[i]);
  g_ptr_array_unref(advisory->releases);
  g_free(advisory);
}

Advisory *advisory_copy(const Advisory *advisory)
{
  Advisory *copy = advisory_new(advisory->kind);

  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    advisory_set(copy, (AdvisoryField)i, advisory->text[i]);
  for (guint i = 0; i < advisory->releases->len; i++)
    advisory_add_release(copy, advisory->releases->pdata[i]);
  return copy;
}

bool advisory_equal(const Advisory *a, const Advisory *b)
{
  if (a->kind != b->kind || a->releases->len != b->releases->len)
    return false;
  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    if (g_strcmp0(a->text[i], b->text[i]) != 0)
      return false;
  for (guint i = 0; i < a->releases->len; i++)
    if (strcmp(a->releases->pdata[i], b->releases->pdata[i]) != 0)
      return false;
  return true;
}

static bool is_blank(const char *text)
{
  for (const char *p = text; *p != '\0'; p += g_utf8_skip[(guchar)*p])
    if (!g_unichar_isspace(g_utf8_get_char(p)))
      return false;
  return true;
}

void advisory_set(Advisory *advisory, AdvisoryField field, const char *text)
{
  const char *kept = text != NULL && !is_blank(text) ? text : NULL;
  char *copy = g_strdup(kept == NULL && field == ADVISORY_MARKET ? "*" : kept);

  g_free(advisory->text[field]);
  advisory->text[field] = copy;
}

void advisory_add_release(Advisory *advisory, const char *release)
{
  guint i = 0;

  while (i < advisory->releases->len && strcmp(advisory->releases->pdata[i], release) < 0)
    i++;
  if (i == advisory->releases->len || strcmp(advisory->releases->pdata[i], release) != 0)
    g_ptr_array_insert(advisory->releases, (gint)i, g_strdup(release));
}

/* `ja` and the field behind it are one text in two languages. */
static const char *in_language(const Advisory *advisory, AdvisoryField ja, const char *language)
{
  const char *first = advisory->text[ja], *second = advisory->text[ja + 1];

  if (strcmp(language, "en") == 0)
    return second != NULL ? second : first;
  return first != NULL ? first : second;
}

const char *advisory_title(const Advisory *advisory, const char *language)
{
  return in_language(advisory, ADVISORY_TITLE_JA, language);
}

const char *advisory_action(const Advisory *advisory, const char *language)
{
  return in_language(advisory, ADVISORY_ACTION_JA, language);
}

const char *advisory_body(const Advisory *advisory, const char *language)
{
  return in_language(advisory, ADVISORY_BODY_JA, language);
}

const char *advisory_problem(const Advisory *advisory)
{
  if (advisory->text[ADVISORY_TITLE_JA] == NULL)
    return "it has no Japanese title: --title-ja TEXT";
  if (advisory->text[ADVISORY_BODY_JA] == NULL)
    return "it has no Japanese text: --body-ja FILE.md";
  if (advisory->kind == NOTICE_COMPONENT && advisory->text[ADVISORY_COMPONENT] == NULL)
    return "a component notice names the component: --component NAME";
  if (advisory->releases->len == 0)
    return "it is about no release: --release PRODUCT/RELEASE";
  return NULL;
}

/* What a kind's content must say, and words by which it is recognized in title, action and text. Recognized,
 * not understood: it is told to who writes, and stops nothing. */
static const struct {
  guint kinds;
  const char *words[12];
  const char *want;
} contents[] = {
  { ALL,
    { "影響", "リスク", "危害", "おそれ", "impact", "risk", "harm" },
    "it does not seem to say the impact (影響)" },
  { KIND(NOTICE_SECURITY_ADVISORY),
    { "対策", "更新", "パッチ", "緩和", "回避", "修正版", "patch", "update", "mitigat", "workaround",
      "control" },
    "it does not seem to say the patch or the compensating control (対策)" },
  { KIND(NOTICE_SECURITY_ADVISORY),
    { "見通し", "予定", "提供時期", "提供を開始", "提供済", "outlook", "schedule", "available", "planned",
      "fixed in" },
    "it does not seem to say when a fix is to be expected (修正の見通し)" },
  { KIND(NOTICE_STOP_USE),
    { "代替", "代わり", "再開", "alternative", "instead", "resum", "replacement" },
    "it does not seem to say what takes the device's place, or until when (代替手段)" },
  { KIND(NOTICE_COMPONENT),
    { "緩和", "対策", "置き換え", "更新", "代替", "mitigat", "replace", "update", "control" },
    "it does not seem to say the mitigation (緩和策)" },
};

/* Words of Latin letters in any case. */
static bool says(const char *text, const char *const *words)
{
  g_autofree char *lower = text != NULL ? g_utf8_strdown(text, -1) : NULL;

  for (gsize i = 0; lower != NULL && words[i] != NULL; i++)
    if (strstr(lower, words[i]) != NULL)
      return true;
  return false;
}

static bool says_anywhere(const Advisory *advisory, const char *const *words)
{
  for (int i = ADVISORY_TITLE_JA; i <= ADVISORY_BODY_EN; i++)
    if (says(advisory->text[i], words))
      return true;
  return false;
}

/* Fields that a kind asks for. */
static const struct {
  guint kinds;
  AdvisoryField field, or_field;
  const char *want;
} asked[] = {
  { ALL, ADVISORY_TITLE_EN, ADVISORY_TITLE_EN,
    "it has no English title (--title-en): contacts in English read the Japanese one" },
  { ALL, ADVISORY_BODY_EN, ADVISORY_BODY_EN,
    "it has no English text (--body-en): contacts in English read the Japanese one" },
  { URGENT, ADVISORY_ACTION_JA, ADVISORY_ACTION_JA,
    "it does not say what to do in one sentence (--action-ja): the letter begins with a general one" },
  { KIND(NOTICE_SECURITY_ADVISORY), ADVISORY_CSAF_URL, ADVISORY_CSAF_REFERENCE,
    "it names no CSAF document (--csaf-url, --csaf-reference)" },
  { KIND(NOTICE_COMPONENT), ADVISORY_SUPPLIER, ADVISORY_SUPPLIER,
    "it does not name the component's supplier (--supplier)" },
  { KIND(NOTICE_COMPONENT), ADVISORY_COMPONENT_EOS, ADVISORY_COMPONENT_EOL,
    "it does not say when the component's support ends (--component-eos, --component-eol)" },
  { KIND(NOTICE_COMPONENT), ADVISORY_STAGE, ADVISORY_STAGE,
    "it does not say the device's resulting stage (--stage)" },
};

GPtrArray *advisory_wants(const Advisory *advisory)
{
  GPtrArray *wants = g_ptr_array_new_with_free_func(g_free);

  for (gsize i = 0; i < G_N_ELEMENTS(contents); i++)
    if ((contents[i].kinds & KIND(advisory->kind)) != 0 && !says_anywhere(advisory, contents[i].words))
      g_ptr_array_add(wants, g_strdup(contents[i].want));
  for (gsize i = 0; i < G_N_ELEMENTS(asked); i++)
    if ((asked[i].kinds & KIND(advisory->kind)) != 0 && advisory->text[asked[i].field] == NULL &&
        advisory->text[asked[i].or_field] == NULL)
      g_ptr_array_add(wants, g_strdup(asked[i].want));
  return wants;
}
