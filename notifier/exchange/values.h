#ifndef KIGEN_NOTIFIER_EXCHANGE_VALUES_H
#define KIGEN_NOTIFIER_EXCHANGE_VALUES_H

/* One cell of a file to the text that the store keeps. Every parser gets a cell that is trimmed and not
 * empty, and refuses what Excel damaged rather than guess. Pure: they run in the reading thread. */

#include <glib.h>
#include <stdbool.h>

#define VALUES_ERROR (values_error_quark())
typedef enum {
  VALUES_ERROR_FORM, /* not what the column takes; the message says what to write instead */
  VALUES_ERROR_EXCEL /* Excel's doing */
} ValuesError;
GQuark values_error_quark(void);

/* Where parsers put what they make. */
typedef struct {
  GStringChunk *chunk; /* owns new strings */
  char *warning;       /* own string: accepted with doubt; NULL: none */
} ValueSink;

/* *ret_value is `cell` itself, a static word, a string in sink->chunk, or NULL (stored as unknown). `detail`
 * is the parser's own: a range, a table of words. Errors: VALUES_ERROR, DATE_TEXT_ERROR,
 * EMAIL_ADDRESS_ERROR, WEB_ADDRESS_ERROR, SERVICE_TERMS_ERROR. */
typedef bool (*ValueParser)(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                            GError **error);

/* `cell` without white space (also full-width) at its ends: itself, a later part of it, or a copy in `chunk`.
 */
const char *values_trim(const char *cell, GStringChunk *chunk);

/* Text of several lines. */
bool values_text(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                 GError **error);
/* Text of one line: no control character. */
bool values_line(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                 GError **error);
/* A code: one line, ="00123" undone, 1.23E+13 refused. */
bool values_code(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                 GError **error);
/* A date of a support plan (planner/date_text.h): ISO, "tba" or NULL. */
bool values_plan_date(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                      GError **error);
/* Any other day: ISO; what is not announced is NULL (99991231 in a column of ends means: open). */
bool values_day(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                GError **error);
/* "1" or "0" from yes, no, 1, 0, はい, いいえ … */
bool values_boolean(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                    GError **error);

typedef struct {
  gint64 min, max;
} ValueRange;
/* A whole number; `detail` is a ValueRange. */
bool values_integer(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                    GError **error);

typedef struct {
  const char *word;  /* as written; NULL ends the table */
  const char *value; /* as stored */
} ValueWord;
/* One of the words of `detail`, a table of ValueWord; width, case, spaces, _ and - do not matter. */
bool values_word(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                 GError **error);

/* An address as planner/email_address.h takes it. */
bool values_email(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                  GError **error);
/* An address as planner/web_address.h takes it. */
bool values_url(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                GError **error);
/* The same, https:// alone: where a program is posted to. */
bool values_https(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                  GError **error);
/* A time zone this system knows: Asia/Tokyo. */
bool values_time_zone(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                      GError **error);
/* Two letters of ISO 3166-1, upper-cased; 日本 is JP. */
bool values_country(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                    GError **error);
/* Service lines (planner/limited_support.h), kept as they are once they can be read. */
bool values_service_lines(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                          GError **error);

/* Terms of service lines (planner/service_terms.h), kept as they are once they can be read. */
bool values_service_terms(const char *cell, const void *detail, ValueSink *sink, const char **ret_value,
                          GError **error);

/* What two serials or lots are compared by: NFKC, upper case, without white space (own string, or NULL when
 * `serial` is that already). */
char *values_serial_key(const char *serial);

#endif
