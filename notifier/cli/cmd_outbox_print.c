#include "db/backup_file.h"
#include "db/maker_store.h"
#include "db/outbox_list.h"
#include "db/setting_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/outbox_words.h"
#include "notifier/mail/sheet_print.h"
#include "planner/role.h"

#include <errno.h>
#include <glib/gstdio.h>

static const ArgOption options[] = {
  { "output", "FILE", "where the sheets go: an HTML file, for a browser to print" }, { NULL }
};

static const char help[] =
    "Prints what goes on paper (letter, fax, hand): one A4 sheet a message, with the address where a window "
    "envelope\n"
    "(長形3号, folded in three) shows it, the words of the mail, the acknowledgement link as a QR code and "
    "its\n"
    "confirmation number. Without any message named, what waits and is due. Every message is kept as it was "
    "printed\n"
    "and is `printed` from then on; once it is posted: kigen outbox sent, handed over or faxed: kigen outbox "
    "handed.\n"
    "What was printed before and is named again, or meant by --state, comes out as it was, marked as a copy "
    "(控え).\n"
    "\n"
    "  kigen outbox print --output letters.html\n"
    "  chromium --headless --no-pdf-header-footer --print-to-pdf=letters.pdf letters.html\n"
    "\n"
    "Exit code 1 when some were left, which are listed.";

/* What goes into the file, and what is shown at the end. */
typedef struct {
  FILE *stream;
  char *made; /* its name until all is done */
  Json *messages;
  gint64 count[SHEET_LEFT + 1];
} Book;

static void book_clear(Book *book)
{
  if (book->stream != NULL)
    fclose(book->stream);
  if (book->made != NULL)
    g_unlink(book->made);
  g_free(book->made);
  json_decref(book->messages);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Book, book_clear)

static const char *outcome_key(SheetOutcome outcome)
{
  static const char *const keys[] = {
    [SHEET_PRINTED] = "printed", [SHEET_COPY] = "copy", [SHEET_LEFT] = "left"
  };

  return keys[outcome];
}

static bool take_page(const SheetPage *page, gpointer data, GError **error)
{
  Book *book = data;
  bool first = book->count[SHEET_PRINTED] + book->count[SHEET_COPY] == 0;

  book->count[page->outcome]++;
  json_array_append_new(book->messages,
                        json_pack("{s:I, s:s, s:o, s:o}", "id", (json_int_t)page->id, "outcome",
                                  outcome_key(page->outcome), "document_no", cli_json_text(page->document_no),
                                  "reason", cli_json_text(page->reason)));
  if (page->page == NULL)
    return true;
  if ((!first || fputs(page->begin, book->stream) >= 0) && fputs(page->page, book->stream) >= 0)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", book->made, g_strerror(errno));
  return false;
}

/* What paper it is that waits and is due, or that the words mean. */
static bool is_meant(const OutboxRow *row, const OutboxWords *words, Day today)
{
  if (!outbox_life_on_paper(row->channel))
    return false;
  return words->filter.state != NULL || (row->state == OUTBOX_PENDING && row->due_on <= today);
}

static bool find_ids(Db *db, const Args *args, const OutboxWords *words, Day today, GArray **ret_ids,
                     GError **error)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GPtrArray) rows = NULL;

  for (guint i = 0; i < args_count(args); i++) {
    gint64 id = 0;

    if (!outbox_words_id(args_word(args, i), &id, error))
      return false;
    g_array_append_val(ids, id);
  }
  if (args_count(args) == 0 && !outbox_list_rows(db, &words->filter, 0, &rows, error))
    return false;
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const OutboxRow *row = rows->pdata[i];

    if (is_meant(row, words, today))
      g_array_append_val(ids, row->id);
  }
  *ret_ids = g_steal_pointer(&ids);
  return true;
}

/* The link key, where there is one to be read: a letter goes with its document number alone otherwise. */
static LinkKey *load_key(Cli *cli)
{
  g_autofree char *path = link_key_path(cli_store_path(cli));
  g_autoptr(GError) error = NULL;
  LinkKey *key = NULL;

  if (!link_key_load(path, &key, &error))
    cli_warn("the sheets go without confirmation numbers: %s", error->message);
  return key;
}

static bool open_book(const char *path, Book *book, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);

  book->messages = json_array();
  if (g_file_test(absolute, G_FILE_TEST_EXISTS)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s exists already: name another file", path);
    return false;
  }
  if (!backup_file_make(absolute, &book->made, error))
    return false;
  book->stream = g_fopen(book->made, "w");
  if (book->stream != NULL)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", path, g_strerror(errno));
  return false;
}

