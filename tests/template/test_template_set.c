#include "notifier/template/mustache.h"
#include "notifier/template/template_set.h"
#include "tests/support/run.h"

#include <glib/gstdio.h>
#include <string.h>

#define SUFFIX ".mustache"

/* A folder of its own for each test, gone at its end. */
static char *folder;

static void remove_tree(const char *path)
{
  GDir *dir = g_dir_open(path, 0, NULL);
  const char *entry;

  while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL) {
    g_autofree char *inner = g_build_filename(path, entry, NULL);

    remove_tree(inner);
  }
  g_clear_pointer(&dir, g_dir_close);
  g_remove(path);
}

static void setup(void)
{
  folder = g_dir_make_tmp("kigen-template-XXXXXX", NULL);
  ck_assert_ptr_nonnull(folder);
}

static void teardown(void)
{
  remove_tree(folder);
  g_clear_pointer(&folder, g_free);
}

static void put(const char *name, const char *source)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);

  ck_assert_int_eq(g_mkdir_with_parents(parent, 0700), 0);
  ck_assert(g_file_set_contents(path, source, -1, NULL));
}

static TemplateSet *load(void)
{
  g_autoptr(GError) error = NULL;
  TemplateSet *set = NULL;

  ck_assert_msg(template_set_load_dir(folder, &set, &error), "%s", error != NULL ? error->message : "");
  return set;
}

/* What loading the folder is refused with. */
static GError *refusal(void)
{
  GError *error = NULL;
  TemplateSet *set = NULL;

  ck_assert(!template_set_load_dir(folder, &set, &error));
  ck_assert_ptr_null(set);
  return error;
}

static char *render(const TemplateSet *set, const char *name, const char *json)
{
  g_autoptr(GError) error = NULL;
  json_t *context = json_loads(json, 0, NULL);
  g_autoptr(GString) out = g_string_new(NULL);

  ck_assert_ptr_nonnull(context);
  ck_assert_msg(template_set_render(set, name, context, out, &error), "%s",
                error != NULL ? error->message : "");
  json_decref(context);
  return g_strdup(out->str);
}

static void check_render(const TemplateSet *set, const char *name, const char *json, const char *expected)
{
  g_autofree char *text = render(set, name, json);

  ck_assert_msg(strcmp(text, expected) == 0, "%s: [%s] instead of [%s]", name, text, expected);
}

/* Names of the *.mustache files below `path`, without suffix, into `ret_names`. */
static void list_sources(const char *path, const char *below, GPtrArray *ret_names)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *entry;

  ck_assert_ptr_nonnull(dir);
  while ((entry = g_dir_read_name(dir)) != NULL) {
    g_autofree char *inner = g_build_filename(path, entry, NULL);
    g_autofree char *name = g_strconcat(below, entry, NULL);
    g_autofree char *deeper = g_strconcat(name, "/", NULL);

    if (g_file_test(inner, G_FILE_TEST_IS_DIR))
      list_sources(inner, deeper, ret_names);
    else if (g_str_has_suffix(name, SUFFIX))
      g_ptr_array_add(ret_names, g_strndup(name, strlen(name) - strlen(SUFFIX)));
  }
}

START_TEST(test_load_names_every_source)
{
  g_autoptr(TemplateSet) set = NULL;
  g_autofree char *path = run_source_path("templates");
  g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func(g_free);

  ck_assert(template_set_load(&set, NULL));

  const char *const *names = template_set_names(set);

  list_sources(path, "", sources);
  ck_assert_uint_gt(sources->len, 0);
  for (guint i = 0; i < sources->len; i++)
    ck_assert_msg(g_strv_contains(names, g_ptr_array_index(sources, i)),
                  "templates/%s" SUFFIX ": add it to templates/kigen.gresource.xml",
                  (char *)g_ptr_array_index(sources, i));
  ck_assert_uint_eq(g_strv_length((GStrv)(guintptr)names), sources->len);
  for (guint i = 1; names[i] != NULL; i++)
    ck_assert_int_lt(strcmp(names[i - 1], names[i]), 0);
}
END_TEST

START_TEST(test_bytes_make_the_same_set)
{
  g_autoptr(TemplateSet) set = NULL;
  g_autoptr(TemplateSet) same = NULL;
  g_autoptr(GError) error = NULL;
  const char *json = "{\"milestone\":{\"eos\":true},\"product\":{\"name\":\"A&B\"},\"release\":\"R1\"}";

  ck_assert(template_set_load(&set, &error));
  ck_assert(template_set_from_bytes(template_set_bytes(set), &same, &error));
  ck_assert_str_eq(template_set_hash(set), template_set_hash(same));
  ck_assert_uint_eq(strlen(template_set_hash(set)), 64);
  ck_assert_uint_eq(strspn(template_set_hash(set), "0123456789abcdef"), 64);

  g_autofree char *text = render(set, "calendar/en/summary", json);

  ck_assert_str_eq(text, "EOS: last day of support – A&B R1");
  check_render(same, "calendar/en/summary", json, text);
}
END_TEST

