#ifndef KIGEN_CLI_TERM_H
#define KIGEN_CLI_TERM_H

/* What the terminal can do, and how many columns a text takes there. Colour goes to terminals only, and not
 * where NO_COLOR is set (no-color.org) or TERM is "dumb". */

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

typedef enum {
  STYLE_PLAIN,
  STYLE_BOLD,
  STYLE_DIM,
  STYLE_RED,
  STYLE_YELLOW,
  STYLE_GREEN,
  STYLE_BLUE
} TermStyle;

bool term_is_terminal(FILE *stream);
bool term_has_colour(FILE *stream);

/* The escape sequence that begins `style`, or "" where `stream` takes no colour; term_end ends it. */
const char *term_begin(FILE *stream, TermStyle style);
const char *term_end(FILE *stream, TermStyle style);

/* Columns of the terminal behind `stream`, `otherwise` when it is none. */
int term_columns(FILE *stream, int otherwise);

/* Columns that `text` (UTF-8) takes: East Asian wide characters two, combining ones none. */
int term_width(const char *text);

/* The beginning of `text` that fits into `columns`, with an ellipsis where something was cut. Own string. */
char *term_clip(const char *text, int columns);

/* `text` in lines of at most `columns`, broken at blanks and beside wide characters: NULL-terminated, own. */
char **term_wrap(const char *text, int columns);

/* True when `text` holds a control character. */
bool term_has_control(const char *text);

/* Writes `text`, then blanks up to `columns`; control characters of `text` come out as U+FFFD, so that no
 * stored name drives the terminal. */
void term_put(FILE *stream, const char *text, int columns);

#endif
