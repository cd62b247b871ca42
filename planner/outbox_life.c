#include "planner/outbox_life.h"

#include <string.h>

#define FIRST_WAIT_SECONDS (5 * 60)
#define LONGEST_WAIT_SECONDS (60 * 60)

static const char *const states[OUTBOX_STATE_COUNT] = {
  [OUTBOX_PENDING] = "pending",   [OUTBOX_SENDING] = "sending",   [OUTBOX_ACCEPTED] = "accepted",
  [OUTBOX_DEFERRED] = "deferred", [OUTBOX_FAILED] = "failed",     [OUTBOX_UNKNOWN] = "unknown",
  [OUTBOX_BOUNCED] = "bounced",   [OUTBOX_PRINTED] = "printed",   [OUTBOX_SENT] = "sent",
  [OUTBOX_HANDED] = "handed",     [OUTBOX_RETURNED] = "returned", [OUTBOX_SUPERSEDED] = "superseded",
};

static const char *const inputs[OUTBOX_INPUT_COUNT] = {
  [OUTBOX_INPUT_LEASE] = "lease",
  [OUTBOX_INPUT_ACCEPT] = "accept",
  [OUTBOX_INPUT_DEFER] = "defer",
  [OUTBOX_INPUT_REFUSE] = "refuse",
  [OUTBOX_INPUT_UNSURE] = "unsure",
  [OUTBOX_INPUT_OVERDUE] = "overdue",
  [OUTBOX_INPUT_OVERDUE_IN_DATA] = "overdue-in-data",
  [OUTBOX_INPUT_RETURN] = "return",
  [OUTBOX_INPUT_LOST_IN_DATA] = "lost-in-data",
  [OUTBOX_INPUT_EXPIRE] = "expire",
  [OUTBOX_INPUT_EXHAUST] = "exhaust",
  [OUTBOX_INPUT_SUPERSEDE] = "supersede",
  [OUTBOX_INPUT_BOUNCE] = "bounce",
  [OUTBOX_INPUT_DELAY] = "delay",
  [OUTBOX_INPUT_RETRY] = "retry",
  [OUTBOX_INPUT_PRINT] = "print",
  [OUTBOX_INPUT_POST] = "post",
  [OUTBOX_INPUT_HAND] = "hand",
  [OUTBOX_INPUT_COME_BACK] = "come-back",
};

#define AS_BEFORE OUTBOX_STATE_COUNT /* the state in which it was leased */

