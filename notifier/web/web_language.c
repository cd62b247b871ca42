#include "notifier/web/web_language.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define ITEMS_MAX 32 /* of Accept-Language: more are not looked at */
#define WEIGHT_MAX 1000

/* What a client likes, from 0 (not at all) to WEIGHT_MAX; -1: it did not say. */
typedef struct {
  int ja, en, any;
  bool other; /* it named another language */
} Liking;

static const char *known(const char *language)
{
  if (g_strcmp0(language, "ja") == 0)
    return "ja";
  return g_strcmp0(language, "en") == 0 ? "en" : NULL;
}

/* "0.8" as 800; what is no weight (RFC 9110 §12.4.2) counts as 0. */
static int parse_weight(const char *text)
{
  int weight = 0, scale = 100;

  if (text[0] != '0' && text[0] != '1')
    return 0;
  weight = text[0] == '1' ? WEIGHT_MAX : 0;
  if (text[1] == '\0')
    return weight;
  if (text[1] != '.')
    return 0;
  for (const char *p = text + 2; *p != '\0'; p++, scale /= 10) {
    if (!g_ascii_isdigit(*p) || scale == 0)
      return 0;
    weight += scale * g_ascii_digit_value(*p);
  }
  return MIN(weight, WEIGHT_MAX);
}

/* Takes the weight off the item, which ends before it; without one it is full. */
static int take_weight(char *item)
{
  char *semicolon = strchr(item, ';');
  char *parameter;

  if (semicolon == NULL)
    return WEIGHT_MAX;
  *semicolon = '\0';
  parameter = g_strstrip(semicolon + 1);
  g_strchomp(item);
  return g_ascii_strncasecmp(parameter, "q=", 2) == 0 ? parse_weight(parameter + 2) : 0;
}

/* "ja" of "ja", "ja-JP", "JA-Jpan-JP". */
static bool is_of(const char *tag, const char *language)
{
  return g_ascii_strncasecmp(tag, language, 2) == 0 && (tag[2] == '\0' || tag[2] == '-');
}

static void like(Liking *liking, char *item)
{
  int weight = take_weight(item);

  if (is_of(item, "ja"))
    liking->ja = MAX(liking->ja, weight);
  else if (is_of(item, "en"))
    liking->en = MAX(liking->en, weight);
  else if (strcmp(item, "*") == 0)
    liking->any = MAX(liking->any, weight);
  else
    liking->other |= weight > 0;
}

static bool names_first(const char *accept, const char *language, const char *other)
{
  g_autofree char *lower = g_ascii_strdown(accept, -1);
  const char *first = strstr(lower, language), *second = strstr(lower, other);

  return first != NULL && (second == NULL || first < second);
}

static const char *decide(const Liking *liking, const char *accept, const char *otherwise)
{
  int ja = liking->ja >= 0 ? liking->ja : MAX(liking->any, 0);
  int en = liking->en >= 0 ? liking->en : MAX(liking->any, 0);

  if (ja != en)
    return ja > en ? "ja" : "en";
  if (ja > 0 && liking->ja >= 0 && liking->en >= 0)
    return names_first(accept, "ja", "en") ? "ja" : "en";
  return liking->other && liking->any <= 0 ? "en" : otherwise;
}

const char *web_language_choose(const char *chosen, const char *accept, const char *otherwise)
{
  Liking liking = { -1, -1, -1, false };
  g_auto(GStrv) items = NULL;

  if (known(chosen) != NULL)
    return known(chosen);
  if (accept == NULL)
    return otherwise;
  items = g_strsplit(accept, ",", ITEMS_MAX);
  for (gsize i = 0; items[i] != NULL; i++)
    like(&liking, g_strstrip(items[i]));
  return decide(&liking, accept, otherwise);
}
