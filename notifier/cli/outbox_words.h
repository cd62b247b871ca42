#ifndef KIGEN_CLI_OUTBOX_WORDS_H
#define KIGEN_CLI_OUTBOX_WORDS_H

/* Which messages a command line means: the options that `outbox list` and `outbox retry` share. */

#include "db/outbox_filter.h"
#include "notifier/cli/cli.h"

extern const ArgOption outbox_words_options[];

/* What the options say, and where it is kept. */
typedef struct {
  OutboxFilter filter; /* points into the command line and to `state` */
  OutboxState state;
  bool is_given; /* any of them */
} OutboxWords;

/* Errors: CLI_ERROR_USAGE, with what is known or nearest. */
bool outbox_words_read(const Args *args, OutboxWords *ret_words, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The number of a message. Errors: CLI_ERROR_USAGE. */
bool outbox_words_id(const char *word, gint64 *ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
