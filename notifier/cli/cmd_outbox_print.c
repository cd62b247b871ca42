#include "db/maker_store.h"
#include "db/outbox_list.h"
#include "db/setting_store.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/interrupt.h"
#include "notifier/cli/outbox_words.h"
#include "notifier/cli/progress.h"
#include "notifier/cli/sheet_place.h"
#include "planner/role.h"

static const ArgOption options[] = {
  { "output", "PATH",
    "where the sheets go: an HTML file for a browser to print, or FOLDER/ for a file each" },
  { NULL }
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
    "One HTML file holds all of them; FOLDER/ (or a folder that is there) gets a file each, named by its "
    "document "
    "number; a file that is there stays, and the new one is KG-000123-2.html.\n"
    "A message is `printed` only once its sheet is on the disk: whatever breaks off in between, the rest "
    "still waits "
    "and\n"
    "is printed the next time.\n"
    "\n"
    "  kigen outbox print --output letters.html\n"
    "  kigen outbox print --output letters/\n"
    "  chromium --headless --no-pdf-header-footer --print-to-pdf=letters.pdf letters.html\n"
    "\n"
    "Exit code 1 when some were left, which are listed.";

/* Where the sheets go, and what is shown at the end. */
typedef struct {
  SheetPlace *place;
  Progress *progress;
  Json *messages;
  gint64 total, count[SHEET_LEFT + 1];
} Book;

static void book_clear(Book *book)
{
  sheet_place_free(book->place);
  progress_free(book->progress);
  json_decref(book->messages);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Book, book_clear)

static gint64 sheets_of(const Book *book)
{
  return book->count[SHEET_PRINTED] + book->count[SHEET_COPY];
}

static const char *outcome_key(SheetOutcome outcome)
{
  static const char *const keys[] = {
    [SHEET_PRINTED] = "printed", [SHEET_COPY] = "copy", [SHEET_LEFT] = "left"
  };

  return keys[outcome];
}

static bool put(const GPtrArray *pages, gpointer data, GError **error)
{
  return sheet_place_put(((Book *)data)->place, pages, error);
}

static void take_back(gpointer data)
{
  sheet_place_take_back(((Book *)data)->place);
}

static Json *page_json(const Book *book, const SheetPage *page)
{
  g_autofree char *name = sheet_place_name(book->place, page);

  return json_pack("{s:I, s:s, s:o, s:o, s:o}", "id", (json_int_t)page->id, "outcome",
                   outcome_key(page->outcome), "document_no", cli_json_text(page->document_no), "file",
                   cli_json_text(name), "reason", cli_json_text(page->reason));
}

static void keep(const GPtrArray *pages, gpointer data)
{
  Book *book = data;

  for (guint i = 0; i < pages->len; i++) {
    const SheetPage *page = pages->pdata[i];

    book->count[page->outcome]++;
    json_array_append_new(book->messages, page_json(book, page));
  }
  sheet_place_keep(book->place);
  progress_update(book->progress, (gint64)json_array_size(book->messages), book->total,
                  g_get_monotonic_time());
}

/* What paper it is that waits and is due, or that the words mean. */
static bool is_meant(const OutboxRow *row, const OutboxWords *words, Day today)
{
  if (!outbox_life_on_paper(row->channel))
    return false;
  return words->filter.state != NULL || (row->state == OUTBOX_PENDING && row->due_on <= today);
}

static bool is_among(const GArray *ids, gint64 id)
{
  bool among = false;

  for (guint i = 0; i < ids->len; i++)
    among = among || g_array_index(ids, gint64, i) == id;
  return among;
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
    if (!is_among(ids, id))
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

  static const SheetSink sink = { put, take_back, keep };

  book->total = ids->len;
  return sheet_print(db, context, &style, templates, ids, &sink, book, error);
}

static void show(Cli *cli, const Book *book, const char *path)
{
  const char *shown = sheets_of(book) > 0 ? path : NULL;
  bool folder = sheet_place_is_folder(book->place);
  gsize i;
  json_t *message;

  if (cli_json(cli)) {
    g_autoptr(Json) document = json_pack("{s:s?, s:s?, s:O}", "file", folder ? NULL : shown, "folder",
                                         folder ? shown : NULL, "messages", book->messages);

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

/* Where a file of its name was there already: which of the two is the one that is recorded. */
static void tell_names(const Book *book)
{
  gsize i;
  json_t *message;

  json_array_foreach(book->messages, i, message)
  {
    const char *name = json_string_value(json_object_get(message, "file"));
    g_autofree char *first =
        name != NULL ? sheet_place_first_name(json_string_value(json_object_get(message, "document_no")))
                     : NULL;

    if (g_strcmp0(name, first) != 0)
      cli_warn("%s was there already and stays: message %" JSON_INTEGER_FORMAT " is in %s, as it is recorded",
               first, json_integer_value(json_object_get(message, "id")), name);
  }
}

/* What was kept before an error stands. */
static void tell_rest(const Book *book, const char *path, GError **error)
{
  if (sheets_of(book) > 0)
    g_prefix_error(error,
                   "%" G_GINT64_FORMAT " sheets are in %s and recorded; the rest is not printed and waits: ",
                   sheets_of(book), path);
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
                        "--output FILE (or FOLDER/) is missing: where do the sheets go?");
    return false;
  }
  if (!outbox_words_read(args, &words, error) || !cli_write(cli, args, &db, &context, error) ||
      !sheet_place_open(path, &book.place, error))
    return false;
  db_set_interrupt(db, interrupt_watch());
  book.messages = json_array();
  book.progress = progress_new("sheets");

  bool done = print_all(cli, db, &context, args, &words, &book, error);

  progress_hide(book.progress);
  tell_names(&book);
  if (!done) {
    tell_rest(&book, path, error);
    return false;
  }
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
