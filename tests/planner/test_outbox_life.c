/* The life of a message, told as scripted conversations, and every (state, input) once. */

#include "planner/outbox_life.h"
#include "tests/support/run.h"

#include <string.h>

#define DAY (24 * 60 * 60)

/* Every word must be possible, but the last when `refused`. A message is leased before each answer. */
static const struct {
  const char *script, *ends;
  bool refused;
} scripts[] = {
  { "lease accept", "accepted", false },
  { "lease accept bounce", "bounced", false },
  { "lease accept delay bounce retry lease accept", "accepted", false },
  { "lease refuse", "failed", false },
  { "lease refuse retry lease accept", "accepted", false },
  { "lease defer lease defer lease accept", "accepted", false },
  { "lease defer retry lease expire", "failed", false },
  { "lease unsure lease accept", "accepted", false },
  { "lease unsure bounce", "bounced", false },
  { "lease unsure delay retry lease exhaust", "failed", false },
  { "lease overdue lease overdue-in-data lease lost-in-data", "unknown", false },
  { "lease return", "pending", false },
  { "lease defer lease return", "deferred", false },
  { "lease unsure lease return", "unknown", false },
  { "lease supersede", "superseded", false },
  { "supersede", "superseded", false },
  { "lease defer supersede", "superseded", false },
  { "lease lease", "sending", true },         /* nobody else may take it */
  { "lease accept lease", "accepted", true }, /* nothing goes twice once it was taken */
  { "lease accept retry", "accepted", true },
  { "lease accept supersede", "accepted", true },
  { "lease bounce", "sending", true },
  { "lease retry", "sending", true },
  { "lease unsure supersede", "unknown", true }, /* it may have arrived: that is not undone */
  { "lease defer accept", "deferred", true },
  { "lease refuse lease", "failed", true },
  { "supersede lease", "superseded", true },
  { "supersede retry", "superseded", true },
  { "bounce", "pending", true },
  { "accept", "pending", true },
  { "print post", "sent", false },
  { "print print post print come-back print", "returned", false },
  { "print post come-back retry print post", "sent", false },
  { "print retry print", "printed", false },
  { "print supersede", "superseded", false },
  { "hand", "handed", false },
  { "print hand print", "handed", false },
  { "print post come-back hand", "handed", false },
  { "lease accept bounce hand", "handed", false },
  { "lease refuse hand", "handed", false },
  { "post", "pending", true },              /* nobody knows what would be in the envelope */
  { "print come-back", "printed", true },   /* it was not posted */
  { "print lease", "printed", true },       /* the manager has no part in it */
  { "print post supersede", "sent", true }, /* on its way */
  { "print post post", "sent", true },
  { "hand hand", "handed", true },
  { "hand retry", "handed", true },
  { "lease accept hand", "accepted", true },
  { "lease defer hand", "deferred", true }, /* it would go besides */
  { "lease unsure lease defer bounce", "bounced", false },
  { "lease print", "sending", true },
  { "supersede print", "superseded", true },
  { "supersede hand", "superseded", true },
};

static OutboxInput input_of(const char *word)
{
  for (int i = 0; i < OUTBOX_INPUT_COUNT; i++)
    if (strcmp(outbox_input_key((OutboxInput)i), word) == 0)
      return (OutboxInput)i;
  ck_abort_msg("no input %s", word);
}

START_TEST(test_outbox_life_next_scripts)
{
  g_auto(GStrv) words = g_strsplit(scripts[_i].script, " ", -1);
  OutboxState state = OUTBOX_PENDING, before = OUTBOX_PENDING;

  for (guint i = 0; words[i] != NULL; i++) {
    OutboxState was = state;
    bool possible = outbox_life_next(state, input_of(words[i]), before, &state);
    bool last = words[i + 1] == NULL;

    ck_assert_msg(possible == !(last && scripts[_i].refused), "%s: %s of %s", scripts[_i].script, words[i],
                  outbox_state_key(was));
    ck_assert(possible || state == was);
    if (state == OUTBOX_SENDING && was != OUTBOX_SENDING)
      before = was;
  }
  ck_assert_msg(strcmp(outbox_state_key(state), scripts[_i].ends) == 0, "%s ends %s", scripts[_i].script,
                outbox_state_key(state));
}
END_TEST

/* What waits can be leased, what is leased gets out again whatever happens to its sender, and what ended is
 * never sent again but by a person. */
