#ifndef KIGEN_PLANNER_OUTBOX_LIFE_H
#define KIGEN_PLANNER_OUTBOX_LIFE_H

/* The life of one message as a pure state machine: (state, input) → state, and how long it waits until the
 * next try. What is possible at all is said here alone; the queue manager (notifier/mail/deliver.h) applies
 * it to what it delivers, db/handover_store.h to what people carry. Clock and chance are arguments. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  OUTBOX_PENDING,
  OUTBOX_SENDING,  /* leased: a manager has it */
  OUTBOX_ACCEPTED, /* the relay, or the maildir, has taken it */
  OUTBOX_DEFERRED, /* not now: it is tried again */
  OUTBOX_FAILED,
  OUTBOX_UNKNOWN, /* it may have arrived: sent again as it was, with the same Message-ID, a bounded number of
                     times */
  OUTBOX_BOUNCED,
  OUTBOX_PRINTED,  /* on paper, and still here */
  OUTBOX_SENT,     /* posted */
  OUTBOX_HANDED,   /* handed over in person, or faxed */
  OUTBOX_RETURNED, /* came back by post: what a bounce is to a mail */
  OUTBOX_SUPERSEDED,
  OUTBOX_STATE_COUNT
} OutboxState;

/* What happens to a message. */
typedef enum {
  OUTBOX_INPUT_LEASE,           /* the manager takes it */
  OUTBOX_INPUT_ACCEPT,          /* 2xx to its data, and the recipient complete */
  OUTBOX_INPUT_DEFER,           /* 4xx, or no relay: not now */
  OUTBOX_INPUT_REFUSE,          /* 5xx, or it cannot be composed or addressed */
  OUTBOX_INPUT_UNSURE,          /* the connection was lost after its data began */
  OUTBOX_INPUT_OVERDUE,         /* the sender overstayed and was killed, nothing of the mail had gone */
  OUTBOX_INPUT_OVERDUE_IN_DATA, /* the same, after its data began */
  OUTBOX_INPUT_RETURN,          /* given back: its sender or manager ended before its data began */
  OUTBOX_INPUT_LOST_IN_DATA,    /* its sender or manager died after its data began */
  OUTBOX_INPUT_EXPIRE,          /* deferred once more, and its lifetime is over */
  OUTBOX_INPUT_EXHAUST,         /* unsure once more, and that was the last time */
  OUTBOX_INPUT_SUPERSEDE,       /* all that it says is overtaken by newer revisions */
  OUTBOX_INPUT_BOUNCE,          /* a report: it could not be delivered */
  OUTBOX_INPUT_DELAY,           /* a report: it is delayed, and still on its way */
  OUTBOX_INPUT_RETRY,           /* a person wants it tried now (again); of paper: printed anew */
  OUTBOX_INPUT_PRINT,           /* a sheet comes out, the first one or a copy */
  OUTBOX_INPUT_POST,            /* a person has posted it */
  OUTBOX_INPUT_HAND,            /* a person has handed it over, or faxed it */
  OUTBOX_INPUT_COME_BACK,       /* the post has brought it back */
  OUTBOX_INPUT_COUNT
} OutboxInput;

/* The word in the store: "pending" … "superseded". */
const char *outbox_state_key(OutboxState state);
bool outbox_state_parse(const char *key, OutboxState *ret_state) G_GNUC_WARN_UNUSED_RESULT;
/* "lease", "accept" …, for messages and scripts. */
const char *outbox_input_key(OutboxInput input);

/* What `input` makes of `state`; `before`: in which state a message that is `sending` was leased, for what is
 * given back (any where `state` is another). False: not possible, *ret_next untouched. */
bool outbox_life_next(OutboxState state, OutboxInput input, OutboxState before, OutboxState *ret_next)
    G_GNUC_WARN_UNUSED_RESULT;

/* True for what people carry on paper: letter, fax, hand. The manager never touches it; it never touches what
 * the manager delivers, but where that has failed and somebody goes there instead. */
bool outbox_life_on_paper(const char *channel);

/* outbox_life_next for what a person does (print, post, hand, come back) with a message of `channel`, false
 * also where that channel knows no such thing: a mail is neither printed nor posted, and a fax not posted. */
bool outbox_life_by_person(const char *channel, OutboxState state, OutboxInput input, OutboxState *ret_next)
    G_GNUC_WARN_UNUSED_RESULT;

#define OUTBOX_LIFETIME_SECONDS (5 * 24 * 60 * 60)
#define OUTBOX_LIFETIME_TRIES 10 /* at least: a clock that jumps ahead must not end a message's life */
#define OUTBOX_UNKNOWN_MAX 5     /* how often a message may be sent without knowing whether it arrived */
#define OUTBOX_WAIT_MAX_SECONDS (72 * 60) /* longest wait between two tries: an hour and its jitter */

/* What is known of the tries of a leased message. */
typedef struct {
  OutboxState before; /* in which it was leased */
  int deferrals;      /* how often it was deferred, since it was queued or a person wanted it tried anew */
  int unknowns;       /* how often nobody knew whether it arrived */
} OutboxTries;

typedef struct {
  OutboxState state;
  OutboxInput input; /* the one that decided: EXPIRE for a DEFER too much, EXHAUST likewise */
  int deferrals, unknowns;
  gint64 wait_seconds; /* until the next try; 0: at once. -1: there is none, or the one it had holds */
} OutboxVerdict;

/* What becomes of a leased message (state sending) by `input`. `age_seconds`: since its first try; `chance`:
 * any 32 bits, for the jitter. Waits are 5 minutes after the first failure, doubling to an hour, each within
 * a fifth of that; a mail whose sender died goes again at once the first time. False: not possible. */
bool outbox_life_settle(const OutboxTries *tries, OutboxInput input, gint64 age_seconds, guint32 chance,
                        OutboxVerdict *ret_verdict) G_GNUC_WARN_UNUSED_RESULT;

#endif