static bool close_book(Book *book, GError **error)
{
  FILE *stream = g_steal_pointer(&book->stream);
  bool empty = book->count[SHEET_PRINTED] + book->count[SHEET_COPY] == 0;
  bool good = empty || fputs(sheet_book_end, stream) >= 0;

  if (fclose(stream) == 0 && good)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s: %s", book->made, g_strerror(errno));
  return false;
}

static bool print_all(Cli *cli, Db *db, const AuditContext *context, const Args *args,
                      const OutboxWords *words, Book *book, GError **error)
{
  g_auto(Setting) setting = { 0 };
  g_autoptr(TemplateSet) templates = NULL;
  g_autoptr(GHashTable) maker = NULL;
  g_autoptr(GArray) ids = NULL;
  g_autoptr(LinkKey) key = load_key(cli);
  const Config *config = NULL;

  if (!cli_config(cli, &config, error) || !template_set_load(&templates, error) ||
      !setting_store_load(db, &setting, error) || !maker_store_load(db, &maker, error) ||
      !find_ids(db, args, words, context->today, &ids, error))
    return false;

  LetterStyle style = { .today = context->today,
                        .now = context->now,
                        .from_address = config->mail.from,
                        .uid_domain = setting.uid_domain,
                        .maker = maker,
                        .base_url = config->base_url,
                        .key = key };

  return sheet_print(db, context, &style, templates, ids, take_page, book, error) && close_book(book, error);
}

static void show(Cli *cli, const Book *book, const char *path)
{
  gint64 pages = book->count[SHEET_PRINTED] + book->count[SHEET_COPY];
  gsize i;
  json_t *message;

  if (cli_json(cli)) {
    g_autoptr(Json) document =
        json_pack("{s:s?, s:O}", "file", pages > 0 ? path : NULL, "messages", book->messages);

    cli_print_json(document);
    return;
  }
  json_array_foreach(book->messages, i, message)
  {
    const char *reason = json_string_value(json_object_get(message, "reason"));

    if (reason != NULL)
      cli_warn("message %" JSON_INTEGER_FORMAT " is not printed: %s",
               json_integer_value(json_object_get(message, "id")), reason);
  }
  printf("%" G_GINT64_FORMAT " printed, %" G_GINT64_FORMAT " copied, %" G_GINT64_FORMAT " left\n",
         book->count[SHEET_PRINTED], book->count[SHEET_COPY], book->count[SHEET_LEFT]);
  if (book->count[SHEET_PRINTED] > 0)
    printf("%s\nNext: print it, and record what was posted: kigen outbox sent ID --tracking N\n", path);
}

/* The file has its name only when the store knows what is in it. */
static bool publish(Cli *cli, Book *book, const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);

  if (book->count[SHEET_PRINTED] + book->count[SHEET_COPY] == 0)
    return true;
  if (!backup_file_publish(book->made, absolute, false, error)) {
    g_prefix_error(error, "the sheets are recorded as printed; print copies (kigen outbox print ID…): ");
    return false;
  }
  g_clear_pointer(&book->made, g_free);
  return true;
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  const char *path = args_text(args, "output");
  g_auto(Book) book = { 0 };
  OutboxWords words = { 0 };
  AuditContext context = { 0 };
  Db *db = NULL;

  if (path == NULL || path[0] == '\0') {
    g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE,
                        "--output FILE is missing: where do the sheets go?");
    return false;
  }
  if (!outbox_words_read(args, &words, error) || !cli_write(cli, args, &db, &context, error) ||
      !open_book(path, &book, error) || !db_begin(db, error))
    return false;
  if (!print_all(cli, db, &context, args, &words, &book, error) || !db_commit(db, error)) {
    db_rollback(db);
    return false;
  }
  if (!publish(cli, &book, path, error))
    return false;
  show(cli, &book, path);
  if (book.count[SHEET_LEFT] > 0)
    cli_set_exit(cli, CLI_EXIT_REFUSED);
  return true;
}

const Command cmd_outbox_print = {
  .name = "print",
  .summary = "Print letters, faxes and what goes by hand",
  .words = "[ID…]",
  .max_words = -1,
  .options = { options, outbox_words_options, cli_by_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_ADMIN) | ROLE_BIT(ROLE_SAFETY_OFFICER) |
           ROLE_BIT(ROLE_QUALITY) | ROLE_BIT(ROLE_GENERAL_MANAGER),
  .run = run,
};
