#include "notifier/web/web_condition.h"

#include <string.h>

#include "notifier/web/http_date.h"

static const char *skip_separators(const char *list)
{
  return list + strspn(list, " \t,");
}

/* Weak comparison (§8.8.3.2): W/ in front does not count. A list that is none matches nothing. */
static bool list_has(const char *list, const char *etag)
{
  gsize length = strlen(etag);

  for (const char *p = skip_separators(list); *p != '\0'; p = skip_separators(p)) {
    if (g_str_has_prefix(p, "W/"))
      p += 2;

    const char *end = *p == '"' ? strchr(p + 1, '"') : NULL;

    if (end == NULL)
      return false;
    end++;
    if ((gsize)(end - p) == length && memcmp(p, etag, length) == 0)
      return true;
    p = end;
  }
  return false;
}

bool web_condition_not_modified(const char *if_none_match, const char *if_modified_since, const char *etag,
                                gint64 last_modified)
{
  gint64 since;

  if (if_none_match != NULL)
    return g_str_equal(if_none_match, "*") || list_has(if_none_match, etag);
  return if_modified_since != NULL && http_date_parse(if_modified_since, &since) && last_modified == since;
}
