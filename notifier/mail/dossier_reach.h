#ifndef KIGEN_NOTIFIER_MAIL_DOSSIER_REACH_H
#define KIGEN_NOTIFIER_MAIL_DOSSIER_REACH_H

/* Whom a dossier's subject concerns and how far it came to each, as `kigen report coverage` says it
 * (domain.md, Proof of notice): a mail that was taken is not yet a customer who was told, where a distributor
 * was asked to pass it on; and whom no message went to at all is in no message's history. */

#include "db/dossier_store.h"

#include <jansson.h>

/* For each notice of an advisory, or revision of a plan, of `subject`: { name, market (a plan's), revision,
 * kind (an advisory's), affected, reached, acknowledged, unreached (neither reached nor acknowledged), reach
 * { WORD: how many }, organizations [ { organization, name, reach, reached, acknowledged } ] }, those not
 * reached first. A new reference. Inside a read transaction.
 * Errors: DB_ERROR. */
bool dossier_reach_load(Db *db, const DossierSubject *subject, json_t **ret_coverage, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same for `index.json`: the counts alone. A new reference. */
json_t *dossier_reach_counts(const json_t *coverage);

/* The same for a page: the counts, and `open`, the organizations that are unreached, each with its reach as a
 * flag
 * ("bounced": true). A new reference. */
json_t *dossier_reach_page(const json_t *coverage);

#endif
