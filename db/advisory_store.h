#ifndef KIGEN_DB_ADVISORY_STORE_H
#define KIGEN_DB_ADVISORY_STORE_H

/* Advisories: what a person writes to tell (planner/advisory.h), one row a revision, known by a number in the
 * maker's series and the revision. The steps after a draft are db/advisory_step.h, whom it is told
 * db/advisory_telling.h. */

#include "db/audit.h"
#include "planner/advisory.h"

/* The series of numbers where the maker has named none (document_series). */
#define ADVISORY_SERIES "KG"

#define ADVISORY_STORE_ERROR (advisory_store_error_quark())
typedef enum {
  ADVISORY_STORE_ERROR_RELEASE, /* a release of the content is none of the store */
  ADVISORY_STORE_ERROR_STATE    /* what was withdrawn has no next revision */
} AdvisoryStoreError;
GQuark advisory_store_error_quark(void);

typedef struct {
  gint64 id; /* row id of the revision */
  char *number;
  int revision;
  char *state; /* "draft", "approved", "published", "superseded", "withdrawn" */
  Advisory *content;
  char *reason; /* why this revision, or NULL */
  char *author;
  char *approved_by; /* full name; NULL: not approved, or the store had no users */
  Day approved_on;
  char *published_by; /* name; NULL: never published */
  Day published_on;   /* DAY_NONE: never published */
  char *withdrawn_by, *withdrawn_reason;
  Day withdrawn_on; /* DAY_NONE: not withdrawn */
} AdvisoryRow;

void advisory_row_free(AdvisoryRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AdvisoryRow, advisory_row_free)

typedef enum {
  ADVISORY_LATEST,  /* of each number the revision that counts: what is open, else in force, else the last */
  ADVISORY_EVERY,   /* all revisions */
  ADVISORY_IN_FORCE /* those published */
} AdvisoryWhich;

/* By number and revision: GPtrArray of AdvisoryRow with free function. */
bool advisory_store_list(Db *db, AdvisoryWhich which, GPtrArray **ret_rows, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The revision with row id `id`, or NULL. */
bool advisory_store_load(Db *db, gint64 id, AdvisoryRow **ret_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Revision `revision` of `number` (0: the one that counts, as ADVISORY_LATEST), or NULL. */
bool advisory_store_find(Db *db, const char *number, int revision, AdvisoryRow **ret_row, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The revision of that number which was told last before `row`, or NULL: what a correction corrects. */
bool advisory_store_before(Db *db, const AdvisoryRow *row, AdvisoryRow **ret_before, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Keeps `content` (advisory_problem says nothing) as a draft: of a new number where `row` is NULL; as a
 * change of `row` where it is open, which is a draft again then; as the next revision of `row` where it is
 * published. *ret_id is the draft; *ret_changed false: it says that already, and nothing was written. With an
 * event and an audit row, inside the open write transaction. Errors: ADVISORY_STORE_ERROR. */
bool advisory_store_put_draft(Db *db, const AuditContext *context, const AdvisoryRow *row,
                              const Advisory *content, const char *reason, gint64 *ret_id, bool *ret_changed,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
