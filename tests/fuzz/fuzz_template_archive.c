/* An archive of templates as a store keeps it, damaged or made up. One that is taken is given back byte for
 * byte. */

#include "notifier/template/template_set.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autoptr(GBytes) bytes = g_bytes_new(data, size);
  g_autoptr(TemplateSet) set = NULL;
  g_autoptr(GError) error = NULL;

  if (template_set_from_bytes(bytes, &set, &error))
    g_assert(g_bytes_equal(bytes, template_set_bytes(set)));
  else
    g_assert(error != NULL);
  return 0;
}
