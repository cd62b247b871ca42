/* Any text as a short code, and as text that holds one: what is read is written and read again as the same.
 */

#include "planner/short_code.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_code(const ShortCode *code)
{
  char buffer[SHORT_CODE_TEXT_SIZE];
  ShortCode again;

  g_assert(code->message > 0 && strlen(code->secret) == SHORT_CODE_SECRET_LENGTH);
  g_assert(short_code_parse(short_code_format(code, buffer), &again) && short_code_equal(code, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_utf8_make_valid((const char *)data, (gssize)size);
  const char *from = text, *begin = NULL, *end = NULL;
  ShortCode code;

  if (short_code_parse(text, &code))
    check_code(&code);
  while (short_code_find(from, &code, &begin, &end)) {
    g_assert(begin >= from && end > begin);
    check_code(&code);
    from = end;
  }
  return 0;
}
