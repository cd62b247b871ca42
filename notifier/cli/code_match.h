#ifndef KIGEN_CLI_CODE_MATCH_H
#define KIGEN_CLI_CODE_MATCH_H

/* The short code of a letter, as somebody has read it out on the telephone. */

#include "db/acknowledgement_request.h"
#include "notifier/cli/cli.h"

/* What the code `word` stands for. Inside a read or the write transaction. Errors: CLI_ERROR_REFUSED with the
 * remedy for one that is mistyped, or of no letter; LINK_KEY_ERROR. */
bool code_match_find(Cli *cli, Db *db, const char *word, AcknowledgementRequest **ret_request, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Refuses a `kind` that nothing of what `word` stands for asks for, or still does, saying which it is.
 * Errors: CLI_ERROR_REFUSED. */
bool code_match_check_open(const char *word, const AcknowledgementRequest *request, AcknowledgementKind kind,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
