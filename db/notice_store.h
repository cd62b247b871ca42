#ifndef KIGEN_DB_NOTICE_STORE_H
#define KIGEN_DB_NOTICE_STORE_H

/* Notices, and the messages made for their audience in bulk (INSERT … SELECT over holdings). */

#include "db/audit.h"
#include "planner/schedule.h"

/* Notices that tell a plan's dates: who got one of them, knows the revision. */
#define NOTICE_TELLING_KINDS                                                                                 \
  "('plan-announcement', 'plan-change', 'eol-reminder', 'limited-support-begins', 'eos-reminder', "          \
  "'eos-reached')"

/* Makes the notice (kind, plan, due_on, lead_months, budget_month, extended_eos) if it does not exist, and
 * one message for every organization with an open holding of the plan's release that the plan concerns
 * (db/market.h; a budget-month reminder: only those of that month; one of EOS: only whose units end on the
 * day it is about; a reminder of it: only those who have not confirmed the transfer at that day) to its
 * contact of lowest escalation_order valid on context->today (a parent's where it has none; none anywhere: a
 * letter to the organization). Several notices for one contact on one day share one waiting message.
 * Idempotent. Inside the open write transaction. *ret_messages = new outbox rows, *ret_addressed = new
 * (notice, organization) pairs. */
bool notice_store_make(Db *db, const AuditContext *context, const ScheduledNotice *notice, gint64 plan,
                       gint64 *ret_messages, gint64 *ret_addressed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Part of the audience of an announcement or a change. */
typedef struct {
  bool untold;    /* who was told of no older revision; else who was (audience_remember_told) */
  bool newcomers; /* and of them only whom no announcement or change of the plan concerns yet */
} NoticePart;

/* The same for part of the audience. Only plan_telling.c uses this. */
bool notice_store_make_part(Db *db, const AuditContext *context, const ScheduledNotice *notice, gint64 plan,
                            const NoticePart *part, gint64 *ret_messages, gint64 *ret_addressed,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many organizations `notice` of `plan` would go to today, without making it. */
bool notice_store_count_audience(Db *db, const ScheduledNotice *notice, gint64 plan,
                                 gint64 *ret_organizations, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notices already made for `plan`: GArray of ScheduledNotice (nominal is DAY_NONE). */
bool notice_store_made(Db *db, gint64 plan, GArray **ret_notices, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Budget months of the organizations that hold the plan's release and are concerned by it: bit 1 = January …
 * bit 12. */
bool notice_store_budget_months(Db *db, gint64 plan, guint *ret_months, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
