#ifndef KIGEN_DB_AUDIENCE_H
#define KIGEN_DB_AUDIENCE_H

/* Whom a notice of a release's plan for a market goes to: the organizations with an open holding of it that
 * the plan concerns (db/market.h), and through which contact each is reached. Worked out in one statement
 * over holdings, never row by row. Only notice_store.c, plan_telling.c, plan_facts.c and advisory_audience.c
 * use this. */

#include "db/notice_store.h"
#include "db/outbox_reach.h"

/* Which of them. */
typedef enum {
  AUDIENCE_ALL,
  AUDIENCE_TOLD,  /* those that audience_remember_told found */
  AUDIENCE_UNTOLD /* those it did not find */
} AudiencePart;

typedef struct {
  gint64 release;
  const char *market;
  int budget_month;  /* 1 to 12: only those of that month; 0: all */
  gint64 notice;     /* only whom this notice does not concern yet; 0: whoever it does */
  gint64 telling_of; /* only whom no announcement or change of this plan concerns yet; 0: whoever it does */
  AudiencePart part;
  const char *plan_eos;     /* notices of EOS: the plan's (ISO day), so that extensions count; NULL: all */
  const char *extended_eos; /* … and only whose units an extension ends on that day; "": on the plan's */
  bool unconfirmed;         /* … and only who has not confirmed the transfer at that EOS */
} AudienceTerms;

/* Fills the connection's temporary table `audience` (organization, contact, through, channel): one row for
 * each organization with an open holding that a plan for that market concerns and the terms mean. contact:
 * the one of lowest escalation_order valid on `today` that can be reached, else the nearest parent's, else 0;
 * through: whose contact that is, the organization itself without one; channel: the contact's, else letter.
 * *ret_organizations = rows. Inside the write transaction. */
bool audience_fill(Db *db, const AudienceTerms *terms, Day today, gint64 *ret_organizations, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Makes the connection's temporary tables `audience` and `told` (organization), if need be, and empties them.
 */
bool audience_clear(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool audience_clear_told(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* In SQL, whether organization `o` was told of the revision with row id `s`, as far as can be known: a
 * message that tells its dates went out or may have, it was acknowledged, or the plan was handed over. A
 * message that waits, failed or was overtaken told nobody. */
#define AUDIENCE_TOLD_SQL(s, o)                                                                              \
  "(EXISTS (SELECT 1 FROM notice tn JOIN outbox_notice tx ON tx.notice = tn.id AND tx.organization = " o     \
  " JOIN outbox tm ON tm.id = tx.outbox AND tm.state IN " OUTBOX_TOLD_STATES " WHERE tn.plan = " s           \
  " AND tn.kind IN " NOTICE_TELLING_KINDS ")"                                                                \
  " OR EXISTS (SELECT 1 FROM notice tn JOIN acknowledgement ta ON ta.notice = tn.id"                         \
  " AND ta.organization = " o " WHERE tn.plan = " s " AND tn.kind IN " NOTICE_TELLING_KINDS ")"              \
  " OR EXISTS (SELECT 1 FROM presentation tp WHERE tp.plan = " s " AND tp.organization = " o "))"

/* In SQL, whether plan `old` came before plan `new` for whoever `new` concerns: an older revision, or (where
 * a market gets its own plan) one for every market. */
#define AUDIENCE_OLDER_SQL(old, new)                                                                         \
  "(" old ".release = " new ".release AND " old ".state IN ('published', 'superseded', 'withdrawn')"         \
                            " AND ((" old                                                                    \
                            ".market = " new ".market AND " old                                              \
                                             ".revision < " new ".revision)"                                 \
                                                                " OR (" old                                  \
                                                                ".market = '*' AND " new ".market <> '*')))"

/* Keeps, in the connection's temporary table `told`, which organizations were told of a plan that came before
 * `plan` (AUDIENCE_TOLD_SQL, AUDIENCE_OLDER_SQL): for AUDIENCE_TOLD and AUDIENCE_UNTOLD. *ret_told = how
 * many. Before waiting messages are overtaken. Inside the write transaction. */
bool audience_remember_told(Db *db, gint64 plan, gint64 *ret_told, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many organizations the terms mean, whichever notice or plan told them anything: `notice`, `telling_of`
 * and `part` count for nothing here. */
bool audience_count(Db *db, const AudienceTerms *terms, gint64 *ret_organizations, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* How many organizations with an open holding a plan for `market` concerns, and how many of them have no
 * contact that can be reached on `today`, or only such to whom the last mail came back
 * (CONTACT_CAME_BACK_SQL), with the names of the first few ("A病院, B医院（メール不達 / bounced） …", own
 * string; NULL when there is none). */
bool audience_reach(Db *db, gint64 release, const char *market, Day today, gint64 *ret_organizations,
                    gint64 *ret_unreachable, char **ret_names, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
