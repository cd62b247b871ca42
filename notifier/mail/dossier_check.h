#ifndef KIGEN_NOTIFIER_MAIL_DOSSIER_CHECK_H
#define KIGEN_NOTIFIER_MAIL_DOSSIER_CHECK_H

/* Verifies a dossier by itself: signature, files, the audit trail's chain, and every message made again from
 * what is in it. No store is asked. */

#include "notifier/mail/dossier_record.h"

typedef struct {
  gint64 count[DOSSIER_VERDICT_COUNT]; /* messages */
  char *subject, *as_of;               /* as the index says */
  char *key; /* first eight characters of the key that signed it: who that is the mails say */
} DossierResult;

void dossier_result_clear(DossierResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DossierResult, dossier_result_clear)

/* Told of each message that is not the same, with the verdict and its detail (may be NULL). */
typedef void (*DossierTell)(gint64 id, DossierVerdict verdict, const char *detail, gpointer data);

/* Errors: DOSSIER_ERROR (what is missing, was changed or does not belong there, by file and line), AUDIT_….
 */
bool dossier_check(const char *folder, DossierTell tell, gpointer data, DossierResult *ret_result,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
