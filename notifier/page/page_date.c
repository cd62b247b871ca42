#include "notifier/page/page_date.h"

#include <string.h>

#include "notifier/page/page_json.h"
#include "planner/date_text.h"

static bool is_english(const char *language)
{
  return strcmp(language, "en") == 0;
}

static const char *month_name(int month)
{
  static const char *const names[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"
  };

  return names[month - 1];
}

char *page_date_short(Day day, const char *language)
{
  int year, month, day_of_month;

  day_to_ymd(day, &year, &month, &day_of_month);
  if (is_english(language))
    return g_strdup_printf("%d %s %d", day_of_month, month_name(month), year);
  return g_strdup_printf("%d年%d月%d日", year, month, day_of_month);
}

/* 1222 as "1,222". Own string; not negative. */
static char *grouped(int number)
{
  if (number >= 1000000)
    return g_strdup_printf("%d,%03d,%03d", number / 1000000, number / 1000 % 1000, number % 1000);
  return number >= 1000 ? g_strdup_printf("%d,%03d", number / 1000, number % 1000)
                        : g_strdup_printf("%d", number);
}

static char *english_left(int days)
{
  g_autofree char *number = grouped(ABS(days));

  if (days == 0)
    return g_strdup("today is the last day");
  if (days > 0)
    return g_strdup_printf("%s day%s left", number, days == 1 ? "" : "s");
  return g_strdup_printf("ended %s day%s ago", number, days == -1 ? "" : "s");
}

char *page_date_left(Day today, Day last, const char *language)
{
  int days = (int)(last - today);

  g_autofree char *number = grouped(ABS(days));

  if (is_english(language))
    return english_left(days);
  if (days == 0)
    return g_strdup("本日まで");
  return days > 0 ? g_strdup_printf("あと%s日", number) : g_strdup_printf("%s日前に終了", number);
}

static void set_known(json_t *object, Day day, Day today, const char *language)
{
  char iso[DAY_TEXT_SIZE];

  page_json_take(object, "text", page_date_short(day, language));
  page_json_take(object, "long", is_english(language) ? date_text_english(day) : date_text_japanese(day));
  page_json_text(object, "iso", day_format(day, iso));
  page_json_take(object, "left", page_date_left(today, day, language));
  page_json_flag(object, "past", day < today);
}

json_t *page_date_json(PlanDate date, Day today, const char *language)
{
  json_t *object = json_object();
  bool english = is_english(language);

  switch (date.state) {
  case DATE_KNOWN:
    set_known(object, date.day, today, language);
    break;
  case DATE_TBA:
    page_json_text(object, "text", english ? "not announced" : "未定");
    page_json_flag(object, "tba", true);
    break;
  case DATE_UNKNOWN:
  default:
    page_json_text(object, "text", english ? "unknown" : "不明");
    page_json_flag(object, "unknown", true);
    break;
  }
  return object;
}

json_t *page_date_end_json(EffectiveDate date, Day today, const char *language)
{
  json_t *object = page_date_json(date.date, today, language);
  bool known = date.date.state == DATE_KNOWN;

  page_json_flag(object, "latest", effective_is_latest(date));
  page_json_flag(object, "contract", known && date.by != EFFECTIVE_PLAN);
  return object;
}
