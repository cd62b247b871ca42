#include "notifier/cli/advisory_edit.h"

#include "notifier/cli/plan_match.h"
#include "notifier/cli/suggest.h"
#include "notifier/template/markdown.h"
#include "planner/date_text.h"
#include "planner/plan.h"
#include "planner/web_address.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_CHARS 200 /* a title that a subject carries, an action that is read at once */

const ArgOption advisory_edit_options[] = {
  { "title-ja", "TEXT", "its title in Japanese: the mail's subject" },
  { "title-en", "TEXT", "the same in English" },
  { "action-ja", "TEXT", "what to do, in a sentence: urgent letters begin with it" },
  { "action-en", "TEXT", "the same in English" },
  { "body-ja", "FILE", "its text in Japanese, Markdown; - for standard input" },
  { "body-en", "FILE", "the same in English" },
  { "release", "PATTERN", "PRODUCT/RELEASE that it is about, * and ? allowed; again for more" },
  { "market", "M", "only for organizations in that country (default: *, everywhere)" },
  { "csaf-url", "URL", "where its CSAF document lies" },
  { "csaf-reference", "TEXT", "that document's number" },
  { "component", "NAME", "of a component notice: the component, with its version" },
  { "supplier", "NAME", "who supplies it" },
  { "component-eol", "DAY", "its end of life by the supplier; tba: not announced" },
  { "component-eos", "DAY", "its end of support by the supplier; tba: not announced" },
  { "stage", "S", "what the device's stage becomes: support, limited-support, end-of-support" },
  { NULL },
};

/* The option of a field: "title-ja". Own string. */
static char *option_of(AdvisoryField field)
{
  return g_strdelimit(g_strdup(advisory_field_key(field)), "_", '-');
}

static bool check_line(const char *option, const char *text, GError **error)
{
  if (term_has_control(text))
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "--%s must be on one line, without control characters",
                option);
  else if (g_utf8_strlen(text, -1) > LINE_MAX_CHARS)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "--%s is longer than %d characters: say it shorter, and the rest in the text", option,
                LINE_MAX_CHARS);
  else
    return true;
  return false;
}

static bool check_market(const char *text, GError **error)
{
  bool country = strlen(text) == 2 && g_ascii_isupper(text[0]) && g_ascii_isupper(text[1]);

  if (country || strcmp(text, "*") == 0)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
              "--market %s: a country's code (JP, US), as organizations have it, or * for everywhere", text);
  return false;
}

static bool take_line(AdvisoryField field, const char *option, const char *text, char **ret_value,
                      GError **error)
{
  g_autofree char *trimmed = g_strstrip(g_strdup(text));

  if (!check_line(option, trimmed, error) ||
      (field == ADVISORY_MARKET && trimmed[0] != '\0' && !check_market(trimmed, error)))
    return false;
  *ret_value = g_steal_pointer(&trimmed);
  return true;
}

static bool take_url(AdvisoryField field, const char *option, const char *text, char **ret_value,
                     GError **error)
{
  g_autoptr(GError) problem = NULL;

  if (text[0] == '\0' || web_address_check(text, &problem)) {
    *ret_value = g_strdup(text);
    return true;
  }
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "--%s: \"%s\" %s", option, text, problem->message);
  return false;
}

static bool take_date(AdvisoryField field, const char *option, const char *text, char **ret_value,
                      GError **error)
{
  g_autoptr(GError) problem = NULL;
  g_autofree char *doubt = NULL;
  char buffer[DAY_TEXT_SIZE];
  PlanDate date = { .state = DATE_TBA };

  if (strcmp(text, "tba") != 0 && !date_text_parse(text, &date, &doubt, &problem)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--%s %s: %s", option, text, problem->message);
    return false;
  }
  if (doubt != NULL)
    cli_warn("--%s %s: %s", option, text, doubt);
  *ret_value = g_strdup(plan_date_to_store(date, buffer));
  return true;
}

static bool take_stage(AdvisoryField field, const char *option, const char *text, char **ret_value,
                       GError **error)
{
  const char *const known[] = { stage_key(STAGE_SUPPORT), stage_key(STAGE_LIMITED_SUPPORT),
                                stage_key(STAGE_END_OF_SUPPORT), NULL };

  if (text[0] != '\0' && !g_strv_contains(known, text)) {
    g_autofree char *hint = suggest_hint(text, known);

    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--%s %s: %s", option, text, hint);
    return false;
  }
  *ret_value = g_strdup(text);
  return true;
}

static bool refuse_file(const char *path, int code, GError **error)
{
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "cannot read %s: %s", path, g_strerror(code));
  return false;
}

/* All of `file`, or one byte more than a letter carries. */
static bool read_stream(FILE *file, const char *path, GString *bytes, GError **error)
{
  char buffer[4096];
  gsize n;

  while (bytes->len <= MARKDOWN_SIZE_MAX && (n = fread(buffer, 1, sizeof buffer, file)) > 0)
    g_string_append_len(bytes, buffer, (gssize)n);
  return !ferror(file) || refuse_file(path, errno, error);
}

