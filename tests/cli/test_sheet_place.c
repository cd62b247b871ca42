/* Printing: paper first, then the store; and whatever breaks off in between, what is `printed` has its sheet.
 */

#include "notifier/cli/sheet_place.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/maker_store.h"
#include "tests/db/outbox_base.h"
#include "tests/db/scratch.h"
#include "tests/support/run.h"

#define LETTERS (2 * SHEET_PRINT_BATCH + 5) /* messages 101 … */

static Db *db;
static TemplateSet *templates;
static GHashTable *maker;

static void change(const char *sql)
{
  g_autofree char *script = g_strconcat(sql, ";", NULL);
  g_autofree char *said = NULL;

  ck_assert_msg(scratch_shell("kigen.db", script, &said) == 0, "%s: %s", sql, said);
}

/* Letters to SITE about its pump, each of another day. */
static void setup(void)
{
  g_autofree char *letters =
      g_strdup_printf("UPDATE organization SET address = '東一条' WHERE id = 4;"
                      "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                      " INSERT INTO outbox (id, organization, channel, due_on, message_id, created_at)"
                      " SELECT 101 + i, 4, 'letter', date('2030-09-29', -i || ' days'), 'l' || i || "
                      "'@maker.example', 'x' FROM "
                      "n;"
                      "INSERT INTO outbox_notice SELECT 4, 4, id FROM outbox WHERE id > 100",
                      LETTERS - 1);

  scratch_setup();
  db = outbox_base_store();
  change(letters);
  assert_done(maker_store_load(db, &maker, ERR));
  assert_done(template_set_load(&templates, ERR));
}

static void teardown(void)
{
  template_set_free(templates);
  g_hash_table_unref(maker);
  g_clear_pointer(&db, db_close);
  scratch_teardown();
}

/* Where sheets go, and what happens meanwhile. */
typedef struct {
  SheetPlace *place;
  guint puts, backs, keeps;
  const char *change;        /* what another program does after the first sheets are put */
  guint dies_put, dies_keep; /* the process ends after that many */
  guint fails_put;           /* that one is refused */
} Desk;

static bool put(const GPtrArray *pages, gpointer data, GError **error)
{
  Desk *desk = data;

  if (++desk->puts == desk->fails_put) {
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "no paper");
    return false;
  }
  if (!sheet_place_put(desk->place, pages, error))
    return false;
  if (desk->puts == desk->dies_put)
    _exit(9);
  if (desk->puts == 1 && desk->change != NULL)
    change(desk->change);
  return true;
}

static void take_back(gpointer data)
{
  Desk *desk = data;

  desk->backs++;
  sheet_place_take_back(desk->place);
}

static void keep(const GPtrArray *pages G_GNUC_UNUSED, gpointer data)
{
  Desk *desk = data;

  if (++desk->keeps == desk->dies_keep)
    _exit(9);
  sheet_place_keep(desk->place);
}

static bool print(Desk *desk, GError **error)
{
  static const SheetSink sink = { put, take_back, keep };
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  LetterStyle style = { .today = base_context.today,
                        .now = base_context.now,
                        .from_address = "notice@maker.example",
                        .uid_domain = "kigen.example",
                        .maker = maker };

  for (gint64 id = 101; id < 101 + LETTERS; id++)
    g_array_append_val(ids, id);
  return sheet_print(db, &base_context, &style, templates, ids, &sink, desk, error);
}

static Desk desk_at(const char *name)
{
  g_autofree char *path = scratch_path(name);
  Desk desk = { 0 };

  assert_done(sheet_place_open(path, &desk.place, ERR));
  return desk;
}

static gint64 printed(void)
{
  return scratch_number(db, "SELECT count(*) FROM outbox WHERE state = 'printed' AND attempt = 1");
}

