/* What letter_rebuild makes of letters that were frozen once, to the byte: golden/NAME.context.json (a
 * message's context, date and boundary seed, made of the sample data, then made odd) and the template set of
 * the tree. Whoever makes rendering or composing faster changes none of these bytes. Where templates or
 * letters change on purpose, KIGEN_UPDATE_GOLDEN=1 build/tests/mail/test_letter_golden writes them anew: look
 * at what changed with tests/mail/parse_mail.py before you commit it. */

#include "notifier/mail/letter.h"

#include <glib/gstdio.h>
#include <string.h>

#include "notifier/mail/letter_json.h"
#include "tests/db/scratch.h"
#include "tests/mail/mail_fixture.h"
#include "tests/support/run.h"

#define KEY "581aa0e2a51f362bec00149236aad596003db00b24069b6f7aa5b1948a958de5\n" /* of no store */

static const struct {
  const char *context, *made;
} goldens[] = {
  { "notice-ja", "notice-ja.eml" },     /* one notice */
  { "digest-en", "digest-en.eml" },     /* three, each with a code of its own */
  { "advisory-ja", "advisory-ja.eml" }, /* urgent, with a Markdown body */
  { "relay-ja", "relay-ja.eml" },       /* a request to a distributor */
  { "least-ja", "least-ja.eml" },       /* of nothing but what a letter must have; no attachments */
  { "names-ja", "names-ja.eml" },       /* long and odd names everywhere */
  { "lines-en", "lines-en.eml" },       /* a body of long lines, and of lines that begin with a dot */
  { "webhook-ja", "webhook-ja.body" },  /* what is posted */
  { "sheet-ja", "sheet-ja.html" },      /* what is printed */
};

static char *golden_path(const char *name, const char *suffix)
{
  g_autofree char *relative = g_strconcat("tests/mail/golden/", name, suffix, NULL);

  return run_source_path(relative);
}

static OutboxContext *golden_context(const char *name, const TemplateSet *templates)
{
  g_autofree char *path = golden_path(name, ".context.json");
  json_error_t problem;
  g_autoptr(json_t) file = json_load_file(path, 0, &problem);
  OutboxContext *context = g_new0(OutboxContext, 1);

  ck_assert_msg(json_is_object(file), "%s:%d: %s", path, problem.line, problem.text);

  char *text = json_dumps(json_object_get(file, "context"), JSON_COMPACT);

  context->context = g_strdup(text);
  context->date = g_strdup(letter_json_get(file, "date"));
  context->boundary_seed = g_strdup(letter_json_get(file, "seed"));
  context->template_set = g_strdup(template_set_hash(templates));
  free(text);
  return context;
}

static LinkKey *golden_key(void)
{
  g_autofree char *path = scratch_path("golden.key");
  LinkKey *key = NULL;

  ck_assert(g_file_set_contents_full(path, KEY, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  assert_done(link_key_load(path, &key, ERR));
  return key;
}

static GBytes *rebuilt(const char *name)
{
  g_autoptr(TemplateSet) templates = NULL;
  g_autoptr(LinkKey) key = golden_key();
  GBytes *bytes = NULL;

  assert_done(template_set_load(&templates, ERR));

  g_autoptr(OutboxContext) context = golden_context(name, templates);

  assert_done(letter_rebuild(context, templates, key, &bytes, ERR));
  return bytes;
}

/* The line, counted from 1, on which `a` and `b` part. */
static gsize differing_line(const char *a, const char *b, gsize size)
{
  gsize line = 1;

  for (gsize i = 0; i < size && a[i] == b[i]; i++)
    line += a[i] == '\n';
  return line;
}

START_TEST(test_golden)
{
  const char *made = goldens[_i].made;
  g_autofree char *path = golden_path(made, "");
  g_autofree char *expected = NULL;
  g_autoptr(GBytes) bytes = rebuilt(goldens[_i].context);
  gsize size = 0, expected_size = 0;
  const char *data = g_bytes_get_data(bytes, &size);

  if (g_getenv("KIGEN_UPDATE_GOLDEN") != NULL)
    ck_assert(g_file_set_contents(path, data, (gssize)size, NULL));
  ck_assert_msg(g_file_get_contents(path, &expected, &expected_size, NULL), "%s cannot be read", path);
  ck_assert_msg(size == expected_size && memcmp(data, expected, size) == 0,
                "%s: line %zu is another one, %zu bytes instead of %zu "
                "(KIGEN_UPDATE_GOLDEN=1 build/tests/mail/test_letter_golden writes it anew)",
                made, differing_line(data, expected, MIN(size, expected_size)), size, expected_size);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("letter_golden");
  TCase *tcase = tcase_create("golden");

  tcase_add_checked_fixture(tcase, scratch_setup, scratch_teardown);
  tcase_add_loop_test(tcase, test_golden, 0, G_N_ELEMENTS(goldens));
  suite_add_tcase(suite, tcase);
  return run_suite(suite);
}
