#ifndef KIGEN_PLANNER_SHORT_CODE_H
#define KIGEN_PLANNER_SHORT_CODE_H

/* The short code that a letter carries, to be written in a reply or read out on the telephone (domain.md,
 * Notices): the message's number, seven characters that only the store's key makes, and a check character, as
 * in 123-K7QM-9XHD. The characters after the number are the 23 of digits and capitals that cannot be taken
 * for another; the check finds any one wrong character, and any two next to each other swapped. Pure: what
 * the seven characters are made from is db/acknowledgement_link.h. */

#include <glib.h>
#include <stdbool.h>

#define SHORT_CODE_SECRET_LENGTH 8 /* the check character is the last of them */
#define SHORT_CODE_TEXT_SIZE 32    /* of any code, with its NUL */

/* A code as it was read. */
typedef struct {
  gint64 message;
  char secret[SHORT_CODE_SECRET_LENGTH + 1];
} ShortCode;

/* The code of message row `message` made of `number`, any 64 bits. */
ShortCode short_code_make(gint64 message, guint64 number);

/* "123-K7QM-9XHD", in `buffer`, which it returns. */
const char *short_code_format(const ShortCode *code, char buffer[static SHORT_CODE_TEXT_SIZE]);

/* Reads `text`, all of it one code as somebody has typed it: in whatever case and width, with any hyphens or
 * blanks between its groups, or none. False: it is none, or a mistyped one (the check does not hold). */
bool short_code_parse(const char *text, ShortCode *ret_code) G_GNUC_WARN_UNUSED_RESULT;

/* Finds the first code at or after `from` in running text: its groups parted by hyphens or single blanks, in
 * whatever case and width, not within a longer word. *ret_begin and *ret_end (one past its end) point into
 * `from`. False: there is none. `from` is valid UTF-8. */
bool short_code_find(const char *from, ShortCode *ret_code, const char **ret_begin, const char **ret_end)
    G_GNUC_WARN_UNUSED_RESULT;

/* True when both are one code; in a time that tells nothing of the secret. */
bool short_code_equal(const ShortCode *a, const ShortCode *b);

#endif
