#include "notifier/cli/cmd_report.h"
#include "notifier/cli/conformity_report.h"
#include "notifier/template/template_set.h"

#include <string.h>

static const char help[] =
    "The table that an application needs (適合性確認通知; QA Q2): each requirement, the internal document "
    "named "
    "for it (kigen\n"
    "documents set), and what kigen itself proves: the maintenance plan with its end of support, how "
    "customers "
    "are told, the\n"
    "security contact. --format html is a page to print on A4, or as PDF by a browser.";

static const ReportColumn columns_ja[] = {
  { "item", "項目" },      { "clause", NULL },          { "state", NULL },  { "documents", "社内文書" },
  { "missing_for", NULL }, { "proofs", "kigenの記録" }, { "source", NULL }, { "requirement", "要求事項" },
  { NULL, NULL },
};
static const ReportColumn columns_en[] = {
  { "item", "ITEM" },      { "clause", NULL },           { "state", NULL },  { "documents", "DOCUMENT" },
  { "missing_for", NULL }, { "proofs", "KIGEN PROVES" }, { "source", NULL }, { "requirement", "REQUIREMENT" },
  { NULL, NULL },
};

static const char *text_of(const Json *object, const char *key)
{
  return json_string_value(json_object_get(object, key));
}

/* "SWM-001「保守計画書」(V4.1)" for each, joined. Own string. */
static char *documents_text(const Json *item, bool japanese)
{
  const Json *list = json_object_get(item, "documents");
  GString *text = g_string_new(NULL);

  for (gsize i = 0; i < json_array_size(list); i++) {
    const Json *row = json_array_get(list, i);
    const char *title = text_of(row, "title"), *release = text_of(row, "release");

    g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", text_of(row, "document"));
    if (title != NULL)
      g_string_append_printf(text, japanese ? "「%s」" : " \"%s\"", title);
    if (release != NULL)
      g_string_append_printf(text, " (%s)", release);
  }
  return g_string_free(text, FALSE);
}

/* What stands in the text table's column of documents. Own string. */
static char *shown_documents(const Json *item, const char *documents, bool japanese)
{
  const char *missing_for = text_of(item, "missing_for"), *state = text_of(item, "state");
  const char *nothing = japanese ? "未特定" : "none named";

  if (strcmp(state, "exempt") == 0)
    return g_strdup(japanese ? "記載不要（QA2 Q8）" : "not asked (QA2 Q8)");
  if (strcmp(state, "missing") == 0)
    return g_strdup(nothing);
  return strcmp(state, "partly") == 0 ? g_strdup_printf("%s; %s: %s", documents, nothing, missing_for)
                                      : g_strdup(documents);
}

static char *proofs_text(const Json *item)
{
  const Json *list = json_object_get(item, "proofs");
  GString *text = g_string_new(NULL);

  for (gsize i = 0; i < json_array_size(list); i++)
    g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", text_of(json_array_get(list, i), "text"));
  return g_string_free(text, FALSE);
}

static void put_item(ReportSheet *sheet, const Json *item, bool japanese, bool csv)
{
  g_autofree char *documents = documents_text(item, japanese), *proofs = proofs_text(item);
  g_autofree char *shown = shown_documents(item, documents, japanese);
  bool lacks = *text_of(item, "missing_for") != '\0' || strcmp(text_of(item, "state"), "missing") == 0;

  report_sheet_styled(sheet, text_of(item, "item"), STYLE_BOLD);
  report_sheet_text(sheet, text_of(item, "clause"));
  report_sheet_text(sheet, text_of(item, "state"));
  report_sheet_styled(sheet, csv ? documents : shown, lacks ? STYLE_RED : STYLE_PLAIN);
  report_sheet_text(sheet, text_of(item, "missing_for"));
  report_sheet_text(sheet, proofs);
  report_sheet_text(sheet, text_of(item, "source"));
  report_sheet_text(sheet, text_of(item, "requirement"));
}

static void print_sheet(const Json *report, ReportFormat format, bool japanese)
{
  const Json *items = json_object_get(report, "items"), *product = json_object_get(report, "product");
  int asked = (int)json_integer_value(json_object_get(report, "asked"));
  int open = (int)json_integer_value(json_object_get(report, "open"));
  g_autoptr(ReportSheet) sheet = report_sheet_new(japanese ? columns_ja : columns_en);
  g_autofree char *line =
      g_strdup_printf(japanese ? "要求事項%d項目のうち、社内文書を特定していないもの: %d項目"
                               : "%d requirements asked, %d without a document for every release",
                      asked, open);

  for (gsize i = 0; i < json_array_size(items); i++)
    put_item(sheet, json_array_get(items, i), japanese, format == REPORT_CSV);
  if (format == REPORT_TEXT)
    printf("%s  %s  %s\n%s%s\n\n", text_of(product, "code"), text_of(product, "name"),
           text_of(report, "date"),
           japanese ? "基本要件基準第12条第3項: " : "Article 12(3): ", text_of(product, "scope"));
  cmd_report_print(sheet, format, "items", NULL, "", line);
}

static bool print_page(const Json *report, const char *language, GError **error)
{
  g_autofree char *name = g_strdup_printf("report/%s/conformity.html", language);
  g_autoptr(TemplateSet) templates = NULL;
  g_autoptr(GString) page = g_string_new(NULL);

  if (!template_set_load(&templates, error) || !template_set_render(templates, name, report, page, error))
    return false;
  fwrite(page->str, 1, page->len, stdout);
  return true;
}

static bool conformity_run(Cli *cli, const Args *args, GError **error)
{
  const char *code = args_word(args, 0), *language = NULL;
  g_autoptr(Json) report = NULL;
  ReportFormat format = REPORT_TEXT;
  Day today = DAY_NONE;
  Db *db = NULL;

  if (!report_format_read(cli, args, true, &format, error) ||
      !report_sheet_language(args, &language, error) || !cli_today(cli, &today, error) ||
      !cli_store(cli, DB_READ, &db, error) || !db_begin_read(db, error) ||
      !conformity_report_build(db, code, language, today, &report, error))
    return false;
  if (report == NULL)
    return cmd_report_refuse_product(db, code, error);
  if (format == REPORT_HTML)
    return print_page(report, language, error);
  if (format == REPORT_JSON)
    cli_print_json(report);
  else
    print_sheet(report, format, *language == 'j');
  return true;
}

const Command cmd_report_conformity = {
  .name = "conformity",
  .summary = "The requirements of an application, the document of each, and what kigen proves",
  .words = "PRODUCT",
  .min_words = 1,
  .max_words = 1,
  .options = { report_sheet_format_option, report_sheet_language_option },
  .help = help,
  .run = conformity_run,
};