static char *content(const char *name)
{
  g_autofree char *path = scratch_path(name);
  char *text = NULL;

  return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

static guint count_of(const char *text, const char *word)
{
  guint n = 0;

  for (const char *at = text; at != NULL && (at = strstr(at, word)) != NULL; at += strlen(word))
    n++;
  return n;
}

/* Whether message `id` stands on a sheet of `text`. */
static bool has_sheet(const char *text, gint64 id)
{
  g_autofree char *number = g_strdup_printf("KG-%06" G_GINT64_FORMAT, id);

  return text != NULL && strstr(text, number) != NULL;
}

START_TEST(test_batches)
{
  Desk desk = desk_at("letters.html");

  assert_done(print(&desk, ERR));
  sheet_place_free(desk.place);

  g_autofree char *html = content("letters.html");

  ck_assert_uint_eq(desk.puts, 3);
  ck_assert_uint_eq(desk.backs, 0);
  ck_assert_int_eq(printed(), LETTERS);
  ck_assert_uint_eq(count_of(html, "<section class=\"sheet\">"), LETTERS);
  ck_assert_uint_eq(count_of(html, "</html>"), 1);
  ck_assert_uint_eq(count_of(html, "<html"), 1);
  ck_assert(g_str_has_suffix(html, sheet_book_end));
  for (gint64 id = 101; id < 101 + LETTERS; id++)
    ck_assert(has_sheet(html, id));
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit WHERE action = 'outbox.print'"), 3);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM message_context"), LETTERS);
}
END_TEST

/* What another program does between rendering and recording, and what comes of the first batch. */
static const struct {
  const char *change;
  guint puts;
  gint64 printed;
  const char *said; /* on every sheet of the first batch */
} meanwhile[] = {
  { "UPDATE organization SET address = '西九条' WHERE id = 4", 4, LETTERS, "西九条" },
  { "UPDATE organization SET address = '西九条' WHERE id = 1", 3, LETTERS, "東一条" },
  { "UPDATE outbox SET state = 'superseded' WHERE id = 101", 4, LETTERS - 1, "東一条" },
  { "UPDATE support_plan SET state = 'withdrawn', withdrawn_on = '2030-09-30', withdrawn_at = 'x',"
    " withdrawn_by = 'x', withdrawn_reason = 'x' WHERE id = 3",
    4, 0, NULL },
};

START_TEST(test_meanwhile)
{
  Desk desk = desk_at("letters.html");

  desk.change = meanwhile[_i].change;
  assert_done(print(&desk, ERR));
  sheet_place_free(desk.place);

  g_autofree char *html = content("letters.html");

  ck_assert_uint_eq(desk.puts, meanwhile[_i].puts);
  ck_assert_uint_eq(desk.backs, meanwhile[_i].puts - 3);
  ck_assert_int_eq(printed(), meanwhile[_i].printed);
  ck_assert_uint_eq(count_of(html, "<section class=\"sheet\">"), (guint)meanwhile[_i].printed);
  ck_assert((html != NULL) == (meanwhile[_i].printed > 0));
  if (meanwhile[_i].said != NULL)
    ck_assert_uint_eq(count_of(html, meanwhile[_i].said), (guint)meanwhile[_i].printed);
}
END_TEST

/* What fails in the second batch, and leaves the first one as it is. */
static const struct {
  const char *sql; /* before */
  guint fails_put;
  guint backs;
} faults[] = {
  { "SELECT 1", 2, 0 },
  { "CREATE TRIGGER harm BEFORE UPDATE ON outbox WHEN OLD.id = 130 BEGIN SELECT RAISE(ABORT, 'harm'); END", 0,
    1 },
};
static const char *const places[] = { "letters.html", "letters" };

static void make_place(const char *name)
{
  g_autofree char *path = scratch_path(name);

  if (strchr(name, '.') == NULL)
    ck_assert_int_eq(g_mkdir(path, 0700), 0);
}

