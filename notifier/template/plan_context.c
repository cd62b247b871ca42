#include "notifier/template/plan_context.h"

#include <string.h>

#include "planner/date_text.h"

static bool is_english(const char *language)
{
  return strcmp(language, "en") == 0;
}

static bool is_blank(gunichar c)
{
  return g_unichar_isspace(c) || g_unichar_iszerowidth(c);
}

/* What is no UTF-8 says something: it is mended, and shown. */
static bool says_something(const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p += g_utf8_skip[(guchar)*p]) {
    gunichar c = g_utf8_get_char_validated(p, -1);

    if (c >= (gunichar)-2 || !is_blank(c))
      return true;
  }
  return false;
}

const char *plan_context_choose(const char *language, const char *ja, const char *en)
{
  const char *wanted = is_english(language) ? en : ja;
  const char *other = is_english(language) ? ja : en;

  return says_something(wanted) ? wanted : says_something(other) ? other : NULL;
}

/* `line` (valid UTF-8) without the blanks at its ends, full-width ones too; a part of it. */
static char *trim(char *line)
{
  char *end = line + strlen(line);

  while (*line != '\0' && is_blank(g_utf8_get_char(line)))
    line = g_utf8_next_char(line);
  for (char *last; end > line; end = last) {
    last = g_utf8_find_prev_char(line, end);
    if (!is_blank(g_utf8_get_char(last)))
      break;
  }
  *end = '\0';
  return line;
}

json_t *plan_context_lines(const char *text)
{
  g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
  g_auto(GStrv) lines = g_strsplit_set(valid, "\r\n", -1);
  json_t *list = json_array();

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = trim(lines[i]);

    if (line[0] != '\0')
      json_array_append_new(list, json_string(line));
  }
  return list;
}

/* A string; what is no UTF-8 is mended. */
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
  if (says_something(text))
    json_object_set_new(object, key, text_value(text));
}

/* [ { text, first_line } ], absent when there are none. */
static void set_terms(json_t *object, const char *terms)
{
  json_t *lines = plan_context_lines(terms);
  json_t *list = json_array(), *line = NULL;
  size_t i = 0;

  json_array_foreach(lines, i, line)
  {
    json_t *item = json_object();

    json_object_set(item, "text", line);
    json_object_set_new(item, "first_line", json_boolean(i == 0));
    json_array_append_new(list, item);
  }
  json_decref(lines);
  if (json_array_size(list) > 0)
    json_object_set(object, "terms", list);
  json_decref(list);
}

static json_t *lines_context(const LimitedSupport *plan, const char *language)
{
  json_t *lines = json_array();

  for (int kind = 0; kind < SERVICE_COUNT; kind++) {
    const ServiceLine *line = &plan->line[kind];

    if (line->until == DAY_NONE)
      continue;

    g_autofree char *until =
        is_english(language) ? date_text_english(line->until) : date_text_japanese(line->until);
    json_t *object = json_object();

    set_text(object, "key", service_kind_key((ServiceKind)kind));
    set_text(object, "name", service_kind_name((ServiceKind)kind, language));
    set_text(object, "until", until);
    set_terms(object, plan_context_choose(language, line->terms_ja, line->terms_en));
    json_array_append_new(lines, object);
  }
  return lines;
}

json_t *plan_context_limited_support(const SupportPlan *plan, const char *language)
{
  const LimitedSupport *support = &plan->limited_support;

  if (!limited_support_is_declared(support))
    return NULL;

  json_t *object = json_object();

  set_text(object, "doc", support->doc);
  set_text(object, "url", support->url);
  json_object_set_new(
      object, "duties",
      plan_context_lines(plan_context_choose(language, support->duties_ja, support->duties_en)));
  json_object_set_new(object, "lines", lines_context(support, language));
  /* LSP-3, by a signed override */
  if (plan_date_coincide(plan->date[MILESTONE_EOL], plan->date[MILESTONE_EOS]))
    json_object_set_new(object, "no_period", json_true());
  return object;
}
