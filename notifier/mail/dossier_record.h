#ifndef KIGEN_NOTIFIER_MAIL_DOSSIER_RECORD_H
#define KIGEN_NOTIFIER_MAIL_DOSSIER_RECORD_H

/* What a dossier says of one message, as JSON. */

#include "db/link_key.h"
#include "notifier/mail/letter.h"

/* The record of message `id`: a new reference. Absent values are null. `context` in it is what it was
 * rendered from, with link and codes by `key` (NULL: without), null where nothing was rendered yet or it was
 * erased. Inside a read transaction. */
bool dossier_record_load(Db *db, gint64 id, const LinkKey *key, json_t **ret_record, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  DOSSIER_SAME,           /* made again: the very bytes that went out */
  DOSSIER_DIFFERS,        /* made again: others */
  DOSSIER_NOT_COMPARABLE, /* another version of kigen rendered it */
  DOSSIER_ERASED,         /* who it went to was erased, and with them what it was rendered from */
  DOSSIER_NOT_RENDERED, /* nothing went out: it waits, or was overtaken; or it was handed over without a sheet
                         */
  DOSSIER_VERDICT_COUNT
} DossierVerdict;

/* "same", "differs", "not comparable", "erased", "not rendered". */
const char *dossier_verdict_key(DossierVerdict verdict);

/* Makes the bytes of `record` again with `templates` (of its template_set; NULL where that is absent: an
 * error) and compares. *ret_detail (own, or NULL): "erased on 2031-04-01", "rendered by kigen 0.0.9" … */
bool dossier_record_verify(const json_t *record, const TemplateSet *templates, DossierVerdict *ret_verdict,
                           char **ret_detail, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
