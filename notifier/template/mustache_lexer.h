#ifndef KIGEN_NOTIFIER_TEMPLATE_MUSTACHE_LEXER_H
#define KIGEN_NOTIFIER_TEMPLATE_MUSTACHE_LEXER_H

/* Cuts a Mustache template into texts and tags. Comments, changes of delimiters and the rest of lines that
 * hold nothing but such a tag (specification: standalone tags) never leave the lexer. For mustache_program.c
 * only. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
  TOKEN_TEXT,
  TOKEN_VALUE, /* {{name}} */
  TOKEN_RAW,   /* {{{name}}} and {{&name}} */
  TOKEN_SECTION,
  TOKEN_INVERTED,
  TOKEN_CLOSE,
  TOKEN_PARTIAL,
  TOKEN_END
} MustacheTokenKind;

typedef struct {
  MustacheTokenKind kind;
  const char *at;   /* where it begins in the source */
  const char *text; /* TEXT: the bytes (none at all: only the line begins here); a tag: its name, trimmed */
  gsize length;
  bool line_start;    /* TEXT: a line of the template begins with it */
  const char *indent; /* PARTIAL alone on its line: the white space in front */
  gsize indent_length;
} MustacheToken;

#define MUSTACHE_DELIMITER_MAX 16

typedef struct {
  const char *name; /* of the template, for messages */
  const char *source;
  const char *end;
  const char *at;
  bool line_begun; /* the empty text in front of the tag at `at` was delivered */
  char open[MUSTACHE_DELIMITER_MAX + 1];
  char close[MUSTACHE_DELIMITER_MAX + 1];
} MustacheLexer;

/* `source` must outlive lexer and tokens; `length` bytes. */
void mustache_lexer_init(MustacheLexer *lexer, const char *name, const char *source, gsize length);

/* The next token, TOKEN_END for ever at the end. Errors: MUSTACHE_ERROR_SYNTAX. */
bool mustache_lexer_next(MustacheLexer *lexer, MustacheToken *ret_token, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Sets `error` to MUSTACHE_ERROR_SYNTAX, "name:line:column: " (of `at`; columns count characters) in front of
 * the message. */
void mustache_lexer_fail(const MustacheLexer *lexer, const char *at, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Line and column (from 1; characters) of `at` in `source`. */
void mustache_lexer_position(const char *source, const char *at, guint *ret_line, guint *ret_column);

#endif