START_TEST(test_outbox_life_next_everywhere)
{
  for (int s = 0; s < OUTBOX_STATE_COUNT; s++) {
    OutboxState state = (OutboxState)s, next = state;
    bool waits = state == OUTBOX_PENDING || state == OUTBOX_DEFERRED || state == OUTBOX_UNKNOWN;

    ck_assert_int_eq(outbox_life_next(state, OUTBOX_INPUT_LEASE, state, &next), waits);
    for (int i = OUTBOX_INPUT_ACCEPT; i <= OUTBOX_INPUT_EXHAUST; i++) {
      next = state;

      bool possible = outbox_life_next(state, (OutboxInput)i, OUTBOX_PENDING, &next);

      ck_assert_msg(possible == (state == OUTBOX_SENDING), "%s of %s", outbox_input_key((OutboxInput)i),
                    outbox_state_key(state));
      ck_assert(!possible || next != OUTBOX_SENDING);
    }
    ck_assert(!outbox_life_next(state, OUTBOX_INPUT_RETRY, state, &next) || next == OUTBOX_PENDING ||
              next == state);
  }
}
END_TEST

/* Whatever happens to a message in whatever order, by manager and people: it never gets where nobody can do
 * anything about it and nobody has got it; what somebody was given stays given, but for what a bounce or the
 * post brings back; and what is overtaken stays so. */
START_TEST(test_outbox_life_next_random)
{
  GRand *chance = g_rand_new_with_seed(20261124);

  for (int walk = 0; walk < 2000; walk++) {
    OutboxState state = OUTBOX_PENDING, before = OUTBOX_PENDING;

    for (int i = 0; i < 60; i++) {
      OutboxInput input = (OutboxInput)g_rand_int_range(chance, 0, OUTBOX_INPUT_COUNT);
      OutboxState was = state;
      bool had = was == OUTBOX_ACCEPTED || was == OUTBOX_SENT || was == OUTBOX_HANDED;

      if (!outbox_life_next(state, input, before, &state)) {
        ck_assert_int_eq(state, was);
        continue;
      }
      if (state == OUTBOX_SENDING)
        before = was;
      ck_assert(was != OUTBOX_SUPERSEDED);
      ck_assert(!had || state == was || (input == OUTBOX_INPUT_BOUNCE && state == OUTBOX_BOUNCED) ||
                (input == OUTBOX_INPUT_COME_BACK && state == OUTBOX_RETURNED));
      ck_assert((state == OUTBOX_SENT) == ((input == OUTBOX_INPUT_POST && was == OUTBOX_PRINTED) ||
                                           (input == OUTBOX_INPUT_PRINT && was == OUTBOX_SENT)));
    }
  }
  g_rand_free(chance);
}
END_TEST

