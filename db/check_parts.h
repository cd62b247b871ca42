#ifndef KIGEN_DB_CHECK_PARTS_H
#define KIGEN_DB_CHECK_PARTS_H

/* The doctor's step about what many messages say in the same words (db/outbox_part.h): a part that is not its
 * hash's any more proves nothing, and a message that lost its parts cannot be made again. */

#include "db/check.h"

bool check_parts(const CheckStep *step, Db *db, const CheckTerms *terms, GPtrArray *findings, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
