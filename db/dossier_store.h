#ifndef KIGEN_DB_DOSSIER_STORE_H
#define KIGEN_DB_DOSSIER_STORE_H

/* What a dossier (proof of notice) is about: the published revisions of a release's plan, or of an advisory,
 * and the messages that told of them. Reads only. */

#include "db/db.h"

#define DOSSIER_STORE_ERROR (dossier_store_error_quark())
typedef enum {
  DOSSIER_STORE_ERROR_ABSENT /* nothing of that name was told to anybody */
} DossierStoreError;
GQuark dossier_store_error_quark(void);

/* One revision; texts may be NULL but for the first four. */
typedef struct {
  char *what; /* "plan", "advisory" */
  char *name; /* "CT-100/1.0", or the advisory's number */
  char *market, *state;
  int revision;
  char *author, *approved_by, *approved_on, *published_by, *published_on, *withdrawn_by, *withdrawn_on,
      *reason;
} DossierRevision;

typedef struct {
  char *name;           /* as it was asked for */
  GPtrArray *revisions; /* DossierRevision, in order */
  GArray *messages;     /* gint64, rising */
  char *as_of; /* UTC instant of the last row of the audit trail, or of the last event of a message (a relay's
                  answer leaves no row) where that is later: what a dossier is dated by */
} DossierSubject;

void dossier_subject_free(DossierSubject *subject);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DossierSubject, dossier_subject_free)

/* `name`: PRODUCT/RELEASE, or an advisory's number; `revision` 0: all of them. Inside a read transaction.
 * Errors: DOSSIER_STORE_ERROR, DB_ERROR. */
bool dossier_store_find(Db *db, const char *name, int revision, DossierSubject **ret_subject, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