/* Every input that is possible. */
static const struct {
  OutboxState state;
  OutboxInput input;
  OutboxState next;
} transitions[] = {
  { OUTBOX_PENDING, OUTBOX_INPUT_LEASE, OUTBOX_SENDING },
  { OUTBOX_PENDING, OUTBOX_INPUT_SUPERSEDE, OUTBOX_SUPERSEDED },
  { OUTBOX_SENDING, OUTBOX_INPUT_ACCEPT, OUTBOX_ACCEPTED },
  { OUTBOX_SENDING, OUTBOX_INPUT_DEFER, OUTBOX_DEFERRED },
  { OUTBOX_SENDING, OUTBOX_INPUT_REFUSE, OUTBOX_FAILED },
  { OUTBOX_SENDING, OUTBOX_INPUT_UNSURE, OUTBOX_UNKNOWN },
  { OUTBOX_SENDING, OUTBOX_INPUT_OVERDUE, OUTBOX_DEFERRED },
  { OUTBOX_SENDING, OUTBOX_INPUT_OVERDUE_IN_DATA, OUTBOX_UNKNOWN },
  { OUTBOX_SENDING, OUTBOX_INPUT_RETURN, AS_BEFORE },
  { OUTBOX_SENDING, OUTBOX_INPUT_LOST_IN_DATA, OUTBOX_UNKNOWN },
  { OUTBOX_SENDING, OUTBOX_INPUT_EXPIRE, OUTBOX_FAILED },
  { OUTBOX_SENDING, OUTBOX_INPUT_EXHAUST, OUTBOX_FAILED },
  { OUTBOX_SENDING, OUTBOX_INPUT_SUPERSEDE, OUTBOX_SUPERSEDED },
  { OUTBOX_ACCEPTED, OUTBOX_INPUT_BOUNCE, OUTBOX_BOUNCED },
  { OUTBOX_ACCEPTED, OUTBOX_INPUT_DELAY, OUTBOX_ACCEPTED },
  { OUTBOX_DEFERRED, OUTBOX_INPUT_LEASE, OUTBOX_SENDING },
  { OUTBOX_DEFERRED, OUTBOX_INPUT_SUPERSEDE, OUTBOX_SUPERSEDED },
  { OUTBOX_DEFERRED, OUTBOX_INPUT_RETRY, OUTBOX_DEFERRED },
  { OUTBOX_DEFERRED, OUTBOX_INPUT_BOUNCE, OUTBOX_BOUNCED }, /* of a try before, unknown then */
  { OUTBOX_FAILED, OUTBOX_INPUT_RETRY, OUTBOX_PENDING },
  { OUTBOX_UNKNOWN, OUTBOX_INPUT_LEASE, OUTBOX_SENDING },
  { OUTBOX_UNKNOWN, OUTBOX_INPUT_BOUNCE, OUTBOX_BOUNCED }, /* so it had arrived at the relay */
  { OUTBOX_UNKNOWN, OUTBOX_INPUT_DELAY, OUTBOX_UNKNOWN },
  { OUTBOX_UNKNOWN, OUTBOX_INPUT_RETRY, OUTBOX_UNKNOWN },
  { OUTBOX_BOUNCED, OUTBOX_INPUT_RETRY, OUTBOX_PENDING },
  /* What people carry. A second sheet is a copy and changes nothing. */
  { OUTBOX_PENDING, OUTBOX_INPUT_PRINT, OUTBOX_PRINTED },
  { OUTBOX_PRINTED, OUTBOX_INPUT_PRINT, OUTBOX_PRINTED },
  { OUTBOX_SENT, OUTBOX_INPUT_PRINT, OUTBOX_SENT },
  { OUTBOX_HANDED, OUTBOX_INPUT_PRINT, OUTBOX_HANDED },
  { OUTBOX_RETURNED, OUTBOX_INPUT_PRINT, OUTBOX_RETURNED },
  { OUTBOX_PRINTED, OUTBOX_INPUT_POST, OUTBOX_SENT },
  { OUTBOX_PRINTED, OUTBOX_INPUT_SUPERSEDE, OUTBOX_SUPERSEDED },
  { OUTBOX_PRINTED, OUTBOX_INPUT_RETRY, OUTBOX_PENDING },
  { OUTBOX_SENT, OUTBOX_INPUT_COME_BACK, OUTBOX_RETURNED },
  { OUTBOX_RETURNED, OUTBOX_INPUT_RETRY, OUTBOX_PENDING },
  { OUTBOX_PENDING, OUTBOX_INPUT_HAND, OUTBOX_HANDED },
  { OUTBOX_PRINTED, OUTBOX_INPUT_HAND, OUTBOX_HANDED },
  { OUTBOX_RETURNED, OUTBOX_INPUT_HAND, OUTBOX_HANDED },
  { OUTBOX_FAILED, OUTBOX_INPUT_HAND, OUTBOX_HANDED },
  { OUTBOX_BOUNCED, OUTBOX_INPUT_HAND, OUTBOX_HANDED },
};

const char *outbox_state_key(OutboxState state)
{
  g_assert(state < OUTBOX_STATE_COUNT);
  return states[state];
}

bool outbox_state_parse(const char *key, OutboxState *ret_state)
{
  for (int i = 0; key != NULL && i < OUTBOX_STATE_COUNT; i++)
    if (strcmp(states[i], key) == 0) {
      *ret_state = (OutboxState)i;
      return true;
    }
  return false;
}

const char *outbox_input_key(OutboxInput input)
{
  g_assert(input < OUTBOX_INPUT_COUNT);
  return inputs[input];
}

