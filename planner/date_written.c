#include "planner/date_written.h"

#include <string.h>

static const char *skip_spaces(const char *p)
{
  return p + strspn(p, " ");
}

static bool take(const char **p, const char *word)
{
  const char *at = skip_spaces(*p);
  gsize length = strlen(word);

  if (strncmp(at, word, length) != 0)
    return false;
  *p = at + length;
  return true;
}

/* A number of `least` to `most` digits. */
static bool take_number(const char **p, int least, int most, int *ret_value)
{
  const char *at = skip_spaces(*p);
  int n = 0, value = 0;

  for (; n < most && g_ascii_isdigit(at[n]); n++)
    value = value * 10 + (at[n] - '0');
  if (n < least || g_ascii_isdigit(at[n]))
    return false;
  *p = at + n;
  *ret_value = value;
  return true;
}

/* Four digits, or an era and up to three digits or 元. */
static bool take_year(const char **p, Written *written)
{
  written->in_era = era_take(p, &written->era);
  if (!written->in_era)
    return take_number(p, 4, 4, &written->year);
  written->year = 1;
  return take(p, "元") || take_number(p, 1, 3, &written->year);
}

static bool take_kanji(const char **p, Written *written)
{
  if (take(p, "年度末")) {
    written->end = ENDS_FISCAL_YEAR;
    return true;
  }
  if (!take(p, "年") || !take_number(p, 1, 2, &written->month) || !take(p, "月"))
    return false;
  if (take(p, "末")) {
    written->end = ENDS_MONTH;
    (void)take(p, "日");
    return true;
  }
  return take_number(p, 1, 2, &written->day) && take(p, "日");
}

/* Month and day, each behind the same sign. */
static bool take_separated(const char **p, Written *written)
{
  static const char *const signs[] = { "-", "/", "." };

  for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
    if (take(p, signs[i]))
      return take_number(p, 1, 2, &written->month) && take(p, signs[i]) &&
             take_number(p, 1, 2, &written->day);
  }
  return false;
}

const char *date_written_read(const char *text, Written *ret_written)
{
  Written written = { .end = ENDS_DAY };
  const char *p = text;

  if (!take_year(&p, &written))
    return NULL;

  const char *behind_year = p;

  if (!take_separated(&p, &written)) {
    p = behind_year;
    if (!take_kanji(&p, &written))
      return NULL;
  }
  *ret_written = written;
  return skip_spaces(p);
}

const char *date_written_read_month(const char *text)
{
  Written written;
  const char *p = text;

  if (!take_year(&p, &written) || !take(&p, "年"))
    return NULL;

  const char *behind_year = p;

  if (!take_number(&p, 1, 2, &written.month) || !take(&p, "月"))
    p = behind_year;
  return skip_spaces(p);
}
