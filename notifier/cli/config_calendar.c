#include "notifier/cli/config_calendar.h"

#include "notifier/cli/cli_error.h"
#include "notifier/exchange/holidays.h"

static bool read_file(const Config *config, const char *path, GArray *days, Day *ret_last, GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (holidays_read(path, days, ret_last, &cause))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "holidays of %s: %s", config->path, cause->message);
  return false;
}

static bool check_closures(const Config *config, const BusinessCalendar *calendar, GError **error)
{
  char from_text[DAY_TEXT_SIZE], until_text[DAY_TEXT_SIZE];
  Day from, until;

  if (!calendar_long_closure(calendar, &from, &until))
    return true;
  g_set_error(
      error, CLI_ERROR, CLI_ERROR_ENVIRONMENT,
      "holidays of %s: every day from %s to %s is closed, and reminders would move by as much: correct "
      "the files (at most %d days on end)",
      config->path, day_format(from, from_text), day_format(until, until_text), CALENDAR_CLOSED_MAX);
  return false;
}

bool config_calendar_load(const Config *config, Day today, BusinessCalendar **ret_calendar,
                          char ***ret_doubts, GError **error)
{
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(Day));
  g_autoptr(GStrvBuilder) doubts = g_strv_builder_new();

  for (guint i = 0; config->holidays != NULL && config->holidays[i] != NULL; i++) {
    char text[DAY_TEXT_SIZE];
    Day last = DAY_NONE;

    if (!read_file(config, config->holidays[i], days, &last, error))
      return false;
    if (last < today) {
      g_autofree char *doubt = g_strdup_printf("%s ends on %s: holidays after it move no notice, only "
                                               "weekends and the year's end do; fetch its next "
                                               "edition",
                                               config->holidays[i], day_format(last, text));

      g_strv_builder_add(doubts, doubt);
    }
  }

  g_autoptr(BusinessCalendar) calendar = calendar_new((const Day *)(const void *)days->data, days->len);

  if (!check_closures(config, calendar, error))
    return false;
  *ret_calendar = g_steal_pointer(&calendar);
  *ret_doubts = g_strv_builder_end(doubts);
  return true;
}
