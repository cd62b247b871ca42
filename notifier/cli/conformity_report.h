#ifndef KIGEN_CLI_CONFORMITY_REPORT_H
#define KIGEN_CLI_CONFORMITY_REPORT_H

/* The table that an application needs of a product (適合性確認通知, QA Q2), as one JSON object in one
 * language: templates/report/ and the other formats show it. templates/CONTEXT.md lists its members. */

#include "db/report_store.h"
#include "notifier/cli/cli.h"

/* The object for the product `code` on `today`, or *ret_report NULL when there is no such product. Reads in
 * the caller's read transaction. */
bool conformity_report_build(Db *db, const char *code, const char *language, Day today, Json **ret_report,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
