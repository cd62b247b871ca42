#ifndef KIGEN_NOTIFIER_MAIL_LETTER_H
#define KIGEN_NOTIFIER_MAIL_LETTER_H

/* A letter: from what the store says to a frozen context, and from a frozen context to the mail's bytes. The
 * second step needs nothing else, so that what went out can be shown again years later. */

#include "db/outbox_store.h"
#include "notifier/mail/letter_context.h"
#include "notifier/template/template_set.h"

#define LETTER_ERROR (letter_error_quark())
typedef enum {
  LETTER_ERROR_ADDRESS, /* the contact has no e-mail address */
  LETTER_ERROR_CONTEXT, /* a stored context that is none of ours */
  LETTER_ERROR_KEY      /* it carries link and codes, and there is no link key to make them again */
} LetterError;
GQuark letter_error_quark(void);

/* True when `error` is about this one letter (its address, its texts), so that the others may still go. */
bool letter_error_is_own(const GError *error);

/* Renders `letter` with `templates` and freezes what it was rendered from. Errors: LETTER_ERROR_ADDRESS,
 * COMPOSE_ERROR, TEMPLATE_SET_ERROR, MUSTACHE_ERROR, FEED_ERROR. */
bool letter_freeze(const OutboxLetter *letter, const LetterStyle *style, const TemplateSet *templates,
                   OutboxContext **ret_context, GBytes **ret_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The frozen context of `letter` from its JSON `object`, not filled in, and its `parts`; the digest of what
 * comes out is still to come. For what renders a letter otherwise than as a mail (sheet.h). */
OutboxContext *letter_freeze_context(const json_t *object, const GPtrArray *parts, const OutboxLetter *letter,
                                     const LetterStyle *style, const TemplateSet *templates);

/* The bytes that `context` stands for (a mail, or a sheet of paper), from it, `templates` (the set of its
 * hash) and the link key alone. The same version of the program gives the same bytes. `key` may be NULL for a
 * letter without link and codes. */
bool letter_rebuild(const OutboxContext *context, const TemplateSet *templates, const LinkKey *key,
                    GBytes **ret_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What OutboxContext keeps of the bytes: SHA-256, lower-case hexadecimal. Own string. */
char *letter_digest(GBytes *bytes);

/* What `context` says, filled in; a new reference. Errors: LETTER_ERROR_CONTEXT. */
json_t *letter_parse(const OutboxContext *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when `context` still says what `letter` says: the same notices, to the same address. Errors:
 * LETTER_ERROR_CONTEXT. */
bool letter_is_still(const OutboxContext *context, const OutboxLetter *letter, bool *ret_still,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The address that `context` is for (own string). Errors: LETTER_ERROR_CONTEXT. */
bool letter_recipient(const OutboxContext *context, char **ret_address, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
