#include "db/release_pattern.h"

#include <string.h>

struct ReleasePattern {
  char *exact;        /* no wildcard: the query selects; else NULL */
  GPatternSpec *glob; /* or NULL */
  bool products;      /* a glob without a slash: it may match the product's code alone */
};

ReleasePattern *release_pattern_new(const char *pattern)
{
  bool wild = pattern != NULL && strpbrk(pattern, "*?") != NULL;
  ReleasePattern *made = g_new0(ReleasePattern, 1);

  made->exact = wild ? NULL : g_strdup(pattern);
  made->glob = wild ? g_pattern_spec_new(pattern) : NULL;
  made->products = wild && strchr(pattern, '/') == NULL;
  return made;
}

void release_pattern_free(ReleasePattern *pattern)
{
  if (pattern == NULL) {
    return;
  }
  g_free(pattern->exact);
  g_clear_pointer(&pattern->glob, g_pattern_spec_free);
  g_free(pattern);
}

void release_pattern_bind(const ReleasePattern *pattern, DbStatement *statement)
{
  db_bind_text(statement, 1, pattern->exact);
}

bool release_pattern_matches(const ReleasePattern *pattern, const char *product, const char *release)
{
  if (pattern->glob == NULL) {
    return true;
  }
  g_autofree char *both = g_strconcat(product, "/", release, NULL);

  return (release != NULL && g_pattern_spec_match_string(pattern->glob, both)) ||
         ((pattern->products || release == NULL) && g_pattern_spec_match_string(pattern->glob, product));
}
