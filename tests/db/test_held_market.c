#include "db/held_market.h"
#include "tests/support/run.h"

#include <check.h>
#include <string.h>

/* Revisions "MARKET-REVISION published [withdrawn]", those for every market first; and what concerned the
 * organization, "MARKET-REVISION=number from [withdrawn]". A day may have an hour: "2026-06-01T09". */
typedef struct {
  const char *name, *revisions, *expected;
} Case;

static const Case cases[] = {
  { "none", "", "" },
  { "every market alone", "*1 2026-01-01; *2 2026-06-01 2026-09-01",
    "*1=1 2026-01-01; *2=2 2026-06-01 2026-09-01" },
  { "own alone", "JP1 2026-01-01; JP3 2026-06-01", "JP1=1 2026-01-01; JP3=3 2026-06-01" },
  { "own takes over", "*1 2026-01-01; *2 2026-03-01; *3 2026-09-01; JP1 2026-06-01; JP2 2026-10-01",
    "*1=1 2026-01-01; *2=2 2026-03-01; JP1=3 2026-06-01; JP2=4 2026-10-01" },
  { "on the same day", "*1 2026-06-01; JP1 2026-06-01", "*1=1 2026-06-01; JP1=2 2026-06-01" },
  { "on the same day, but later", "*1 2026-01-01; *2 2026-06-01T11; JP1 2026-06-01T10",
    "*1=1 2026-01-01; JP1=2 2026-06-01T10" },
  { "on the same day, one after the other",
    "*1 2026-06-01T09; *2 2026-06-01T11; JP1 2026-06-01T08 2026-06-01T10",
    "JP1=1 2026-06-01T08 2026-06-01T10; *1=2 2026-06-01T10; *2=3 2026-06-01T11" },
  { "own first", "*1 2026-06-01; JP1 2026-01-01", "JP1=1 2026-01-01" },
  { "own withdrawn, every market's comes back", "*1 2026-01-01; JP1 2026-03-01 2026-06-01",
    "*1=1 2026-01-01; JP1=2 2026-03-01 2026-06-01; *1=3 2026-06-01" },
  { "as it is by then, and what follows",
    "*1 2026-01-01; *2 2026-04-01; *3 2026-08-01; JP1 2026-03-01 2026-06-01",
    "*1=1 2026-01-01; JP1=2 2026-03-01 2026-06-01; *2=3 2026-06-01; *3=4 2026-08-01" },
  { "own withdrawn, nothing there", "JP1 2026-03-01 2026-06-01", "JP1=1 2026-03-01 2026-06-01" },
  { "nothing there yet", "*1 2026-08-01; JP1 2026-03-01 2026-06-01",
    "JP1=1 2026-03-01 2026-06-01; *1=2 2026-08-01" },
  { "what came meanwhile was withdrawn meanwhile", "*1 2026-04-01 2026-05-01; JP1 2026-03-01 2026-06-01",
    "JP1=1 2026-03-01 2026-06-01" },
  { "and own again", "*1 2026-01-01; *2 2026-08-01; *3 2026-11-01; JP1 2026-03-01 2026-06-01; JP2 2026-10-01",
    "*1=1 2026-01-01; JP1=2 2026-03-01 2026-06-01; *1=3 2026-06-01; *2=4 2026-08-01; JP2=5 2026-10-01" },
  { "a withdrawal that concerned it", "*1 2026-01-01 2026-02-01; JP1 2026-03-01",
    "*1=1 2026-01-01 2026-02-01; JP1=2 2026-03-01" },
  { "and one that did not", "*1 2026-01-01 2026-04-01; JP1 2026-03-01", "*1=1 2026-01-01; JP1=2 2026-03-01" },
  { "withdrawn while it was back", "*1 2026-01-01 2026-07-01; JP1 2026-03-01 2026-06-01",
    "*1=1 2026-01-01; JP1=2 2026-03-01 2026-06-01; *1=3 2026-06-01 2026-07-01" },
};

static Day day_of(const char *text)
{
  g_autofree char *head = g_strndup(text, 10);
  Day day;

  ck_assert_msg(day_parse(head, &day), "%s", text);
  return day;
}

static HeldRevision *parse(char *text)
{
  g_auto(GStrv) words = g_strsplit(g_strstrip(text), " ", 3);
  HeldRevision *revision = held_revision_new();

  revision->own_market = words[0][0] != '*';
  revision->revision = words[0][strlen(words[0]) - 1] - '0';
  revision->published_on = day_of(words[1]);
  revision->published_at = g_strdup(words[1]);
  if (words[2] != NULL) {
    revision->withdrawn = true;
    revision->withdrawn_on = day_of(words[2]);
    revision->withdrawn_at = g_strdup(words[2]);
  }
  revision->id = revision->own_market * 10 + revision->revision;
  return revision;
}

static char *format(const GPtrArray *revisions)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < revisions->len; i++) {
    const HeldRevision *revision = revisions->pdata[i];

    ck_assert_uint_eq(day_of(revision->published_at), revision->published_on);
    g_string_append_printf(text, "%s%s%d=%d %s", i > 0 ? "; " : "", revision->own_market ? "JP" : "*",
                           (int)revision->id % 10, revision->revision, revision->published_at);
    if (revision->withdrawn)
      g_string_append_printf(text, " %s", revision->withdrawn_at);
  }
  return g_string_free(text, FALSE);
}

START_TEST(test_arrange)
{
  const Case *row = &cases[_i];
  g_auto(GStrv) texts = g_strsplit(row->revisions, ";", 0);
  g_autoptr(HeldRelease) release = held_release_new();
  GPtrArray *revisions = release->revisions;

  for (guint i = 0; texts[i] != NULL; i++)
    g_ptr_array_add(revisions, parse(texts[i]));
  held_market_arrange(revisions);

  g_autofree char *found = format(revisions);

  ck_assert_msg(strcmp(found, row->expected) == 0, "%s: %s", row->name, found);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("held_market");
  TCase *arranging = tcase_create("arrange");

  tcase_add_loop_test(arranging, test_arrange, 0, G_N_ELEMENTS(cases));
  suite_add_tcase(suite, arranging);
  return run_suite(suite);
}
