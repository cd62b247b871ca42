/* Any bytes as a mail that came back or in: whatever it is it is judged, in valid text, and nothing of what
 * it quotes is taken for new. */

#include "notifier/mail/bounce_text.h"
#include "notifier/mail/incoming_text.h"
#include "notifier/mail/reply_text.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_judged(const IncomingMail *mail)
{
  g_autofree char *diagnosis = NULL;
  BounceKind kind = bounce_text_judge(mail, &diagnosis);

  g_assert((kind == BOUNCE_NONE) == (diagnosis == NULL));
  g_assert(diagnosis == NULL || (g_utf8_validate(diagnosis, -1, NULL) && strchr(diagnosis, '\n') == NULL));
}

static void check_reply(const char *text)
{
  g_auto(Reply) reply = { 0 };
  g_autofree char *part = reply_text_new_part(text);

  g_assert(g_utf8_validate(part, -1, NULL));
  g_assert(strchr(part, '>') == NULL || part[0] != '>');
  reply_text_read(text, &reply);
  g_assert((reply.codes->len == 0) == (reply.sense == REPLY_NOTHING));
  g_assert(reply.sense != REPLY_CONFIRMS || reply.codes->len <= REPLY_TEXT_CODES_MAX);
  g_assert(reply.sense != REPLY_CONFIRMS || reply.kind != ACKNOWLEDGEMENT_TRANSFER || reply.person != NULL);
  g_assert((reply.sense == REPLY_FOR_PERSON) == (reply.why != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = incoming_text_decode(data, size, NULL);
  g_autofree char *plain = incoming_text_plain(text);
  g_autoptr(IncomingMail) mail = incoming_mail_parse(data, size);

  g_assert(g_utf8_validate(text, -1, NULL) && g_utf8_validate(plain, -1, NULL));
  check_reply(text);
  if (mail == NULL)
    return 0;
  g_assert(g_utf8_validate(mail->text, -1, NULL));
  check_judged(mail);
  check_reply(mail->text);
  return 0;
}