START_TEST(test_hash_of_known_files)
{
  /* printf 'kigen templates 1\n\0\0\0\001a\0\0\0\002xy' | b2sum -l 256 */
  static const char archive[] = "kigen templates 1\n\0\0\0\001a\0\0\0\002xy";
  g_autoptr(GBytes) bytes = g_bytes_new_static(archive, sizeof archive - 1);
  g_autoptr(TemplateSet) set = NULL;

  ck_assert(template_set_from_bytes(bytes, &set, NULL));
  ck_assert_str_eq(template_set_hash(set),
                   "bb2172f6d32bb0c0113309b1fbe20f3828f9fb94e89d00084165aa65540e049e");
  ck_assert(g_bytes_equal(template_set_bytes(set), bytes));
  check_render(set, "a", "{}", "xy");
}
END_TEST

START_TEST(test_load_dir_replaces)
{
  put("calendar/ja/summary.mustache", "{{product.name}}\n\n");
  put("calendar/ja/notes.txt", "not a template {{");

  g_autoptr(TemplateSet) set = load();
  g_autoptr(TemplateSet) embedded = NULL;

  check_render(set, "calendar/ja/summary", "{\"product\":{\"name\":\"<P>\"}}", "<P>");
  ck_assert(template_set_load(&embedded, NULL));
  ck_assert_str_ne(template_set_hash(set), template_set_hash(embedded));
  for (const char *const *name = template_set_names(embedded); *name != NULL; name++)
    ck_assert_msg(g_strv_contains(template_set_names(set), *name), "%s", *name);
}
END_TEST

START_TEST(test_types_decide)
{
  put("mail/ja/letter.html.mustache", "{{> words}} {{a}}\n");
  put("mail/ja/letter.txt.mustache", "{{> words}} {{a}}\n");
  put("mail/ja/letter.subject.mustache", "{{> words}} {{a}}\n");
  put("mail/ja/words.mustache", "({{> typed}}{{a}})");
  put("mail/typed.html.mustache", "<b>");
  put("mail/typed.mustache", "*");

  g_autoptr(TemplateSet) set = load();

  check_render(set, "mail/ja/letter.html", "{\"a\":\"&\"}", "(<b>&amp;) &amp;\n");
  check_render(set, "mail/ja/letter.txt", "{\"a\":\"&\"}", "(*&) &\n");
  check_render(set, "mail/ja/letter.subject", "{\"a\":\"&\"}", "(*&) &");
}
END_TEST

START_TEST(test_partials_nearest_first)
{
  put("mail/ja/letter.txt.mustache", "{{> x}}");
  put("mail/x.mustache", "above");

  g_autoptr(TemplateSet) first = load();

  check_render(first, "mail/ja/letter.txt", "{}", "above");
  put("mail/x.txt.mustache", "above, typed");

  g_autofree char *untyped = g_build_filename(folder, "mail/x.mustache", NULL);

  ck_assert_int_eq(g_remove(untyped), 0);

  g_autoptr(TemplateSet) second = load();

  check_render(second, "mail/ja/letter.txt", "{}", "above, typed");
}
END_TEST

static const struct {
  const char *name;
  const char *file, *source; /* what the folder holds */
  const char *domain;
  int code;
  const char *message; /* part of it */
} refused[] = {
  { "misspelt file", "mail/ja/leter.txt.mustache", "x", "kigen_template_set_error", TEMPLATE_SET_ERROR_UNUSED,
    "mail/ja/leter.txt.mustache replaces no template and none includes it" },
  { "wrong source", "mail/ja/letter.txt.mustache", "a\n{{#b}}", "kigen_mustache_error", MUSTACHE_ERROR_SYNTAX,
    "mail/ja/letter.txt:2:1: the section b is not closed" },
  { "partial that is nowhere", "mail/ja/letter.html.mustache", "a {{! b }}{{> nowhere}}",
    "kigen_template_set_error", TEMPLATE_SET_ERROR_ABSENT,
    "mail/ja/letter.html:1:11: no partial nowhere: neither mail/ja nor mail has nowhere.html.mustache or "
    "nowhere.mustache" },
};

START_TEST(test_load_dir_refuses)
{
  put(refused[_i].file, refused[_i].source);

  g_autoptr(GError) error = refusal();

  ck_assert_msg(g_error_matches(error, g_quark_from_string(refused[_i].domain), refused[_i].code), "%s: %s",
                refused[_i].name, error->message);
  ck_assert_msg(strstr(error->message, refused[_i].message) != NULL, "%s: %s", refused[_i].name,
                error->message);
}
END_TEST

