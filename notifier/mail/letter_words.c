#include "notifier/mail/letter_words.h"

#include <string.h>

#include "planner/date_text.h"

#define MONTHS_A_YEAR 12

static bool is_english(const char *language)
{
  return strcmp(language, "en") == 0;
}

/* "6 months left" */
static char *left(int n, const char *unit)
{
  return g_strdup_printf("%d %s%s left", n, unit, n == 1 ? "" : "s");
}

static char *months_left(int months, bool exact, bool english)
{
  if (exact && months % MONTHS_A_YEAR == 0)
    return english ? left(months / MONTHS_A_YEAR, "year")
                   : g_strdup_printf("あと%d年", months / MONTHS_A_YEAR);
  if (exact)
    return english ? left(months, "month") : g_strdup_printf("あと%dか月", months);
  if (!english)
    return g_strdup_printf("あと%dか月余り", months);

  g_autofree char *text = left(months, "month");

  return g_strconcat("a little over ", text, NULL);
}

char *letter_words_remaining(Day today, Day end, const char *language)
{
  bool english = is_english(language);

  if (today >= end)
    return NULL;

  int months = day_months_between(today, end);
  int days = (int)(end - today);

  if (months < 1)
    return english ? left(days, "day") : g_strdup_printf("あと%d日", days);

  /* A reminder that moved from a holiday to the business day before is still the six-months reminder. */
  Day counted = day_add_months(end, -months);
  bool exact = counted < today + 14;

  return months_left(months, exact, english);
}

char *letter_words_person(const char *name)
{
  static const char *const honorifics[] = { "様", "殿", "先生", "御中" };
  g_autofree char *person = g_strstrip(g_strdup(name));

  for (gsize i = 0; i < G_N_ELEMENTS(honorifics); i++)
    if (g_str_has_suffix(person, honorifics[i]) && strlen(person) > strlen(honorifics[i])) {
      person[strlen(person) - strlen(honorifics[i])] = '\0';
      break;
    }
  while (g_str_has_suffix(person, "　") || g_str_has_suffix(person, " "))
    person[strlen(person) - (g_str_has_suffix(person, " ") ? 1 : strlen("　"))] = '\0';
  return g_steal_pointer(&person);
}

const char *letter_words_title(const char *role, const char *language)
{
  static const struct {
    const char *role, *ja, *en;
  } rows[] = {
    { "device-safety-manager", "医療機器安全管理責任者", "Medical Device Safety Manager" },
    { "clinical-engineering", "臨床工学ご担当", "Clinical Engineering" },
    { "it-security", "情報セキュリティご担当", "IT Security" },
    { "procurement", "購買ご担当", "Procurement" },
  };

  for (gsize i = 0; role != NULL && i < G_N_ELEMENTS(rows); i++)
    if (strcmp(rows[i].role, role) == 0)
      return is_english(language) ? rows[i].en : rows[i].ja;
  return NULL;
}

static void append_part(GString *line, const char *part, const char *separator)
{
  if (part == NULL || part[0] == '\0')
    return;
  if (line->len > 0)
    g_string_append(line, separator);
  g_string_append(line, part);
}

char *letter_words_attention(const char *organization, const char *department, const char *title,
                             const char *name, const char *language)
{
  bool english = is_english(language);
  const char *separator = english ? ", " : "　";
  GString *line = g_string_new(NULL);
  bool named = name != NULL && name[0] != '\0';

  append_part(line, organization, separator);
  append_part(line, department, separator);
  append_part(line, title, separator);
  append_part(line, name, separator);
  if (!english)
    append_part(line, named ? "様" : "ご担当者様", separator);
  return g_string_free(line, FALSE);
}

const char *letter_words_second_person(const char *role, const char *language)
{
  static const struct {
    const char *role, *word;
  } rows[] = { { "hospital", "貴院" },
               { "clinic", "貴院" },
               { "distributor", "貴社" },
               { "lessor", "貴社" },
               { "repairer", "貴社" } };

  for (gsize i = 0; !is_english(language) && i < G_N_ELEMENTS(rows); i++)
    if (strcmp(rows[i].role, role) == 0)
      return rows[i].word;
  return NULL;
}

char *letter_words_date(Day day, const char *language)
{
  return is_english(language) ? date_text_english(day) : date_text_japanese(day);
}

char *letter_words_short_date(Day day, const char *language)
{
  char iso[DAY_TEXT_SIZE];
  int year, month, of_month;

  if (is_english(language))
    return g_strdup(day_format(day, iso));
  day_to_ymd(day, &year, &month, &of_month);
  return g_strdup_printf("%d年%d月%d日", year, month, of_month);
}

char *letter_words_units(gint64 n, const char *language)
{
  if (is_english(language))
    return g_strdup_printf("%" G_GINT64_FORMAT " unit%s", n, n == 1 ? "" : "s");
  return g_strdup_printf("%" G_GINT64_FORMAT "台", n);
}
