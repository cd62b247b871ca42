#include "planner/era.h"

#include <string.h>

typedef struct {
  int year, month, day;
} Ymd;

/* Newest first. 1912-07-30 was a day of 明治 and of 大正, 1926-12-25 one of 大正 and of 昭和; the changes of
 * 1989 and 2019 took place at midnight (元号を改める政令). */
static const struct {
  const char *name;
  char letter;
  int year_before;
  Ymd first, last;
} eras[] = {
  { "令和", 'R', 2018, { 2019, 5, 1 }, { 0 } },
  { "平成", 'H', 1988, { 1989, 1, 8 }, { 2019, 4, 30 } },
  { "昭和", 'S', 1925, { 1926, 12, 25 }, { 1989, 1, 7 } },
  { "大正", 'T', 1911, { 1912, 7, 30 }, { 1926, 12, 25 } },
  { "明治", 'M', 1867, { 1873, 1, 1 }, { 1912, 7, 30 } },
};

static Day from(Ymd ymd)
{
  return day_from_ymd(ymd.year, ymd.month, ymd.day);
}

static void fill(Era *ret_era, gsize i)
{
  *ret_era = (Era){
    .name = eras[i].name,
    .letter = eras[i].letter,
    .year_before = eras[i].year_before,
    .first = from(eras[i].first),
    .last = from(eras[i].last),
  };
}

bool era_of_day(Day day, Era *ret_era)
{
  for (gsize i = 0; i < G_N_ELEMENTS(eras); i++) {
    if (day >= from(eras[i].first)) {
      fill(ret_era, i);
      return true;
    }
  }
  return false;
}

bool era_take(const char **text, Era *ret_era)
{
  for (gsize i = 0; i < G_N_ELEMENTS(eras); i++) {
    gsize length = strlen(eras[i].name);

    if (strncmp(*text, eras[i].name, length) != 0)
      length = g_ascii_toupper(**text) == eras[i].letter ? 1 : 0;
    if (length == 0)
      continue;
    *text += length;
    fill(ret_era, i);
    return true;
  }
  return false;
}
