#include "notifier/template/mustache.h"
#include "tests/support/run.h"

#include <stdio.h>
#include <string.h>

/* The partials of one case: JSON object name → source. */
typedef struct {
  const json_t *sources;
  MustacheEscape escape;
  GHashTable *compiled;
} Partials;

static const Mustache *find_partial(const char *partial, gpointer data, GError **error)
{
  Partials *partials = data;
  const char *source = json_string_value(json_object_get(partials->sources, partial));
  Mustache *found = g_hash_table_lookup(partials->compiled, partial);

  if (found != NULL || source == NULL)
    return found;
  if (!mustache_compile(partial, source, -1, partials->escape, &found, error))
    return NULL;
  g_hash_table_insert(partials->compiled, g_strdup(partial), found);
  return mustache_link(found, find_partial, data, error) ? found : NULL;
}

/* Compiles, links and renders; own string, or NULL and an error. */
static char *render(const char *source, const json_t *context, const json_t *partials, MustacheEscape escape,
                    GError **error)
{
  g_autoptr(GHashTable) compiled =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)mustache_free);
  Partials finder = { partials, escape, compiled };
  g_autoptr(Mustache) template = NULL;
  g_autoptr(GString) out = g_string_new("kept|");

  if (!mustache_compile("case", source, -1, escape, &template, error) ||
      !mustache_link(template, find_partial, &finder, error))
    return NULL;
  if (!mustache_render(template, context, out, error)) {
    ck_assert_str_eq(out->str, "kept|");
    return NULL;
  }
  ck_assert_msg(g_str_has_prefix(out->str, "kept|"), "what stood in the buffer is gone: %s", out->str);
  return g_strdup(out->str + strlen("kept|"));
}

static void check_spec_case(const char *file, const json_t *spec)
{
  const char *name = json_string_value(json_object_get(spec, "name"));
  const char *source = json_string_value(json_object_get(spec, "template"));
  const char *expected = json_string_value(json_object_get(spec, "expected"));
  g_autoptr(GError) error = NULL;
  g_autofree char *text =
      render(source, json_object_get(spec, "data"), json_object_get(spec, "partials"), MUSTACHE_HTML, &error);

  ck_assert_msg(text != NULL, "%s, %s: %s", file, name, error != NULL ? error->message : "");
  ck_assert_msg(strcmp(text, expected) == 0, "%s, %s: [%s] instead of [%s]", file, name, text, expected);
}

static const struct {
  const char *file;
  gsize cases;
} spec_files[] = {
  { "comments.json", 12 }, { "delimiters.json", 14 }, { "interpolation.json", 42 },
  { "inverted.json", 22 }, { "partials.json", 12 },   { "sections.json", 34 },
};

START_TEST(test_render_specification)
{
  g_autofree char *relative = g_strconcat("data/mustache-spec/", spec_files[_i].file, NULL);
  g_autofree char *path = run_shared_path(relative);
  json_error_t why;

  if (path == NULL) {
    printf("# SKIPPED: ../shared/%s is absent\n", relative);
    return;
  }

  json_t *spec = json_load_file(path, 0, &why);
  const json_t *cases = json_object_get(spec, "tests");

  ck_assert_msg(spec != NULL, "%s: %s", path, why.text);
  ck_assert_uint_eq(json_array_size(cases), spec_files[_i].cases);
  for (gsize i = 0; i < json_array_size(cases); i++)
    check_spec_case(spec_files[_i].file, json_array_get(cases, i));
  json_decref(spec);
}
END_TEST

#include "tests/template/mustache_cases.h"

static json_t *load(const char *json)
{
  json_error_t why;
  json_t *value = json != NULL ? json_loads(json, JSON_DECODE_ANY, &why) : NULL;

  ck_assert_msg(json == NULL || value != NULL, "%s: %s", json, why.text);
  return value;
}

START_TEST(test_render_case)
{
  g_autoptr(GError) error = NULL;
  json_t *context = load(render_cases[_i].context), *partials = load(render_cases[_i].partials);
  g_autofree char *text = render(render_cases[_i].source, context, partials, render_cases[_i].escape, &error);

  ck_assert_msg(text != NULL, "%s: %s", render_cases[_i].name, error != NULL ? error->message : "");
  ck_assert_msg(strcmp(text, render_cases[_i].expected) == 0, "%s: [%s] instead of [%s]",
                render_cases[_i].name, text, render_cases[_i].expected);
  json_decref(context);
  json_decref(partials);
}
END_TEST

