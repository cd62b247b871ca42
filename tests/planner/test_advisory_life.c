/* The life of an advisory, told as scripted conversations, and every (state, event) once. */

#include "planner/advisory_life.h"
#include "tests/support/run.h"

#include <string.h>

/* Every word must be possible, but the last when `refused`. */
static const struct {
  const char *script, *ends;
  bool two_people, refused;
} scripts[] = {
  { "publish supersede", "superseded", false, false },
  { "set set publish withdraw", "withdrawn", false, false },
  { "approve", "draft", false, true },
  { "publish", "draft", true, true },
  { "approve publish withdraw", "withdrawn", true, false },
  { "approve publish supersede", "superseded", true, false },
  { "approve approve", "approved", true, true },
  { "approve set publish", "draft", true, true },
  { "approve set approve publish", "published", true, false },
  { "approve publish set", "published", true, true },
  { "approve publish approve", "published", true, true },
  { "approve publish publish", "published", true, true },
  { "withdraw", "withdrawn", true, false },
  { "approve withdraw", "withdrawn", true, false },
  { "withdraw set", "withdrawn", true, true },
  { "publish withdraw publish", "withdrawn", false, true },
  { "publish supersede withdraw", "superseded", false, true },
  { "supersede", "draft", false, true },
};

static AdvisoryEventKind event_of(const char *word)
{
  for (int i = 0; i < ADVISORY_EVENT_COUNT; i++)
    if (strcmp(advisory_event_kind_key((AdvisoryEventKind)i), word) == 0)
      return (AdvisoryEventKind)i;
  ck_abort_msg("no event %s", word);
}

START_TEST(test_advisory_life_next_scripts)
{
  g_auto(GStrv) words = g_strsplit(scripts[_i].script, " ", -1);
  AdvisoryState state = ADVISORY_DRAFT;

  for (guint i = 0; words[i] != NULL; i++) {
    AdvisoryState before = state;
    bool possible = advisory_life_next(state, event_of(words[i]), scripts[_i].two_people, &state);
    bool last = words[i + 1] == NULL;

    ck_assert_msg(possible == !(last && scripts[_i].refused), "%s: %s of %s", scripts[_i].script, words[i],
                  advisory_state_key(before));
    ck_assert(possible || state == before);
  }
  ck_assert_str_eq(advisory_state_key(state), scripts[_i].ends);
}
END_TEST

/* What was published never opens again, nothing but an approved one is published by two people, and whatever
 * may do harm can always be withdrawn. */
START_TEST(test_advisory_life_next_everywhere)
{
  for (int state = 0; state < ADVISORY_STATE_COUNT; state++)
    for (int event = 0; event < ADVISORY_EVENT_COUNT; event++) {
      AdvisoryState next = (AdvisoryState)state;
      bool possible = advisory_life_next((AdvisoryState)state, (AdvisoryEventKind)event, true, &next);
      bool open = advisory_state_is_open((AdvisoryState)state);

      ck_assert(!possible || open || !advisory_state_is_open(next));
      ck_assert(!possible || next != ADVISORY_PUBLISHED || state == ADVISORY_APPROVED);
      ck_assert(!possible || next != ADVISORY_APPROVED || state == ADVISORY_DRAFT);
      ck_assert(event != ADVISORY_WITHDRAW || possible == (open || state == ADVISORY_PUBLISHED));
      ck_assert(possible || strlen(advisory_life_remedy((AdvisoryState)state, (AdvisoryEventKind)event)) > 0);
    }
}
END_TEST

START_TEST(test_advisory_state_parse)
{
  AdvisoryState state = ADVISORY_DRAFT;

  for (int i = 0; i < ADVISORY_STATE_COUNT; i++) {
    ck_assert(advisory_state_parse(advisory_state_key((AdvisoryState)i), &state));
    ck_assert_int_eq(state, i);
  }
  ck_assert(!advisory_state_parse("Draft", &state));
  ck_assert(!advisory_state_parse(NULL, &state));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("advisory_life");
  TCase *tests = tcase_create("advisory_life");

  tcase_add_loop_test(tests, test_advisory_life_next_scripts, 0, (int)G_N_ELEMENTS(scripts));
  tcase_add_test(tests, test_advisory_life_next_everywhere);
  tcase_add_test(tests, test_advisory_state_parse);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
