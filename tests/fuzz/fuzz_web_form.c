/* The body of a form, and where it says to come from: the first line is the Content-Type, the second an
 * Origin, the rest the body. */

#include "notifier/web/web_csrf.h"
#include "notifier/web/web_form.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read is what another reader of the standard would read, and safe to show. */
static void check(const char *value)
{
  g_assert(g_utf8_validate(value, -1, NULL) && !g_ascii_isspace(value[0]));
  for (const char *p = value; *p != '\0'; p++)
    g_assert(*p == '\n' || *p == '\t' || !g_ascii_iscntrl(*p));
}

static char *line(const uint8_t **data, size_t *size)
{
  const uint8_t *end = memchr(*data, '\n', *size);
  size_t length = end != NULL ? (size_t)(end - *data) : *size;
  char *text = g_strndup((const char *)*data, length);

  *data += end != NULL ? length + 1 : length;
  *size -= end != NULL ? length + 1 : length;
  return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const char *const known[] = { "person", "title", "note", "signed", NULL };
  g_autofree char *type = size > 0 ? line(&data, &size) : g_strdup("");
  g_autofree char *origin = size > 0 ? line(&data, &size) : g_strdup("");
  g_autoptr(WebForm) form = NULL;
  g_autoptr(GError) error = NULL;

  (void)web_csrf_is_own("kigen.example", origin, NULL);
  if (web_form_parse(type, (const char *)data, size, known, &form, &error))
    for (gsize i = 0; known[i] != NULL; i++)
      check(web_form_get(form, known[i]));
  else
    g_assert(error != NULL);
  return 0;
}
