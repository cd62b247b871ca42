#ifndef KIGEN_NOTIFIER_TEMPLATE_TEXT_WIDTH_H
#define KIGEN_NOTIFIER_TEMPLATE_TEXT_WIDTH_H

/* How many columns a text takes where all characters are as wide as one or two: in a terminal, and roughly in
 * a picture. Pure. */

#include <glib.h>

/* Columns that the character takes: East Asian wide ones two, combining ones none. */
int text_width_char(gunichar c);

/* Columns that `text` (UTF-8) takes. */
int text_width(const char *text);

/* The beginning of `text` that fits into `columns`, with an ellipsis where something was cut. Own string. */
char *text_width_clip(const char *text, int columns);

#endif
