#ifndef KIGEN_DB_ACKNOWLEDGEMENT_LINK_H
#define KIGEN_DB_ACKNOWLEDGEMENT_LINK_H

/* By what an answer to a message is known to be one: the token of its acknowledgement link
 * (`<base_url>/a/<token>`), and its short codes. All are made from the link key, the message's row and its
 * Message-ID, so that a letter can be rebuilt while the store holds none of them. A message has one code for
 * all that it tells, and one for each notice and organization in it, so that what a digest brings together
 * can be acknowledged apart. What they are good for is db/acknowledgement_request.h. */

#include "db/link_key.h"
#include "planner/short_code.h"

/* The address of the page that takes acknowledgements of message `message`: "<base_url>/a/<token>". Own
 * string. */
char *acknowledgement_link_url(const char *base_url, const LinkKey *key, gint64 message,
                               const char *message_id);

/* The token of message row `message` with `message_id`: its number, a hyphen and LINK_KEY_TOKEN_LENGTH
 * characters. Own string. */
char *acknowledgement_link_token(const LinkKey *key, gint64 message, const char *message_id);

/* Takes a token apart; *ret_secret points into it. False: it has not the form of one. Nothing is proved until
 * acknowledgement_link_token_is. */
bool acknowledgement_link_parse(const char *token, gint64 *ret_message, const char **ret_secret)
    G_GNUC_WARN_UNUSED_RESULT;

/* True when `secret` is that of the message; in a time that tells nothing. */
bool acknowledgement_link_token_is(const LinkKey *key, gint64 message, const char *message_id,
                                   const char *secret);

/* The code that stands for everything in the message. */
ShortCode acknowledgement_link_code(const LinkKey *key, gint64 message, const char *message_id);

/* The code that stands for one of its notices, as it concerns `organization` (row ids). */
ShortCode acknowledgement_link_code_of(const LinkKey *key, gint64 message, const char *message_id,
                                       gint64 notice, gint64 organization);

#endif