START_TEST(test_load_dir_absent)
{
  g_autoptr(GError) error = NULL;
  TemplateSet *set = NULL;
  g_autofree char *absent = g_build_filename(folder, "absent", NULL);

  ck_assert(!template_set_load_dir(absent, &set, &error));
  ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  ck_assert_msg(strstr(error->message, absent) != NULL, "%s", error->message);
}
END_TEST

START_TEST(test_render_absent)
{
  g_autoptr(TemplateSet) set = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) out = g_string_new("kept");

  ck_assert(template_set_load(&set, NULL));
  ck_assert(!template_set_render(set, "mail/xx/letter.txt", NULL, out, &error));
  ck_assert(g_error_matches(error, TEMPLATE_SET_ERROR, TEMPLATE_SET_ERROR_ABSENT));
  ck_assert_str_eq(error->message, "no template mail/xx/letter.txt");
  ck_assert_str_eq(out->str, "kept");
}
END_TEST

/* Every shortened archive is refused, or is a smaller archive; and each damaged one is refused or differs. */
START_TEST(test_from_bytes_damaged)
{
  static const char archive[] = "kigen templates 1\n\0\0\0\001a\0\0\0\002xy\0\0\0\001b\0\0\0\001z";
  gsize refusals = 0;

  for (gsize length = 0; length < sizeof archive - 1; length++) {
    g_autoptr(GBytes) bytes = g_bytes_new(archive, length);
    g_autoptr(TemplateSet) set = NULL;
    g_autoptr(GError) error = NULL;

    if (template_set_from_bytes(bytes, &set, &error))
      continue;
    ck_assert(g_error_matches(error, TEMPLATE_SET_ERROR, TEMPLATE_SET_ERROR_ARCHIVE));
    refusals++;
  }
  ck_assert_uint_eq(refusals, sizeof archive - 1 - 2); /* no file, and the first file alone, are archives */
}
END_TEST

static const struct {
  const char *name;
  const char *bytes;
  gsize length;
} damaged[] = {
#define BYTES(text) text, sizeof text - 1
  { "empty", BYTES("") },
  { "another version", BYTES("kigen templates 2\n") },
  { "out of order", BYTES("kigen templates 1\n\0\0\0\001b\0\0\0\0\0\0\0\001a\0\0\0\0") },
  { "twice the same", BYTES("kigen templates 1\n\0\0\0\001a\0\0\0\0\0\0\0\001a\0\0\0\0") },
  { "no name", BYTES("kigen templates 1\n\0\0\0\0\0\0\0\0") },
  { "a NUL in the name", BYTES("kigen templates 1\n\0\0\0\001\0\0\0\0\0") },
  { "a name not UTF-8", BYTES("kigen templates 1\n\0\0\0\001\xFF\0\0\0\0") },
  { "a long name", BYTES("kigen templates 1\n\0\0\001\0a") },
  { "an endless file", BYTES("kigen templates 1\n\0\0\0\001a\xFF\xFF\xFF\xFF") },
#undef BYTES
};

START_TEST(test_from_bytes_refuses)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static(damaged[_i].bytes, damaged[_i].length);
  g_autoptr(TemplateSet) set = NULL;
  g_autoptr(GError) error = NULL;

  ck_assert_msg(!template_set_from_bytes(bytes, &set, &error), "%s", damaged[_i].name);
  ck_assert_msg(g_error_matches(error, TEMPLATE_SET_ERROR, TEMPLATE_SET_ERROR_ARCHIVE), "%s: %s",
                damaged[_i].name, error->message);
  ck_assert_msg(strstr(error->message, "byte ") != NULL, "%s", error->message);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("template_set");
  TCase *tcase = tcase_create("template_set");

  suite_add_tcase(suite, tcase);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, test_load_names_every_source);
  tcase_add_test(tcase, test_bytes_make_the_same_set);
  tcase_add_test(tcase, test_hash_of_known_files);
  tcase_add_test(tcase, test_load_dir_replaces);
  tcase_add_test(tcase, test_types_decide);
  tcase_add_test(tcase, test_partials_nearest_first);
  tcase_add_loop_test(tcase, test_load_dir_refuses, 0, G_N_ELEMENTS(refused));
  tcase_add_test(tcase, test_load_dir_absent);
  tcase_add_test(tcase, test_render_absent);
  tcase_add_test(tcase, test_from_bytes_damaged);
  tcase_add_loop_test(tcase, test_from_bytes_refuses, 0, G_N_ELEMENTS(damaged));
  return run_suite(suite);
}