/* The sheets at a place: of a file, or of all files of a folder; NULL: none. */
static char *sheets_at(const char *name)
{
  g_autofree char *path = scratch_path(name);
  g_autoptr(GString) all = g_string_new(NULL);
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  const char *file;

  if (folder == NULL)
    return content(name);
  while ((file = g_dir_read_name(folder)) != NULL) {
    g_autofree char *inside = g_strconcat(name, "/", file, NULL);
    g_autofree char *html = content(inside);

    if (g_str_has_prefix(file, "KG-")) {
      ck_assert_uint_eq(count_of(html, "<section class=\"sheet\">"), 1);
      ck_assert(g_str_has_suffix(html, sheet_book_end));
      g_string_append(all, html);
    }
  }
  return g_string_free(g_steal_pointer(&all), FALSE);
}

START_TEST(test_faults)
{
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
    g_autoptr(GError) error = NULL;

    teardown();
    setup();
    change(faults[i].sql);
    make_place(places[_i]);

    Desk desk = desk_at(places[_i]);

    desk.fails_put = faults[i].fails_put;
    ck_assert(!print(&desk, &error));
    ck_assert_uint_eq(desk.backs, faults[i].backs);
    sheet_place_free(desk.place);
    ck_assert(!db_in_transaction(db));

    g_autofree char *html = sheets_at(places[_i]);

    ck_assert_int_eq(printed(), SHEET_PRINT_BATCH);
    ck_assert_uint_eq(count_of(html, "<section class=\"sheet\">"), SHEET_PRINT_BATCH);
    ck_assert(g_str_has_suffix(html, sheet_book_end));
  }
}
END_TEST

/* The process dies when a batch is on paper and not recorded, and when it is recorded. */
static const struct {
  guint put, keep;
  gint64 printed;
} deaths[] = {
  { 1, 0, 0 },
  { 2, 0, SHEET_PRINT_BATCH },
  { 0, 1, SHEET_PRINT_BATCH },
  { 0, 3, LETTERS },
};

static void die(const char *place, guint put_of, guint keep_of)
{
  pid_t child = fork();
  int status = 0;

  ck_assert_int_ge(child, 0);
  if (child == 0) {
    g_autofree char *store = scratch_path("kigen.db");
    GError *error = NULL;

    if (!db_open(store, DB_WRITE, &db, &error))
      _exit(1);

    Desk desk = desk_at(place);

    desk.dies_put = put_of;
    desk.dies_keep = keep_of;
    _exit(print(&desk, &error) ? 0 : 1);
  }
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_int_eq(WEXITSTATUS(status), 9);
}

START_TEST(test_deaths)
{
  for (gsize i = 0; i < G_N_ELEMENTS(deaths); i++) {
    g_autofree char *store = NULL;

    teardown();
    setup();
    make_place(places[_i]);
    g_clear_pointer(&db, db_close); /* no connection across fork */
    die(places[_i], deaths[i].put, deaths[i].keep);
    store = scratch_path("kigen.db");
    assert_done(db_open(store, DB_WRITE, &db, ERR));

    g_autofree char *html = sheets_at(places[_i]);

    ck_assert_int_eq(printed(), deaths[i].printed);
    for (gint64 id = 101; id < 101 + deaths[i].printed; id++)
      ck_assert_msg(has_sheet(html, id), "row %zu: message %d has no sheet", i, (int)id);
  }
}
END_TEST

/* Whoever prints again into the folder of a run that died gets every sheet, and all are recorded. */
START_TEST(test_again_after_death)
{
  g_autofree char *store = scratch_path("kigen.db");

  make_place("letters");
  g_clear_pointer(&db, db_close);
  die("letters", deaths[_i].put, deaths[_i].keep);
  assert_done(db_open(store, DB_WRITE, &db, ERR));

  Desk desk = desk_at("letters");

  assert_done(print(&desk, ERR));
  sheet_place_free(desk.place);
  ck_assert_int_eq(printed(), LETTERS);

  g_autofree char *html = sheets_at("letters");
  gint64 twice = MIN(LETTERS, (gint64)MAX(deaths[_i].put, deaths[_i].keep) * SHEET_PRINT_BATCH);

  ck_assert_int_eq(count_of(html, "<section class=\"sheet\">"), LETTERS + twice);
  for (gint64 id = 101; id < 101 + LETTERS; id++) {
    g_autofree char *first = g_strdup_printf("letters/KG-%06" G_GINT64_FORMAT ".html", id);
    g_autofree char *second = g_strdup_printf("letters/KG-%06" G_GINT64_FORMAT "-2.html", id);
    g_autofree char *one = content(first), *other = content(second);

    ck_assert(has_sheet(one, id));
    ck_assert(id < 101 + twice ? has_sheet(other, id) : other == NULL);
  }
}
END_TEST

