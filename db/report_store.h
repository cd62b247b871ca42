#ifndef KIGEN_DB_REPORT_STORE_H
#define KIGEN_DB_REPORT_STORE_H

/* What the reports read of a product, and what their queries share. Each report's own query stands in
 * report_store_NAME.h. Reads only; every report is one statement over all that it concerns. */

#include "db/notice_store.h"
#include "db/outbox_reach.h"
#include "planner/day.h"

#define REPORT_TELLING_KINDS NOTICE_TELLING_KINDS

/* How far a message came. An organization with several counts as far as the best of them. */
typedef enum {
  REACH_NONE,
  REACH_FAILED,
  REACH_BOUNCED,
  REACH_RETURNED, /* posted, and came back */
  REACH_WAITING,
  REACH_PRINTED,   /* on paper, still here */
  REACH_REQUESTED, /* a distributor was asked to pass it on, and has not reported back */
  REACH_ACCEPTED,  /* from here on: reached */
  REACH_SENT,
  REACH_RELAYED,
  REACH_HANDED,
  REACH_COUNT
} Reach;

/* "none", "failed", "bounced", "returned", "waiting", "printed", "requested", "accepted", "sent", "relayed",
 * "handed". */
const char *reach_key(Reach reach);

/* The Reach of the outbox row o, in SQL, as far as x (of outbox_notice) is concerned; a message that was
 * overtaken reached nobody. */
#define REPORT_REACH_SQL                                                                                     \
  "CASE WHEN " OUTBOX_RELAYED_SQL(                                                                           \
      "o", "x") " THEN 9"                                                                                    \
                " WHEN o.channel = 'relay' AND o.state IN ('accepted', 'handed') THEN 6"                     \
                " ELSE CASE o.state WHEN 'handed' THEN 10 WHEN 'sent' THEN 8 WHEN 'accepted' THEN 7 WHEN "   \
                "'printed' THEN 5"                                                                           \
                " WHEN 'pending' THEN 4 WHEN 'sending' THEN 4 WHEN 'deferred' THEN 4 WHEN 'unknown' THEN 4"  \
                " WHEN 'returned' THEN 3 WHEN 'bounced' THEN 2 WHEN 'failed' THEN 1 ELSE 0 END END"
#define REPORT_REACHED_FROM "7" /* REACH_ACCEPTED */

/* A product as an application names it; texts may be NULL but for code, name_ja and art12_3. */
typedef struct {
  char *code, *name_ja, *name_en, *generic_name, *class, *approval_no;
  char *security_contact, *update_policy_doc;
  char *art12_3; /* "yes", "no", "unknown" */
  char *art12_3_reason;
  bool transition;
  gint64 mail, other; /* organizations that a notice reached by mail; in another way */
  gint64 feeds;       /* live feeds of organizations that hold a release of it */
} ReportProduct;

void report_product_free(ReportProduct *product);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportProduct, report_product_free)

/* The product `code`, or NULL. */
bool report_store_product(Db *db, const char *code, ReportProduct **ret_product, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Appends the present row of a report's statement. */
typedef void (*ReportAdd)(DbStatement *statement, GPtrArray *rows);

/* Runs `query` ($1: release_pattern.h; $2, when not NULL: `second`), whose columns begin with product and
 * release, and calls `add` for every row that `pattern` means. `free_row` frees one. */
bool report_store_list(Db *db, const DbQuery *query, const char *pattern, const char *second, ReportAdd add,
                       GDestroyNotify free_row, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
