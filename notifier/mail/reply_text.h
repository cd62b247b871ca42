#ifndef KIGEN_NOTIFIER_MAIL_REPLY_TEXT_H
#define KIGEN_NOTIFIER_MAIL_REPLY_TEXT_H

/* What somebody says in a reply to a letter: of its text only what is new counts, not what it quotes. It
 * confirms receipt when it holds a short code and either a word that says so or nothing else; it confirms the
 * transfer of responsibility only when it says that, and names the responsible person. Whatever denies, asks
 * or leaves a doubt is for a person to read. Pure. */

#include "planner/acknowledgement.h"
#include "planner/short_code.h"

#define REPLY_TEXT_CODES_MAX 20 /* more in one mail are guesses */

typedef enum {
  REPLY_NOTHING,   /* no code in what is new */
  REPLY_CONFIRMS,  /* `kind` of what `codes` stand for */
  REPLY_FOR_PERSON /* there is a code, and words that a person has to read; `why` */
} ReplySense;

typedef struct {
  ReplySense sense;
  AcknowledgementKind kind;
  GArray *codes;        /* ShortCode, each once */
  char *person, *title; /* transfer: the responsible person; title may be NULL */
  const char *why;
} Reply;

void reply_text_clear(Reply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reply, reply_text_clear)

/* Reads `text`, the readable text of a mail (valid UTF-8), into *ret_reply. */
void reply_text_read(const char *text, Reply *ret_reply);

/* What of `text` is new: without lines that are quoted, and without what follows the head of a quoted mail or
 * the beginning of one of our letters. Own string. */
char *reply_text_new_part(const char *text);

#endif
