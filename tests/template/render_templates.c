/* For check_letters.py: reads JSON objects { template, context } from standard input and writes for each a
 * line with its rendering as a JSON string. With a number as argument it renders each as many times and
 * writes how many it did in a second instead. */

#include "notifier/template/template_set.h"

#include <stdio.h>
#include <stdlib.h>

static bool render(const TemplateSet *set, const json_t *request, GString *out)
{
  const char *name = json_string_value(json_object_get(request, "template"));
  g_autoptr(GError) error = NULL;

  g_string_truncate(out, 0);
  if (name != NULL && template_set_render(set, name, json_object_get(request, "context"), out, &error))
    return true;
  fprintf(stderr, "%s\n", error != NULL ? error->message : "a request has no template");
  return false;
}

static bool answer(const TemplateSet *set, const json_t *request, guint64 times)
{
  g_autoptr(GString) out = g_string_new(NULL);
  gint64 begin = g_get_monotonic_time();

  for (guint64 i = 0; i < MAX(times, 1); i++) {
    if (!render(set, request, out))
      return false;
  }
  if (times > 0) {
    printf("%.0f\n", (double)times * G_USEC_PER_SEC / (double)(g_get_monotonic_time() - begin));
    return true;
  }

  json_t *text = json_stringn(out->str, out->len);

  json_dumpf(text, stdout, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
  putchar('\n');
  json_decref(text);
  return true;
}

int main(int argc, char **argv)
{
  g_autoptr(TemplateSet) set = NULL;
  g_autoptr(GError) error = NULL;
  json_t *request;
  bool ok = true;

  if (!template_set_load(&set, &error)) {
    fprintf(stderr, "%s\n", error->message);
    return EXIT_FAILURE;
  }
  while (ok && (request = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
    ok = answer(set, request, argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : 0);
    json_decref(request);
  }
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
