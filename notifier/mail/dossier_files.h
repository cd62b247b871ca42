#ifndef KIGEN_NOTIFIER_MAIL_DOSSIER_FILES_H
#define KIGEN_NOTIFIER_MAIL_DOSSIER_FILES_H

/* The files of a dossier (dossier.h): their names, digests and signature, and the tar file that holds them.
 */

#include "db/sign_key.h"

#include <jansson.h>

#define DOSSIER_VERSION 1
#define DOSSIER_AUDIT "audit.jsonl"
#define DOSSIER_COVERAGE "coverage.json"
#define DOSSIER_INDEX "index.json"
#define DOSSIER_MESSAGES "messages.jsonl"
#define DOSSIER_SIGNATURE "signature.txt"
#define DOSSIER_SETS "template-sets"

/* True for what a file of a dossier may be called within its folder: letters, digits, '.', '-' and '_', and
 * no leading dot. */
bool dossier_files_is_name(const char *name);

/* { NAME: { size, sha256 } } of every file in `folder` but the index and its signature. A new reference.
 * Errors: DOSSIER_ERROR. */
bool dossier_files_digest(const char *folder, json_t **ret_files, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the signature of the index in `folder`. Errors: DOSSIER_ERROR_FILE. */
bool dossier_files_sign(const char *folder, const SignKey *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Checks that signature against `public_key`. Errors: DOSSIER_ERROR. */
bool dossier_files_verify(const char *folder, const SignKeyPublic *public_key, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Packs `folder` into the new tar file `path` (it may lie in the folder), which its owner alone can read: the
 * files in order of their names, dated `as_of` (UTC instant), of nobody in particular, so that the same files
 * give the same bytes. Synced. Errors: DOSSIER_ERROR_FILE. */
bool dossier_files_pack(const char *folder, const char *as_of, const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Unpacks the tar file `path` into the empty folder `folder`: what no dossier has in it is refused. Errors:
 * DOSSIER_ERROR. */
bool dossier_files_unpack(const char *path, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes what a dossier can have in it from the folder that is open as `folder`, which stays open. No link
 * is followed: one that lies where a file or a folder belongs goes itself. */
void dossier_files_remove(int folder);

#endif
