#ifndef KIGEN_DB_OUTBOX_REACH_H
#define KIGEN_DB_OUTBOX_REACH_H

/* Which messages count for what, in SQL, so that every report and rule says the same. `o` is a row of outbox,
 * `x` one of outbox_notice that carries it. */

/* A request to pass something on that the distributor reported back for that customer, whatever became of the
 * request itself: a mail that was taken, or a sheet that the distributor was handed, told the customer
 * nothing. */
#define OUTBOX_RELAYED_SQL(o, x)                                                                             \
  "(" o ".channel = 'relay' AND EXISTS (SELECT 1 FROM handover oh WHERE oh.outbox = " o                      \
  ".id AND oh.organization = " x ".organization AND oh.step = 'relayed'))"

/* It came to the organization concerned: taken by its mail server, posted and not returned, handed over or
 * faxed; of a request to pass something on, what the distributor reported back, and never the request alone.
 */
#define OUTBOX_REACHED_SQL(o, x)                                                                             \
  "(" OUTBOX_RELAYED_SQL(o, x) " OR (" o ".channel <> 'relay' AND " o                                        \
                               ".state IN ('accepted', 'sent', 'handed')))"

/* It may have told them something, so that a newer date is a change to them. What only waits, is printed and
 * still here, failed or was overtaken told nobody. */
#define OUTBOX_TOLD_STATES                                                                                   \
  "('accepted', 'bounced', 'unknown', 'deferred', 'sending', 'sent', 'handed', 'returned')"

/* It can still be overtaken: nobody outside has it. */
#define OUTBOX_HERE_STATES "('pending', 'deferred', 'printed')"

/* Nothing happens to it any more but by a person. */
#define OUTBOX_ENDED_STATES "('accepted', 'failed', 'bounced', 'sent', 'handed', 'returned', 'superseded')"

/* It went out and came back: the next contact is asked (escalation). */
#define OUTBOX_CAME_BACK_STATES "('bounced', 'returned')"

#endif
