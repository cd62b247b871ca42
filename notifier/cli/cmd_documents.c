#include "db/document_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/document_name.h"
#include "notifier/cli/report_sheet.h"
#include "notifier/cli/table.h"
#include "planner/conformity.h"

static const ArgOption title_option[] = { { "title", "TEXT", "the document's title" }, { NULL } };

static const char set_help[] =
    "ITEM is a requirement of 適合性確認通知 or annex F, as kigen documents items lists them: '1(2)c', or "
    "'1(2)' for all of\n"
    "that number. DOC is the number that identifies the document inside the company. A PRODUCT/RELEASE's own "
    "document goes\n"
    "before its product's. With wildcards (\"CT-*\") it is named for every product that matches.";
static const char remove_help[] = "The item then counts as missing again (rules DOC-2, TRN-1).";

/* Names `document` (NULL: none) for every item of `items` of every target; counts what changed. */
static bool set_all(Db *db, const AuditContext *context, const GPtrArray *targets, guint32 items,
                    const char *document, const Args *args, guint *ret_changed, GError **error)
{
  gsize n;
  const ConformityItem *table = conformity_table(&n);
  guint changed = 0;

  for (guint i = 0; i < targets->len; i++)
    for (gsize item = 0; item < n; item++) {
      bool moved = false;

      if ((items & 1u << item) == 0)
        continue;
      if (!document_store_set(db, context, targets->pdata[i], table[item].id, document,
                              args_text(args, "title"), args_text(args, "reason"), &moved, error))
        return false;
      changed += moved ? 1 : 0;
    }
  *ret_changed = changed;
  return true;
}

/* What was done, a line a target. */
static void print_changed(Cli *cli, const GPtrArray *targets, guint32 items, const char *document,
                          guint changed)
{
  g_autofree char *names = document_name_items(items);
  g_autoptr(Json) done = json_pack("{s:i, s:s, s:s?, s:i}", "targets", (int)targets->len, "items", names,
                                   "document", document, "changed", (int)changed);

  if (cli_json(cli)) {
    cli_print_json(done);
    return;
  }
  for (guint i = 0; i < targets->len; i++) {
    g_autofree char *target = document_name_target(targets->pdata[i]);

    printf("%s %s: %s\n", target, names, document != NULL ? document : "no document any more");
  }
  if (changed == 0)
    printf("nothing changed: all was so before\n");
}

static bool change(Cli *cli, const Args *args, const char *document, GError **error)
{
  g_autoptr(GPtrArray) targets = NULL;
  AuditContext context = { 0 };
  Db *db = NULL;
  guint32 items = 0;
  guint changed = 0;

  if (!document_name_read_items(args_word(args, 1), &items, error) ||
      !cli_write(cli, args, &db, &context, error) || !db_begin(db, error) ||
      !document_name_find(db, args_word(args, 0), &targets, error) ||
      (document != NULL && !document_name_check_scope(targets, items, error)))
    return false;
  if (!set_all(db, &context, targets, items, document, args, &changed, error) || !db_commit(db, error))
    return false;
  print_changed(cli, targets, items, document, changed);
  return true;
}

static bool set_run(Cli *cli, const Args *args, GError **error)
{
  g_autofree char *document = NULL;

  return document_name_read_number(args_word(args, 2), args_text(args, "title"), &document, error) &&
         change(cli, args, document, error);
}

static bool remove_run(Cli *cli, const Args *args, GError **error)
{
  return change(cli, args, NULL, error);
}

static Json *row_json(const DocumentRow *row)
{
  return json_pack("{s:s, s:o, s:s, s:s, s:o, s:s, s:o}", "product", row->target->product_code, "release",
                   cli_json_text(row->target->release_name), "item", row->item, "document", row->document,
                   "title", cli_json_text(row->title), "changed_by", row->changed_by, "changed_on",
                   cli_json_day(row->changed_on));
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(Table) table = table_new("PRODUCT[/RELEASE]|ITEM|DOCUMENT|TITLE|BY|ON");
  g_autoptr(Json) list = json_array();
  Db *db = NULL;
  char day[DAY_TEXT_SIZE];

  if (!cli_store(cli, DB_READ, &db, error) || !document_store_list(db, args_word(args, 0), &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const DocumentRow *row = rows->pdata[i];
    g_autofree char *target = document_name_target(row->target);

    json_array_append_new(list, row_json(row));
    table_cell(table, target);
    table_cell(table, row->item);
    table_cell(table, row->document);
    table_cell(table, row->title);
    table_cell(table, row->changed_by);
    table_cell(table, row->changed_on != DAY_NONE ? day_format(row->changed_on, day) : NULL);
  }
  if (cli_json(cli))
    cli_print_json_list("documents", list);
  else if (rows->len == 0)
    printf("no document yet: kigen documents set PRODUCT ITEM DOC\n");
  else
    table_print(table, stdout);
  return true;
}

static Json *item_json(const ConformityItem *item)
{
  return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "item", item->id, "clause", item->clause,
                   "text_ja", item->text_ja, "text_en", item->text_en, "source", item->source, "annex_f",
                   item->annex_f, "transition_exempt", item->transition_exempt, "per_release",
                   item->per_release);
}

/* Who the item is asked of, in a word. */
static const char *asked_of(const ConformityItem *item)
{
  return item->per_release         ? "transition, per release"
         : item->annex_f           ? "transition"
         : item->transition_exempt ? "all but transition"
                                   : "all";
}

static bool items_run(Cli *cli, const Args *args, GError **error)
{
  gsize n;
  const ConformityItem *items = conformity_table(&n);
  g_autoptr(Table) table = table_new("ITEM|CLAUSE|ASKED OF|SOURCE|REQUIREMENT");
  g_autoptr(Json) list = json_array();
  const char *language = NULL;

  if (!report_sheet_language(args, &language, error))
    return false;
  for (gsize i = 0; i < n; i++) {
    json_array_append_new(list, item_json(&items[i]));
    table_cell_styled(table, items[i].id, STYLE_BOLD);
    table_cell(table, items[i].clause);
    table_cell(table, asked_of(&items[i]));
    table_cell(table, items[i].source);
    table_cell(table, *language == 'j' ? items[i].text_ja : items[i].text_en);
  }
  if (cli_json(cli))
    cli_print_json_list("items", list);
  else
    table_print(table, stdout);
  return true;
}

static const Command documents_set = {
  .name = "set",
  .summary = "Name the internal document that answers a requirement",
  .words = "PRODUCT[/RELEASE] ITEM DOC",
  .min_words = 3,
  .max_words = 3,
  .options = { title_option, cli_by_option, cli_reason_option },
  .help = set_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = set_run,
};

static const Command documents_remove = {
  .name = "remove",
  .summary = "Name no document for a requirement any more",
  .words = "PRODUCT[/RELEASE] ITEM",
  .min_words = 2,
  .max_words = 2,
  .options = { cli_by_option, cli_reason_option },
  .help = remove_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = remove_run,
};

static const Command documents_list = {
  .name = "list",
  .summary = "List the documents named",
  .words = "[PRODUCT[/RELEASE]]",
  .max_words = 1,
  .run = list_run,
};

static const Command documents_items = {
  .name = "items",
  .summary = "List the requirements, their texts and sources",
  .words = "",
  .options = { report_sheet_language_option },
  .run = items_run,
};

static const Command *const subcommands[] = { &documents_set, &documents_remove, &documents_list,
                                              &documents_items, NULL };

const Command cmd_documents = {
  .name = "documents",
  .summary = "Internal documents that answer an application's requirements",
  .words = "COMMAND",
  .subcommands = subcommands,
};
