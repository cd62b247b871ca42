#ifndef KIGEN_NOTIFIER_MAIL_DOSSIER_H
#define KIGEN_NOTIFIER_MAIL_DOSSIER_H

/* Proof of notice (domain.md) as a folder that stands by itself: for every recipient what was sent, when,
 * what became of it and what its bytes are made of, so that whoever gets it can make them again and compare.
 * The same store gives the same bytes. Its files:
 *
 * - audit.jsonl: the audit trail (db/audit_export.h), payloads of the subject's alone, and its signed head
 * - coverage.json: whom it concerns, and how far it came to each (dossier_reach.h)
 * - index.json: what it is about, the counts, size and SHA-256 of every other file but the signature
 * - index.en.html, index.ja.html: the same for people, with a row for each message
 * - messages.jsonl, a line a message: who, over which channel, every state, the relay's answers,
 *   confirmations, what people did with it, and what it was rendered from, link and codes put in
 * - signature.txt: "kigen-dossier 1 SHA256 KEY SIGNATURE" of index.json, by the store's key
 * - template-sets/HASH: the templates
 */

#include "db/dossier_store.h"
#include "db/link_key.h"
#include "db/sign_key.h"
#include "notifier/template/template_set.h"

#define DOSSIER_ERROR (dossier_error_quark())
typedef enum {
  DOSSIER_ERROR_FILE, /* cannot be read or written */
  DOSSIER_ERROR_FORM  /* is no dossier, or was changed; the message says where */
} DossierError;
GQuark dossier_error_quark(void);

/* What a dossier is made with. Nothing is owned. */
typedef struct {
  const SignKey *sign_key;
  const LinkKey
      *link_key; /* NULL: links and codes stay out, and letters with them cannot be made again from it */
  const TemplateSet *templates; /* of index.*.html */
  const DbProgress *progress;   /* messages done, or NULL */
} DossierTerms;

/* Writes the dossier of `subject` into the empty folder `folder`, message by message. Inside a read
 * transaction. Errors: DOSSIER_ERROR_FILE, those of the store and of templates. */
bool dossier_write(Db *db, const DossierSubject *subject, const DossierTerms *terms, const char *folder,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