START_TEST(test_refuse_case)
{
  g_autoptr(GError) error = NULL;
  json_t *context = load(refused_cases[_i].context), *partials = load(refused_cases[_i].partials);
  g_autofree char *text = render(refused_cases[_i].source, context, partials, MUSTACHE_HTML, &error);

  ck_assert_msg(text == NULL, "%s: rendered as [%s]", refused_cases[_i].name, text);
  ck_assert_msg(g_error_matches(error, MUSTACHE_ERROR, (int)refused_cases[_i].code), "%s: %s",
                refused_cases[_i].name, error->message);
  ck_assert_msg(g_str_has_prefix(error->message, refused_cases[_i].place) &&
                    strstr(error->message, refused_cases[_i].remedy) != NULL,
                "%s: [%s] is not [%s … %s]", refused_cases[_i].name, error->message, refused_cases[_i].place,
                refused_cases[_i].remedy);
  json_decref(context);
  json_decref(partials);
}
END_TEST

START_TEST(test_compile_nesting)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Mustache) template = NULL;
  g_autoptr(GString) source = g_string_new(NULL);

  for (int i = 0; i < MUSTACHE_NESTING_MAX; i++)
    g_string_append(source, "{{#a}}");
  for (int i = 0; i < MUSTACHE_NESTING_MAX; i++)
    g_string_append(source, "{{/a}}");
  ck_assert(mustache_compile("nested", source->str, -1, MUSTACHE_TEXT, &template, &error));
  ck_assert_str_eq(mustache_name(template), "nested");
  g_clear_pointer(&template, mustache_free);

  g_string_prepend(source, "{{#a}}");
  ck_assert(!mustache_compile("nested", source->str, -1, MUSTACHE_TEXT, &template, &error));
  ck_assert_msg(g_str_has_prefix(error->message, "nested:1:385: more than 64 sections"), "%s",
                error->message);
}
END_TEST

START_TEST(test_compile_bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Mustache) template = NULL;

  ck_assert(!mustache_compile("bytes", "a\n\xE3\x81\x82\xFFx", -1, MUSTACHE_TEXT, &template, &error));
  ck_assert_str_eq(error->message, "bytes:2:2: byte 0xFF is not UTF-8 text: save the template as UTF-8");
  g_clear_error(&error);
  ck_assert(!mustache_compile("bytes", "a\0b", 3, MUSTACHE_TEXT, &template, &error));
  ck_assert_str_eq(error->message, "bytes:1:2: byte 0x00 is not UTF-8 text: save the template as UTF-8");
  ck_assert_ptr_null(template);
}
END_TEST

START_TEST(test_render_unlinked)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Mustache) template = NULL;
  g_autoptr(GString) out = g_string_new(NULL);

  ck_assert(mustache_compile("unlinked", "a{{> b}}c", 5, MUSTACHE_TEXT, &template, &error) == false);
  g_clear_error(&error);
  ck_assert(mustache_compile("unlinked", "a{{> b}}c", -1, MUSTACHE_TEXT, &template, &error));
  ck_assert(mustache_render(template, NULL, out, &error));
  ck_assert_str_eq(out->str, "ac");
}
END_TEST

START_TEST(test_render_endless)
{
  g_autoptr(GError) error = NULL;
  json_t *context = json_object(), *list = json_array();

  for (int i = 0; i < 1000; i++)
    json_array_append_new(list, json_integer(1));
  json_object_set_new(context, "l", list);

  g_autofree char *text =
      render("{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}", context, NULL, MUSTACHE_TEXT, &error);

  ck_assert_ptr_null(text);
  ck_assert_msg(g_error_matches(error, MUSTACHE_ERROR, MUSTACHE_ERROR_LIMIT), "%s", error->message);
  json_decref(context);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("mustache");
  TCase *tcase = tcase_create("mustache");

  suite_add_tcase(suite, tcase);
  tcase_add_loop_test(tcase, test_render_specification, 0, G_N_ELEMENTS(spec_files));
  tcase_add_loop_test(tcase, test_render_case, 0, G_N_ELEMENTS(render_cases));
  tcase_add_loop_test(tcase, test_refuse_case, 0, G_N_ELEMENTS(refused_cases));
  tcase_add_test(tcase, test_compile_nesting);
  tcase_add_test(tcase, test_compile_bytes);
  tcase_add_test(tcase, test_render_unlinked);
  tcase_add_test(tcase, test_render_endless);
  return run_suite(suite);
}
