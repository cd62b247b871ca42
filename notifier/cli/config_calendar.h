#ifndef KIGEN_CLI_CONFIG_CALENDAR_H
#define KIGEN_CLI_CONFIG_CALENDAR_H

/* The business days of an installation: weekends, the year's end, and the files of holidays that kigen.conf
 * names. */

#include "notifier/cli/config.h"

/* Reads them. *ret_doubts: a line for each file that ends before `today`, so that from its end on only
 * weekends and the year's end move a notice; an empty list: none (own). Errors: CLI_ERROR_ENVIRONMENT, with
 * file, line and remedy; also when the maker would be closed for more than CALENDAR_CLOSED_MAX days on end.
 */
bool config_calendar_load(const Config *config, Day today, BusinessCalendar **ret_calendar,
                          char ***ret_doubts, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
