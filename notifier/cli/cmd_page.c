#include "db/page_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/table.h"

#include <string.h>

static const ArgOption page_option[] = { { "page", "N", "which page (kigen page list)" }, { NULL } };

static const char create_help[] =
    "Prints the address of a new page, alone on standard output: the devices, when their support ends, and "
    "calendars to\n"
    "subscribe to, in Japanese and English. It is shown now and never again: who knows it, reads the page. "
    "Name "
    "several\n"
    "organizations for somebody who serves them all; the page shows each apart, and a corporation's sites "
    "too.";
static const char rotate_help[] =
    "The old address says \"gone\" from now on; the new one is printed, alone on standard output. The "
    "calendars that the page\n"
    "offered go on under their addresses, so that no calendar goes dead: end or move them by kigen feed.";
static const char revoke_help[] =
    "The calendars that it offered go on: end them by kigen feed revoke (kigen feed list names their page).";

static bool load_key(const Db *db, LinkKey **ret_key, GError **error)
{
  g_autofree char *path = link_key_path(db_path(db));

  return link_key_load(path, ret_key, error);
}

static bool print_url(Cli *cli, const char *token, GError **error)
{
  const Config *config = NULL;

  if (!cli_config(cli, &config, error))
    return false;

  g_autofree char *url = g_strdup_printf("%s/h/%s", config->base_url, token);
  g_autoptr(Json) document = json_pack("{s:s}", "url", url);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("%s\n", url);
  if (!cli_json(cli) && term_is_terminal(stderr))
    fprintf(stderr, "Shown only now.\n");
  return true;
}

static bool create_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) organizations = g_ptr_array_new();
  g_autoptr(LinkKey) key = NULL;
  g_autofree char *token = NULL;
  AuditContext context = { 0 };
  Db *db = NULL;

  for (int i = 0; args_word(args, i) != NULL; i++)
    g_ptr_array_add(organizations, (gpointer)(gsize)args_word(args, i));
  g_ptr_array_add(organizations, NULL);
  if (!cli_write(cli, args, &db, &context, error) || !load_key(db, &key, error) || !db_begin(db, error))
    return false;
  if (!page_store_create(db, &context, key, (const char *const *)organizations->pdata, &token, error) ||
      !db_commit(db, error))
    return false;
  return print_url(cli, token, error);
}

/* "H0101, H0102". Own string. */
static char *codes_text(const PageRow *row)
{
  GString *text = g_string_new("");

  for (guint i = 0; i < row->organizations->len; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
                           ((PageOrganization *)row->organizations->pdata[i])->code);
  return g_string_free(text, FALSE);
}

static Json *page_json(const PageRow *row)
{
  Json *codes = json_array();

  for (guint i = 0; i < row->organizations->len; i++)
    json_array_append_new(codes, json_string(((PageOrganization *)row->organizations->pdata[i])->code));
  return json_pack("{s:I, s:o, s:s, s:o}", "page", (json_int_t)row->id, "organizations", codes, "created_at",
                   row->created_at, "revoked_at", cli_json_text(row->revoked_at));
}

static bool list_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(Table) table = table_new(">PAGE|ORGANIZATIONS|CREATED|REVOKED");
  g_autoptr(Json) list = json_array();
  Db *db = NULL;

  if (!cli_store(cli, DB_READ, &db, error) || !page_store_list(db, args_word(args, 0), &rows, error))
    return false;
  for (guint i = 0; i < rows->len; i++) {
    const PageRow *row = rows->pdata[i];
    g_autofree char *codes = codes_text(row);

    json_array_append_new(list, page_json(row));
    table_cell_int(table, row->id);
    table_cell(table, codes);
    table_cell(table, row->created_at);
    table_cell(table, row->revoked_at);
  }
  if (cli_json(cli))
    cli_print_json_list("pages", list);
  else if (rows->len == 0)
    printf("no page yet: kigen page create ORGANIZATION\n");
  else
    table_print(table, stdout);
  return true;
}

