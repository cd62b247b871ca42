#include "db/maker_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/suggest.h"
#include "notifier/cli/table.h"

#include <string.h>

static const ArgOption set_options[] = {
  { "file", "FILE", "read FIELD=VALUE from FILE, one a line; # begins a comment" },
  { NULL },
};

static const char set_help[] =
    "An empty value removes the field. Fields: name_ja, name_en, postal_code, address_ja, address_en, "
    "licence_no,\n"
    "department_ja, department_en, title_ja, title_en, person_ja, person_en, phone, phone_hours_ja,\n"
    "phone_hours_en, email, security_contact, url, document_series.";

static bool check_field(const char *field, const char *where, GError **error)
{
  g_autofree char *hint = suggest_hint(field, maker_fields);

  if (g_strv_contains(maker_fields, field))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%sunknown field \"%s\": %s", where, field, hint);
  return false;
}

/* One line of text: letters and mail headers are made of it. */
static bool check_value(const char *field, const char *value, const char *where, GError **error)
{
  if (!term_has_control(value))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
              "%s%s: a control character in the value: write one line of text", where, field);
  return false;
}

/* Takes "FIELD=VALUE" apart into `fields`. */
static bool take_pair(const char *text, const char *where, GHashTable *fields, GError **error)
{
  const char *equals = strchr(text, '=');
  g_autofree char *field = g_strndup(text, equals != NULL ? (gsize)(equals - text) : 0);
  g_autofree char *value = g_strdup(equals != NULL ? equals + 1 : "");

  if (equals == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s\"%s\": expected FIELD=VALUE", where, text);
    return false;
  }
  g_strstrip(field);
  g_strstrip(value);
  if (!check_field(field, where, error) || !check_value(field, value, where, error))
    return false;
  g_hash_table_replace(fields, g_steal_pointer(&field), g_steal_pointer(&value));
  return true;
}

static bool take_file(const char *path, GHashTable *fields, GError **error)
{
  g_autofree char *text = NULL;
  gsize size = 0;

  if (!g_file_get_contents(path, &text, &size, error))
    return false;
  if (!g_utf8_validate(text, (gssize)size, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s: not UTF-8 text", path);
    return false;
  }

  const char *begin = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text;
  g_auto(GStrv) lines = g_strsplit(begin, "\n", -1);

  for (int i = 0; lines[i] != NULL; i++) {
    g_autofree char *where = g_strdup_printf("%s:%d: ", path, i + 1);

    g_strstrip(lines[i]);
    if (lines[i][0] != '\0' && lines[i][0] != '#' && !take_pair(lines[i], where, fields, error))
      return false;
  }
  return true;
}

static bool store_fields(Db *db, const AuditContext *context, GHashTable *fields, GError **error)
{
  g_autoptr(Json) payload = json_object();
  g_autofree char *text = NULL;

  if (!db_begin(db, error))
    return false;
  for (guint i = 0; maker_fields[i] != NULL; i++) {
    const char *value = g_hash_table_lookup(fields, maker_fields[i]);

    if (value == NULL)
      continue;
    json_object_set_new(payload, maker_fields[i], json_string(value));
    if (!maker_store_set(db, maker_fields[i], value, error))
      return false;
  }
  text = json_dumps(payload, JSON_PRESERVE_ORDER);
  return audit_append(db, context, "maker.set", text, error) && db_commit(db, error);
}

static bool print_maker(Cli *cli, Db *db, GError **error)
{
  g_autoptr(GHashTable) fields = NULL;
  g_autoptr(Json) document = json_object();
  g_autoptr(Table) table = table_new("FIELD|VALUE");

  if (!maker_store_load(db, &fields, error))
    return false;
  for (guint i = 0; maker_fields[i] != NULL; i++) {
    const char *value = g_hash_table_lookup(fields, maker_fields[i]);

    json_object_set_new(document, maker_fields[i], cli_json_text(value));
    table_cell(table, maker_fields[i]);
    table_cell_styled(table, value != NULL ? value : "(not set)", value != NULL ? STYLE_PLAIN : STYLE_DIM);
  }
  if (cli_json(cli))
    cli_print_json(document);
  else
    table_print(table, stdout);
  return true;
}

static bool set_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GHashTable) fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  const char *file = args_text(args, "file");
  AuditContext context = { 0 };
  Db *db = NULL;

  if (file != NULL && !take_file(file, fields, error))
    return false;
  for (guint i = 0; i < args_count(args); i++)
    if (!take_pair(args_word(args, i), "", fields, error))
      return false;
  if (g_hash_table_size(fields) == 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "nothing to set: give FIELD=VALUE, or --file FILE");
    return false;
  }
  return cli_write(cli, args, &db, &context, error) && store_fields(db, &context, fields, error) &&
         print_maker(cli, db, error);
}

static bool show_run(Cli *cli, const Args *args, GError **error)
{
  Db *db = NULL;

  return cli_store(cli, DB_READ, &db, error) && print_maker(cli, db, error);
}

static const Command maker_set = {
  .name = "set",
  .summary = "Set fields of the maker's record",
  .words = "FIELD=VALUE…",
  .max_words = -1,
  .options = { set_options, cli_by_option },
  .help = set_help,
  .roles = ROLE_BIT(ROLE_PLANNER),
  .run = set_run,
};

static const Command maker_show = {
  .name = "show",
  .summary = "Show the maker's record",
  .words = "",
  .run = show_run,
};

static const Command *const subcommands[] = { &maker_set, &maker_show, NULL };

const Command cmd_maker = {
  .name = "maker",
  .summary = "The maker's own record, which every letter carries",
  .words = "COMMAND",
  .subcommands = subcommands,
};
