#ifndef KIGEN_CLI_ARGS_H
#define KIGEN_CLI_ARGS_H

/* Words and options of a command line. Options are rows of tables; `--name value`, `--name=value`, `-h`, and
 * `--` that ends them; options and words may stand in any order. Strings belong to argv. */

#include <glib.h>
#include <stdbool.h>

typedef struct {
  const char *name;  /* without the dashes; NULL ends a table */
  const char *value; /* what the help calls the value; NULL: a flag */
  const char *help;
} ArgOption;

typedef struct Args Args;

void args_free(Args *args);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Args, args_free)

/* Nothing given yet; args_read fills it. */
Args *args_new(void);

/* Reads argv[*position …] by the tables `options` (NULL-terminated array of tables). With `one_word` it stops
 * at the first word, for the caller to take as a command's name; else words are collected. *position ends
 * behind what was read. Errors: CLI_ERROR_USAGE, with the nearest known option. */
bool args_read(Args *args, const ArgOption *const options[], bool one_word, char **argv, int *position,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* True when the option was given. */
bool args_flag(const Args *args, const char *name);
/* Its value (the last one given), or NULL. */
const char *args_text(const Args *args, const char *name);
/* Value i, from 0, of an option that may be given several times; NULL behind the last. */
const char *args_text_at(const Args *args, const char *name, guint i);

guint args_count(const Args *args);
/* Word i, from 0; NULL behind the last. */
const char *args_word(const Args *args, guint i);

#endif