/* Of the live pages among `rows` the one that --page names, or the only one. */
static bool choose_page(const GPtrArray *rows, const char *organization, const char *chosen, gint64 *ret_page,
                        GError **error)
{
  g_autoptr(GString) live = g_string_new("");
  guint n = 0;

  for (guint i = 0; i < rows->len; i++) {
    const PageRow *row = rows->pdata[i];
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, row->id);

    if (row->revoked_at != NULL || (chosen != NULL && strcmp(chosen, number) != 0))
      continue;
    g_string_append_printf(live, "%s%s", n++ > 0 ? ", " : "", number);
    *ret_page = row->id;
  }
  if (n == 1)
    return true;
  if (n == 0)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s has no such page in use: kigen page list %s",
                organization, organization);
  else
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s has %u pages: say which by --page (%s)", organization,
                n, live->str);
  return false;
}

/* Begins a write on the one page that the command line means. */
static bool begin_on_page(Cli *cli, const Args *args, Db **ret_db, AuditContext *ret_context,
                          gint64 *ret_page, GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;

  return cli_write(cli, args, ret_db, ret_context, error) && db_begin(*ret_db, error) &&
         page_store_list(*ret_db, args_word(args, 0), &rows, error) &&
         choose_page(rows, args_word(args, 0), args_text(args, "page"), ret_page, error);
}

static bool rotate_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(LinkKey) key = NULL;
  g_autofree char *token = NULL;
  AuditContext context = { 0 };
  gint64 page = 0;
  Db *db = NULL;

  if (!begin_on_page(cli, args, &db, &context, &page, error) || !load_key(db, &key, error))
    return false;
  if (!page_store_rotate(db, &context, key, page, &token, error) || !db_commit(db, error))
    return false;
  return print_url(cli, token, error);
}

static bool revoke_run(Cli *cli, const Args *args, GError **error)
{
  AuditContext context = { 0 };
  gint64 page = 0;
  Db *db = NULL;

  if (!begin_on_page(cli, args, &db, &context, &page, error))
    return false;
  if (!page_store_revoke(db, &context, page, error) || !db_commit(db, error))
    return false;

  g_autoptr(Json) document = json_pack("{s:I, s:s}", "page", (json_int_t)page, "revoked_at", context.now);

  if (cli_json(cli))
    cli_print_json(document);
  else
    printf("page %" G_GINT64_FORMAT " of %s is revoked: its address says \"gone\" from now on\n", page,
           args_word(args, 0));
  return true;
}

static const Command page_create = {
  .name = "create",
  .summary = "Make a page for one organization, or for somebody who serves several, and print its address",
  .words = "ORGANIZATION…",
  .min_words = 1,
  .max_words = -1,
  .options = { cli_by_option },
  .help = create_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = create_run,
};

static const Command page_list = {
  .name = "list",
  .summary = "List pages, without their addresses",
  .words = "[ORGANIZATION]",
  .max_words = 1,
  .run = list_run,
};

static const Command page_rotate = {
  .name = "rotate",
  .summary = "Give a page a new address",
  .words = "ORGANIZATION",
  .min_words = 1,
  .max_words = 1,
  .options = { page_option, cli_by_option },
  .help = rotate_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = rotate_run,
};

static const Command page_revoke = {
  .name = "revoke",
  .summary = "End a page",
  .words = "ORGANIZATION",
  .min_words = 1,
  .max_words = 1,
  .options = { page_option, cli_by_option },
  .help = revoke_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = revoke_run,
};

static const Command *const subcommands[] = { &page_create, &page_list, &page_rotate, &page_revoke, NULL };

const Command cmd_page = {
  .name = "page",
  .summary = "Pages that show organizations their devices and dates",
  .words = "COMMAND",
  .subcommands = subcommands,
};