static bool read_file(const char *path, GString *bytes, GError **error)
{
  FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");

  if (file == NULL)
    return refuse_file(path, errno, error);

  bool done = read_stream(file, path, bytes, error);

  if (file != stdin)
    fclose(file);
  return done;
}

/* A file as editors save it: the mark that Windows puts in front goes, lines end with LF. */
static bool take_markdown(AdvisoryField field, const char *option, const char *path, char **ret_value,
                          GError **error)
{
  const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
  g_autoptr(GString) bytes = g_string_new(NULL);
  g_autoptr(GError) problem = NULL;

  if (path[0] == '\0') {
    *ret_value = NULL;
    return true;
  }
  if (!read_file(path, bytes, error))
    return false;
  if (g_str_has_prefix(bytes->str, "\xef\xbb\xbf"))
    g_string_erase(bytes, 0, 3);
  if (!markdown_check(bytes->str, bytes->len, name, &problem)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s", problem->message);
    return false;
  }
  g_string_replace(bytes, "\r\n", "\n", 0);
  g_string_replace(bytes, "\r", "\n", 0);
  *ret_value = g_strdup(bytes->str);
  return true;
}

typedef bool (*Take)(AdvisoryField field, const char *option, const char *text, char **ret_value,
                     GError **error);

static const Take takes[] = {
  [ADVISORY_LINE] = take_line, [ADVISORY_MARKDOWN] = take_markdown, [ADVISORY_URL] = take_url,
  [ADVISORY_DATE] = take_date, [ADVISORY_STAGE_KEY] = take_stage,
};

static bool apply_field(const Args *args, AdvisoryField field, Advisory *content, GError **error)
{
  g_autofree char *option = option_of(field);
  g_autofree char *value = NULL;
  const char *text = args_text(args, option);

  if (text == NULL)
    return true;
  if (!takes[advisory_field_form(field)](field, option, text, &value, error))
    return false;
  advisory_set(content, field, value);
  return true;
}

static bool apply_releases(Db *db, const Args *args, Advisory *content, GError **error)
{
  const char *pattern;

  if (args_text(args, "release") != NULL)
    g_ptr_array_set_size(content->releases, 0);
  for (guint i = 0; (pattern = args_text_at(args, "release", i)) != NULL; i++) {
    g_autoptr(GPtrArray) rows = NULL;

    if (!plan_match_releases(db, pattern, &rows, error))
      return false;
    for (guint j = 0; j < rows->len; j++) {
      const PlanRow *row = rows->pdata[j];
      g_autofree char *name = g_strconcat(row->product, "/", row->name, NULL);

      advisory_add_release(content, name);
    }
  }
  return true;
}

bool advisory_edit_apply(Db *db, const Args *args, Advisory *content, GError **error)
{
  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    if (!apply_field(args, (AdvisoryField)i, content, error))
      return false;
  if (!apply_releases(db, args, content, error))
    return false;

  const char *problem = advisory_problem(content);

  if (problem == NULL)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s", problem);
  return false;
}

/* "KG-A0001", or without the maker's series "A0001", in any case. */
static bool is_number(const char *number, const char *given)
{
  g_autofree char *key = g_ascii_strup(number, -1);
  g_autofree char *upper = g_ascii_strup(given, -1);
  const char *short_form = strrchr(key, '-');

  return strcmp(key, upper) == 0 || (short_form != NULL && strcmp(short_form + 1, upper) == 0);
}

bool advisory_edit_find_any(Db *db, const char *number, AdvisoryRow **ret_row, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  if (!advisory_store_list(db, ADVISORY_LATEST, &rows, error))
    return false;
  *ret_row = NULL;
  for (guint i = 0; i < rows->len && *ret_row == NULL; i++)
    if (is_number(((const AdvisoryRow *)rows->pdata[i])->number, number))
      *ret_row = g_steal_pointer(&rows->pdata[i]);
  return true;
}

static bool refuse_number(Db *db, const char *number, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  if (!advisory_store_list(db, ADVISORY_LATEST, &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++)
    g_strv_builder_add(builder, ((const AdvisoryRow *)rows->pdata[i])->number);

  g_auto(GStrv) numbers = g_strv_builder_end(builder);
  const char *nearest = suggest_nearest(number, (const char *const *)numbers);

  if (nearest != NULL)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "there is no advisory %s: did you mean %s?", number,
                nearest);
  else
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "there is no advisory %s: kigen advisory list", number);
  return false;
}

bool advisory_edit_find(Db *db, const char *number, AdvisoryRow **ret_row, GError **error)
{
  AdvisoryRow *row = NULL;

  if (!advisory_edit_find_any(db, number, &row, error))
    return false;
  if (row == NULL)
    return refuse_number(db, number, error);
  *ret_row = row;
  return true;
}
