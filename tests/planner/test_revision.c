/* The life of a revision, told as scripted conversations, and every (state, event) once. */

#include "planner/revision.h"
#include "tests/support/run.h"

#include <string.h>

/* "submit approve publish": every word must be possible, but the last when `refused`. */
static const struct {
  const char *script, *ends;
  bool two_people, refused;
} scripts[] = {
  { "publish supersede", "superseded", false, false },
  { "submit publish withdraw", "withdrawn", false, false },
  { "publish", "draft", true, true },
  { "submit publish", "submitted", true, true },
  { "approve", "draft", true, true },
  { "submit submit", "submitted", true, true },
  { "submit approve publish supersede", "superseded", true, false },
  { "submit approve approve", "approved", true, true },
  { "submit approve set publish", "draft", true, true },
  { "submit set submit approve publish withdraw", "withdrawn", true, false },
  { "submit reject set submit approve reject", "draft", true, false },
  { "submit approve publish set", "published", true, true },
  { "submit approve publish supersede publish", "superseded", true, true },
  { "submit approve publish supersede withdraw", "superseded", true, true },
  { "submit approve publish withdraw publish", "withdrawn", true, true },
  { "submit approve publish discard", "published", true, true },
  { "submit approve discard", "discarded", true, false },
  { "discard set", "discarded", true, true },
  { "withdraw", "draft", true, true },
};

static RevisionEvent event_of(const char *word)
{
  for (int i = 0; i < REVISION_EVENT_COUNT; i++)
    if (strcmp(revision_event_key((RevisionEvent)i), word) == 0)
      return (RevisionEvent)i;
  ck_abort_msg("no event %s", word);
}

START_TEST(test_revision_next_scripts)
{
  g_auto(GStrv) words = g_strsplit(scripts[_i].script, " ", -1);
  RevisionState state = REVISION_DRAFT;

  for (guint i = 0; words[i] != NULL; i++) {
    RevisionState before = state;
    bool possible = revision_next(state, event_of(words[i]), scripts[_i].two_people, &state);
    bool last = words[i + 1] == NULL;

    ck_assert_msg(possible == !(last && scripts[_i].refused), "%s: %s of %s", scripts[_i].script, words[i],
                  revision_state_key(before));
    ck_assert(possible || state == before);
  }
  ck_assert_str_eq(revision_state_key(state), scripts[_i].ends);
}
END_TEST

/* What was published never opens again, and nothing but an approved revision is published by two people. */
START_TEST(test_revision_next_everywhere)
{
  for (int state = 0; state < REVISION_STATE_COUNT; state++)
    for (int event = 0; event < REVISION_EVENT_COUNT; event++) {
      RevisionState next = (RevisionState)state;
      bool possible = revision_next((RevisionState)state, (RevisionEvent)event, true, &next);
      bool open = revision_is_open((RevisionState)state);

      ck_assert(!possible || open || !revision_is_open(next));
      ck_assert(!possible || next != REVISION_PUBLISHED || state == REVISION_APPROVED);
      ck_assert(!possible || next != REVISION_APPROVED || state == REVISION_SUBMITTED);
      ck_assert(possible || strlen(revision_remedy((RevisionState)state, (RevisionEvent)event)) > 0);
    }
}
END_TEST

START_TEST(test_revision_state_parse)
{
  RevisionState state = REVISION_DRAFT;

  for (int i = 0; i < REVISION_STATE_COUNT; i++) {
    ck_assert(revision_state_parse(revision_state_key((RevisionState)i), &state));
    ck_assert_int_eq(state, i);
  }
  ck_assert(!revision_state_parse("Draft", &state));
  ck_assert(!revision_state_parse(NULL, &state));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("revision");
  TCase *tests = tcase_create("revision");

  tcase_add_loop_test(tests, test_revision_next_scripts, 0, (int)G_N_ELEMENTS(scripts));
  tcase_add_test(tests, test_revision_next_everywhere);
  tcase_add_test(tests, test_revision_state_parse);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