/* A person's hand reaches paper, and of the manager's messages only those that failed. */
START_TEST(test_outbox_life_by_person)
{
  static const struct {
    const char *channel;
    OutboxState state;
    OutboxInput input;
    bool possible;
  } cases[] = {
    { "letter", OUTBOX_PENDING, OUTBOX_INPUT_PRINT, true },
    { "fax", OUTBOX_PENDING, OUTBOX_INPUT_PRINT, true },
    { "hand", OUTBOX_PRINTED, OUTBOX_INPUT_PRINT, true },
    { "mail", OUTBOX_PENDING, OUTBOX_INPUT_PRINT, false },
    { "relay", OUTBOX_PENDING, OUTBOX_INPUT_PRINT, false },
    { "letter", OUTBOX_PRINTED, OUTBOX_INPUT_POST, true },
    { "fax", OUTBOX_PRINTED, OUTBOX_INPUT_POST, false },
    { "letter", OUTBOX_SENT, OUTBOX_INPUT_COME_BACK, true },
    { "letter", OUTBOX_PENDING, OUTBOX_INPUT_HAND, true },
    { "fax", OUTBOX_PENDING, OUTBOX_INPUT_HAND, true },
    { "mail", OUTBOX_PENDING, OUTBOX_INPUT_HAND, false }, /* it would go besides */
    { "mail", OUTBOX_BOUNCED, OUTBOX_INPUT_HAND, true },
    { "relay", OUTBOX_FAILED, OUTBOX_INPUT_HAND, true },
    { "mail", OUTBOX_SENDING, OUTBOX_INPUT_HAND, false },
    { "letter", OUTBOX_PENDING, OUTBOX_INPUT_LEASE, false }, /* no person does that */
    { "letter", OUTBOX_PRINTED, OUTBOX_INPUT_RETRY, false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    OutboxState next = OUTBOX_STATE_COUNT;

    ck_assert_msg(outbox_life_by_person(cases[i].channel, cases[i].state, cases[i].input, &next) ==
                      cases[i].possible,
                  "%s of %s by %s", outbox_input_key(cases[i].input), outbox_state_key(cases[i].state),
                  cases[i].channel);
    ck_assert((next != OUTBOX_STATE_COUNT) == cases[i].possible);
  }
}
END_TEST

static const struct {
  OutboxTries tries;
  OutboxInput input;
  gint64 age;
  OutboxVerdict verdict; /* with wait_seconds without jitter */
} settled[] = {
#define PENDING OUTBOX_PENDING
#define DEFER OUTBOX_INPUT_DEFER
#define UNSURE OUTBOX_INPUT_UNSURE
  { { PENDING, 0, 0 }, OUTBOX_INPUT_ACCEPT, 0, { OUTBOX_ACCEPTED, OUTBOX_INPUT_ACCEPT, 0, 0, -1 } },
  { { PENDING, 0, 0 }, OUTBOX_INPUT_REFUSE, 0, { OUTBOX_FAILED, OUTBOX_INPUT_REFUSE, 0, 0, -1 } },
  { { PENDING, 0, 0 }, DEFER, 0, { OUTBOX_DEFERRED, DEFER, 1, 0, 300 } },
  { { PENDING, 1, 0 }, DEFER, 300, { OUTBOX_DEFERRED, DEFER, 2, 0, 600 } },
  { { PENDING, 2, 0 }, DEFER, 900, { OUTBOX_DEFERRED, DEFER, 3, 0, 1200 } },
  { { PENDING, 3, 0 }, DEFER, 2100, { OUTBOX_DEFERRED, DEFER, 4, 0, 2400 } },
  { { PENDING, 4, 0 }, DEFER, 4500, { OUTBOX_DEFERRED, DEFER, 5, 0, 3600 } },
  { { PENDING, 99, 0 }, DEFER, 5 * DAY - 1, { OUTBOX_DEFERRED, DEFER, 100, 0, 3600 } },
  { { PENDING, 99, 0 }, DEFER, 5 * DAY, { OUTBOX_FAILED, OUTBOX_INPUT_EXPIRE, 100, 0, -1 } },
  /* a clock that jumped ahead, and one that jumped back */
  { { PENDING, 3, 0 }, DEFER, 4000LL * DAY, { OUTBOX_DEFERRED, DEFER, 4, 0, 2400 } },
  { { PENDING, 9, 0 }, DEFER, -4000LL * DAY, { OUTBOX_DEFERRED, DEFER, 10, 0, 3600 } },
  { { PENDING, 0, 0 }, UNSURE, 0, { OUTBOX_UNKNOWN, UNSURE, 0, 1, 300 } },
  { { OUTBOX_UNKNOWN, 7, 3 }, UNSURE, 0, { OUTBOX_UNKNOWN, UNSURE, 7, 4, 2400 } },
  { { OUTBOX_UNKNOWN, 0, 4 }, UNSURE, 0, { OUTBOX_FAILED, OUTBOX_INPUT_EXHAUST, 0, 5, -1 } },
  { { OUTBOX_UNKNOWN, 0, 4 },
    OUTBOX_INPUT_LOST_IN_DATA,
    0,
    { OUTBOX_FAILED, OUTBOX_INPUT_EXHAUST, 0, 5, -1 } },
  { { PENDING, 0, 0 }, OUTBOX_INPUT_LOST_IN_DATA, 0, { OUTBOX_UNKNOWN, OUTBOX_INPUT_LOST_IN_DATA, 0, 1, 0 } },
  { { OUTBOX_UNKNOWN, 0, 1 },
    OUTBOX_INPUT_LOST_IN_DATA,
    0,
    { OUTBOX_UNKNOWN, OUTBOX_INPUT_LOST_IN_DATA, 0, 2, 600 } },
  { { PENDING, 0, 0 }, OUTBOX_INPUT_OVERDUE, 0, { OUTBOX_DEFERRED, OUTBOX_INPUT_OVERDUE, 1, 0, 300 } },
  { { OUTBOX_UNKNOWN, 99, 1 },
    OUTBOX_INPUT_RETURN,
    9 * DAY,
    { OUTBOX_UNKNOWN, OUTBOX_INPUT_RETURN, 99, 1, -1 } },
  { { OUTBOX_DEFERRED, 99, 0 },
    OUTBOX_INPUT_RETURN,
    9 * DAY,
    { OUTBOX_DEFERRED, OUTBOX_INPUT_RETURN, 99, 0, -1 } },
};

static void check_wait(gint64 wait, gint64 expected, int row)
{
  if (expected <= 0)
    ck_assert_msg(wait == expected, "row %d: waits %d", row, (int)wait);
  else
    ck_assert_msg(wait >= expected * 4 / 5 && wait <= expected * 6 / 5 && wait <= OUTBOX_WAIT_MAX_SECONDS,
                  "row %d: waits %d", row, (int)wait);
}

START_TEST(test_outbox_life_settle)
{
  static const guint32 chances[] = { 0, 1, G_MAXUINT32 / 2, G_MAXUINT32 };
  const OutboxVerdict *expected = &settled[_i].verdict;
  gint64 first = 0, last = 0;

  for (gsize i = 0; i < G_N_ELEMENTS(chances); i++) {
    OutboxVerdict verdict = { 0 };

    ck_assert(
        outbox_life_settle(&settled[_i].tries, settled[_i].input, settled[_i].age, chances[i], &verdict));
    ck_assert_msg(verdict.state == expected->state && verdict.input == expected->input &&
                      verdict.deferrals == expected->deferrals && verdict.unknowns == expected->unknowns,
                  "row %d: %s by %s, %d, %d", _i, outbox_state_key(verdict.state),
                  outbox_input_key(verdict.input), verdict.deferrals, verdict.unknowns);
    check_wait(verdict.wait_seconds, expected->wait_seconds, _i);
    last = verdict.wait_seconds;
    first = i == 0 ? last : first;
  }
  ck_assert(expected->wait_seconds <= 0 || last > first); /* there is jitter */
}
END_TEST

/* Nothing that is no answer to a lease is settled. */
START_TEST(test_outbox_life_settle_refused)
{
  static const OutboxInput wrong[] = { OUTBOX_INPUT_LEASE, OUTBOX_INPUT_BOUNCE, OUTBOX_INPUT_DELAY,
                                       OUTBOX_INPUT_RETRY };
  OutboxTries tries = { OUTBOX_PENDING, 0, 0 };
  OutboxVerdict verdict = { .state = OUTBOX_BOUNCED };

  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
    ck_assert(!outbox_life_settle(&tries, wrong[i], 0, 0, &verdict));
  ck_assert_int_eq(verdict.state, OUTBOX_BOUNCED);
}
END_TEST

/* A message that no relay ever takes: tried for five days, then failed, some 120 tries later. */
START_TEST(test_outbox_life_settle_lifetime)
{
  OutboxTries tries = { OUTBOX_PENDING, 0, 0 };
  OutboxVerdict verdict = { .state = OUTBOX_DEFERRED };
  gint64 age = 0;

  while (verdict.state == OUTBOX_DEFERRED) {
    ck_assert(outbox_life_settle(&tries, DEFER, age, (guint32)age * 2654435761U, &verdict));
    tries = (OutboxTries){ verdict.state, verdict.deferrals, verdict.unknowns };
    age += MAX(verdict.wait_seconds, 0);
  }
  ck_assert_int_eq(verdict.input, OUTBOX_INPUT_EXPIRE);
  ck_assert(age >= OUTBOX_LIFETIME_SECONDS && age < OUTBOX_LIFETIME_SECONDS + OUTBOX_WAIT_MAX_SECONDS);
  ck_assert(verdict.deferrals > 100 && verdict.deferrals < 150);
}
END_TEST

START_TEST(test_outbox_state_parse)
{
  OutboxState state = OUTBOX_PENDING;

  for (int i = 0; i < OUTBOX_STATE_COUNT; i++) {
    ck_assert(outbox_state_parse(outbox_state_key((OutboxState)i), &state));
    ck_assert_int_eq(state, i);
  }
  ck_assert(!outbox_state_parse("Pending", &state));
  ck_assert(!outbox_state_parse(NULL, &state));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("outbox_life");
  TCase *tests = tcase_create("outbox_life");

  tcase_add_loop_test(tests, test_outbox_life_next_scripts, 0, (int)G_N_ELEMENTS(scripts));
  tcase_add_test(tests, test_outbox_life_next_everywhere);
  tcase_add_test(tests, test_outbox_life_next_random);
  tcase_add_test(tests, test_outbox_life_by_person);
  tcase_add_loop_test(tests, test_outbox_life_settle, 0, (int)G_N_ELEMENTS(settled));
  tcase_add_test(tests, test_outbox_life_settle_refused);
  tcase_add_test(tests, test_outbox_life_settle_lifetime);
  tcase_add_test(tests, test_outbox_state_parse);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
