#include "planner/limited_support.h"

#include <stddef.h>
#include <string.h>

#include "planner/date_text.h"

#define LONGEST 2000 /* bytes of service lines: six of them, and blanks */
#define SHOWN 40     /* characters of a line that an error shows */

static const struct {
  const char *key, *ja, *en;
} services[SERVICE_COUNT] = {
  [SERVICE_SECURITY_UPDATES] = { "security-updates", "セキュリティアップデート", "Security updates" },
  [SERVICE_PARTS] = { "parts", "部品・消耗品の供給", "Parts and consumables" },
  [SERVICE_ON_SITE_REPAIR] = { "on-site-repair", "訪問修理", "On-site repair" },
  [SERVICE_TELEPHONE] = { "telephone", "電話サポート", "Telephone support" },
  [SERVICE_COMPENSATING_CONTROLS] = { "compensating-controls", "補完的対策の提供", "Compensating controls" },
  [SERVICE_MIGRATION_PATH] = { "migration-path", "移行の支援", "Migration path" },
};

/* What people write into a document-number field when there is no document (domain.md, Declared). Compared
 * after NFKC, case folding and trimming: "Ｎ／Ａ" is "n/a" then. "-", "－" and every other text without a
 * letter or digit need no row; the long vowel mark does, being a letter to Unicode and a dash to who types
 * it. */
static const char *const no_document[] = { "なし", "未定", "調整中", "予定", "n/a", "tbd", "ー" };

const char *service_kind_key(ServiceKind kind)
{
  g_assert(kind < SERVICE_COUNT);
  return services[kind].key;
}

bool service_kind_parse(const char *key, ServiceKind *ret_kind)
{
  for (int i = 0; key != NULL && i < SERVICE_COUNT; i++) {
    if (strcmp(services[i].key, key) == 0) {
      *ret_kind = (ServiceKind)i;
      return true;
    }
  }
  return false;
}

const char *service_kind_name(ServiceKind kind, const char *language)
{
  g_assert(kind < SERVICE_COUNT);
  return strcmp(language, "ja") == 0 ? services[kind].ja : services[kind].en;
}

char *service_kind_list(void)
{
  GString *kinds = g_string_new(NULL);

  for (int i = 0; i < SERVICE_COUNT; i++)
    g_string_append_printf(kinds, "%s%s", i == 0 ? "" : ", ", services[i].key);
  return g_string_free(kinds, FALSE);
}

/* Every text of the record: a field that is missing here would be lost by a copy. */
static const size_t texts[] = {
  offsetof(LimitedSupport, doc),       offsetof(LimitedSupport, url),
  offsetof(LimitedSupport, duties_ja), offsetof(LimitedSupport, duties_en),
  offsetof(LimitedSupport, successor), offsetof(LimitedSupport, rationale),
};

G_STATIC_ASSERT(sizeof(LimitedSupport) ==
                G_N_ELEMENTS(texts) * sizeof(char *) + SERVICE_COUNT * sizeof(ServiceLine));

static char **text_at(LimitedSupport *plan, gsize i)
{
  return (char **)(void *)((char *)plan + texts[i]);
}

static const char *text_of(const LimitedSupport *plan, gsize i)
{
  return *(char *const *)(const void *)((const char *)plan + texts[i]);
}

void limited_support_clear(LimitedSupport *plan)
{
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(*text_at(plan, i));
  for (int i = 0; i < SERVICE_COUNT; i++) {
    g_free(plan->line[i].terms_ja);
    g_free(plan->line[i].terms_en);
  }
  *plan = (LimitedSupport){ 0 };
}

void limited_support_copy(LimitedSupport *ret_copy, const LimitedSupport *plan)
{
  LimitedSupport copy = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    *text_at(&copy, i) = g_strdup(text_of(plan, i));
  for (int i = 0; i < SERVICE_COUNT; i++) {
    copy.line[i] = (ServiceLine){
      .until = plan->line[i].until,
      .terms_ja = g_strdup(plan->line[i].terms_ja),
      .terms_en = g_strdup(plan->line[i].terms_en),
    };
  }
  *ret_copy = copy;
}

bool limited_support_equal(const LimitedSupport *a, const LimitedSupport *b)
{
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    if (g_strcmp0(text_of(a, i), text_of(b, i)) != 0)
      return false;
  }
  for (int i = 0; i < SERVICE_COUNT; i++) {
    const ServiceLine *x = &a->line[i], *y = &b->line[i];

    if (x->until != y->until || g_strcmp0(x->terms_ja, y->terms_ja) != 0 ||
        g_strcmp0(x->terms_en, y->terms_en) != 0)
      return false;
  }
  return true;
}

/* What a reader sees of `text`: NFKC, without what is blank at either end. NULL when nothing is left. */
static char *visible_text(const char *text)
{
  if (text == NULL || !g_utf8_validate(text, -1, NULL))
    return NULL;

  g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
  char *from = NULL, *to = NULL;

  for (char *p = normal; *p != '\0'; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (!g_unichar_isgraph(c) || g_unichar_iszerowidth(c))
      continue;
    if (from == NULL)
      from = p;
    to = g_utf8_next_char(p);
  }
  return from == NULL ? NULL : g_strndup(from, (gsize)(to - from));
}

