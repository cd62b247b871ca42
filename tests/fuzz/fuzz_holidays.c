/* A list of holidays, as anybody wrote it. What is taken are real days, rising, each once; what is refused is
 * refused in words that name the file, and leaves nothing behind. */

#include "notifier/exchange/holidays.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_days(const GArray *days, Day last)
{
  Day before = DAY_NONE;

  for (guint i = 0; i < days->len; i++) {
    Day day = g_array_index(days, Day, i);
    char text[DAY_TEXT_SIZE];
    Day again;

    g_assert(day > before && day_parse(day_format(day, text), &again) && again == day);
    before = day;
  }
  g_assert(days->len > 0 && days->len <= HOLIDAYS_DAYS_MAX && before == last);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  int fd = memfd_create("fuzz", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(Day));
  g_autoptr(GError) error = NULL;
  Day last = DAY_NONE;

  g_assert(fd >= 0);
  for (size_t written = 0; written < size;) {
    ssize_t n = write(fd, data + written, size - written);

    g_assert(n > 0);
    written += (size_t)n;
  }
  if (holidays_read(path, days, &last, &error))
    check_days(days, last);
  else
    g_assert(days->len == 0 && last == DAY_NONE && g_str_has_prefix(error->message, path) &&
             g_utf8_validate(error->message, -1, NULL));
  close(fd);
  return 0;
}