bool outbox_life_next(OutboxState state, OutboxInput input, OutboxState before, OutboxState *ret_next)
{
  for (gsize i = 0; i < G_N_ELEMENTS(transitions); i++) {
    if (transitions[i].state != state || transitions[i].input != input)
      continue;
    *ret_next = transitions[i].next == AS_BEFORE ? before : transitions[i].next;
    return true;
  }
  return false;
}

bool outbox_life_on_paper(const char *channel)
{
  return strcmp(channel, "letter") == 0 || strcmp(channel, "fax") == 0 || strcmp(channel, "hand") == 0;
}

/* Whether a person can do that to a message of `channel` at all. */
static bool knows(const char *channel, OutboxState state, OutboxInput input)
{
  if (input == OUTBOX_INPUT_POST || input == OUTBOX_INPUT_COME_BACK)
    return strcmp(channel, "letter") == 0;
  if (input == OUTBOX_INPUT_HAND && state != OUTBOX_PENDING)
    return true;
  return (input == OUTBOX_INPUT_PRINT || input == OUTBOX_INPUT_HAND) && outbox_life_on_paper(channel);
}

bool outbox_life_by_person(const char *channel, OutboxState state, OutboxInput input, OutboxState *ret_next)
{
  return knows(channel, state, input) && outbox_life_next(state, input, state, ret_next);
}

/* The wait before the try that follows failure number `failures` (from 1), a fifth more or less. */
static gint64 wait_after(int failures, guint32 chance)
{
  gint64 wait = FIRST_WAIT_SECONDS;

  for (int i = 1; i < failures && wait < LONGEST_WAIT_SECONDS; i++)
    wait *= 2;
  wait = MIN(wait, LONGEST_WAIT_SECONDS);
  return wait - wait / 5 + (gint64)chance * (2 * wait / 5) / G_MAXUINT32;
}

/* The input as it counts: a message is not tried for ever. */
static OutboxInput bounded(const OutboxVerdict *verdict, OutboxInput input, gint64 age_seconds)
{
  if (verdict->state == OUTBOX_DEFERRED && age_seconds >= OUTBOX_LIFETIME_SECONDS &&
      verdict->deferrals >= OUTBOX_LIFETIME_TRIES)
    return OUTBOX_INPUT_EXPIRE;
  if (verdict->state == OUTBOX_UNKNOWN && verdict->unknowns >= OUTBOX_UNKNOWN_MAX)
    return OUTBOX_INPUT_EXHAUST;
  return input;
}

static gint64 wait_of(const OutboxVerdict *verdict, guint32 chance)
{
  if (verdict->state == OUTBOX_DEFERRED)
    return wait_after(verdict->deferrals, chance);
  if (verdict->state != OUTBOX_UNKNOWN)
    return -1;
  if (verdict->input == OUTBOX_INPUT_LOST_IN_DATA && verdict->unknowns == 1)
    return 0;
  return wait_after(verdict->unknowns, chance);
}

bool outbox_life_settle(const OutboxTries *tries, OutboxInput input, gint64 age_seconds, guint32 chance,
                        OutboxVerdict *ret_verdict)
{
  OutboxVerdict verdict = { .input = input, .deferrals = tries->deferrals, .unknowns = tries->unknowns };

  if (!outbox_life_next(OUTBOX_SENDING, input, tries->before, &verdict.state))
    return false;
  if (input == OUTBOX_INPUT_RETURN) {
    verdict.wait_seconds = -1;
    *ret_verdict = verdict;
    return true;
  }
  verdict.deferrals += verdict.state == OUTBOX_DEFERRED;
  verdict.unknowns += verdict.state == OUTBOX_UNKNOWN;
  verdict.input = bounded(&verdict, input, age_seconds);
  if (!outbox_life_next(OUTBOX_SENDING, verdict.input, tries->before, &verdict.state))
    return false;
  verdict.wait_seconds = wait_of(&verdict, chance);
  *ret_verdict = verdict;
  return true;
}