static bool has_letter_or_digit(char *text)
{
  for (char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
    if (g_unichar_isalnum(g_utf8_get_char(p)))
      return true;
  }
  return false;
}

bool limited_support_doc_counts(const char *doc)
{
  g_autofree char *visible = visible_text(doc);

  if (visible == NULL || !has_letter_or_digit(visible))
    return false;

  g_autofree char *folded = g_utf8_casefold(visible, -1);

  for (gsize i = 0; i < G_N_ELEMENTS(no_document); i++) {
    if (strcmp(folded, no_document[i]) == 0)
      return false;
  }
  return true;
}

static bool has_line(const LimitedSupport *plan)
{
  for (int i = 0; i < SERVICE_COUNT; i++) {
    if (plan->line[i].until != DAY_NONE)
      return true;
  }
  return false;
}

char *limited_support_missing(const LimitedSupport *plan)
{
  g_autofree char *duties_ja = visible_text(plan->duties_ja);
  g_autofree char *duties_en = visible_text(plan->duties_en);
  const char *missing[4] = { NULL };
  int n = 0;

  if (!limited_support_doc_counts(plan->doc))
    missing[n++] = "limited_support_doc";
  if (duties_ja == NULL && duties_en == NULL)
    missing[n++] = "limited_support_duties";
  if (!has_line(plan))
    missing[n++] = "limited_support_lines";
  return n == 0 ? NULL : g_strjoin(", ", missing[0], missing[1], missing[2], NULL);
}

bool limited_support_is_declared(const LimitedSupport *plan)
{
  g_autofree char *missing = limited_support_missing(plan);

  return missing == NULL;
}

G_GNUC_PRINTF(3, 4) static bool refuse_part(GError **error, const char *shown, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *why = g_strdup_vprintf(format, arguments);
  va_end(arguments);

  g_autofree char *kinds = service_kind_list();

  g_set_error(error, DATE_TEXT_ERROR, DATE_TEXT_ERROR_FORM,
              "service line \"%s\": %s; write KIND:LAST-DAY, with the kinds %s", shown, why, kinds);
  return false;
}

/* As much of `part` as an error shows; own string. */
static char *shorten(const char *part)
{
  return g_utf8_substring(part, 0, MIN(g_utf8_strlen(part, -1), SHOWN));
}

/* Reads one "kind:date" into `until`. */
static bool parse_part(char *part, Day until[static SERVICE_COUNT], GError **error)
{
  g_autofree char *shown = shorten(part);
  char *colon = strchr(part, ':');

  if (colon == NULL)
    return refuse_part(error, shown, "there is no colon");
  *colon = '\0';

  ServiceKind kind;
  PlanDate date;

  if (!service_kind_parse(g_strstrip(part), &kind))
    return refuse_part(error, shown, "there is no such kind of service");
  if (until[kind] != DAY_NONE)
    return refuse_part(error, shown, "%s stands there twice", services[kind].key);
  if (!date_text_parse(colon + 1, &date, NULL, error)) {
    g_prefix_error(error, "service line \"%s\": ", shown);
    return false;
  }
  if (date.state != DATE_KNOWN)
    return refuse_part(error, shown, "its last day is missing (leave out a line that has none)");
  until[kind] = date.day;
  return true;
}

bool limited_support_parse_lines(const char *text, LimitedSupport *plan, GError **error)
{
  Day until[SERVICE_COUNT] = { DAY_NONE };

  if (text == NULL)
    text = "";
  if (strnlen(text, LONGEST + 1) > LONGEST)
    return refuse_part(error, "…", "the text is too long");
  if (!g_utf8_validate(text, -1, NULL))
    return refuse_part(error, "…", "the text is not UTF-8");

  /* NFKC: full-width ： and ； are typed in Japanese files. */
  g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
  g_auto(GStrv) parts = g_strsplit(normal, ";", -1);

  for (char **part = parts; *part != NULL; part++) {
    if (*g_strstrip(*part) != '\0' && !parse_part(*part, until, error))
      return false;
  }
  for (int i = 0; i < SERVICE_COUNT; i++) {
    if (until[i] == DAY_NONE) {
      g_clear_pointer(&plan->line[i].terms_ja, g_free);
      g_clear_pointer(&plan->line[i].terms_en, g_free);
    }
    plan->line[i].until = until[i];
  }
  return true;
}

char *limited_support_format_lines(const LimitedSupport *plan)
{
  GString *text = g_string_new(NULL);
  char day[DAY_TEXT_SIZE];

  for (int i = 0; i < SERVICE_COUNT; i++) {
    if (plan->line[i].until != DAY_NONE)
      g_string_append_printf(text, "%s%s:%s", text->len == 0 ? "" : ";", services[i].key,
                             day_format(plan->line[i].until, day));
  }
  return g_string_free(text, FALSE);
}
