/* The conditional headers of a request, as anybody may send them. */

#include "notifier/web/http_date.h"
#include "notifier/web/web_condition.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  char buffer[HTTP_DATE_SIZE];
  gint64 seconds, again;

  if (http_date_parse(text, &seconds)) {
    g_assert(http_date_parse(http_date_format(seconds, buffer), &again));
    g_assert(again == seconds);
    g_assert(web_condition_not_modified(NULL, text, "\"a\"", seconds));
    g_assert(!web_condition_not_modified(NULL, text, "\"a\"", seconds + 1));
  }
  if (web_condition_not_modified(text, NULL, "\"a\"", 0))
    g_assert(g_str_equal(text, "*") || strstr(text, "\"a\"") != NULL);
  return 0;
}