/* A folder's file is never replaced; one that was made for nothing goes. */
START_TEST(test_folder)
{
  g_autofree char *path = scratch_path("new/");
  g_autofree char *mine = scratch_path("new/KG-000105.html");
  g_autofree char *link = scratch_path("new/KG-000105-2.html");
  Desk desk = { 0 };

  assert_done(sheet_place_open(path, &desk.place, ERR));
  ck_assert(sheet_place_is_folder(desk.place));
  sheet_place_free(desk.place);
  ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));

  assert_done(sheet_place_open(path, &desk.place, ERR));
  assert_done(g_file_set_contents(mine, "mine", -1, ERR));
  ck_assert_int_eq(symlink("nowhere", link), 0);
  assert_done(print(&desk, ERR));
  sheet_place_free(desk.place);
  ck_assert_int_eq(printed(), LETTERS);

  g_autofree char *left = content("new/KG-000105.html");
  g_autofree char *third = content("new/KG-000105-3.html");

  ck_assert_str_eq(left, "mine");
  ck_assert(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
  ck_assert(has_sheet(third, 105));
}
END_TEST

/* What is taken back is what was put, and nothing that was there before. */
START_TEST(test_taken_back)
{
  g_autofree char *mine = scratch_path("letters/KG-000101.html");
  g_autoptr(GError) error = NULL;

  change(faults[1].sql);
  make_place("letters");
  assert_done(g_file_set_contents(mine, "mine", -1, ERR));

  Desk desk = desk_at("letters");

  ck_assert(!print(&desk, &error));
  sheet_place_free(desk.place);
  ck_assert_int_eq(printed(), SHEET_PRINT_BATCH);

  g_autofree char *left = content("letters/KG-000101.html");
  g_autofree char *second = content("letters/KG-000101-2.html");
  g_autofree char *taken = content("letters/KG-000130.html");

  ck_assert_str_eq(left, "mine");
  ck_assert(has_sheet(second, 101));
  ck_assert_ptr_null(taken);
}
END_TEST

/* A file stays as it is; where there is nowhere to write, the error says where. */
START_TEST(test_file)
{
  g_autofree char *path = scratch_path("there.html");
  g_autofree char *nowhere = scratch_path("absent/letters.html");
  g_autoptr(GError) error = NULL, other = NULL;
  SheetPlace *place = NULL;

  assert_done(g_file_set_contents(path, "mine", -1, ERR));
  ck_assert(!sheet_place_open(path, &place, &error));
  ck_assert_msg(strstr(error->message, "there.html exists already") != NULL, "%s", error->message);
  ck_assert(!sheet_place_open(nowhere, &place, &other));
  ck_assert_msg(strstr(other->message, "absent/letters.html: No such file") != NULL, "%s", other->message);

  g_autofree char *left = content("there.html");

  ck_assert_str_eq(left, "mine");
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sheet_place");
  TCase *tcase = tcase_create("sheet_place");

  tcase_set_timeout(tcase, 120);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_batches);
  tcase_add_loop_test(tcase, test_meanwhile, 0, G_N_ELEMENTS(meanwhile));
  tcase_add_loop_test(tcase, test_faults, 0, G_N_ELEMENTS(places));
  tcase_add_loop_test(tcase, test_deaths, 0, G_N_ELEMENTS(places));
  tcase_add_loop_test(tcase, test_again_after_death, 0, G_N_ELEMENTS(deaths));
  tcase_add_test(tcase, test_folder);
  tcase_add_test(tcase, test_taken_back);
  tcase_add_test(tcase, test_file);
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
