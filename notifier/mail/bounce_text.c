#include "notifier/mail/bounce_text.h"

#include <string.h>

#define DIAGNOSIS_MAX 300 /* characters */

static const char *const keys[] = { [BOUNCE_NONE] = "none",
                                    [BOUNCE_FAILED] = "failed",
                                    [BOUNCE_DELAYED] = "delayed",
                                    [BOUNCE_ARRIVED] = "arrived" };

const char *bounce_text_key(BounceKind kind)
{
  g_assert(kind < G_N_ELEMENTS(keys));
  return keys[kind];
}

/* RFC 3464 2.3.3. Where several recipients are reported, the worst counts. */
static const struct {
  const char *action;
  BounceKind kind;
  int weight;
} actions[] = {
  { "failed", BOUNCE_FAILED, 3 },   { "delayed", BOUNCE_DELAYED, 2 },  { "delivered", BOUNCE_ARRIVED, 1 },
  { "relayed", BOUNCE_ARRIVED, 1 }, { "expanded", BOUNCE_ARRIVED, 1 },
};

/* What mail systems write, in lower case and without white space twice. Those of a delay stand first: such a
 * mail may name the failure that will come of it. */
static const struct {
  const char *phrase;
  BounceKind kind;
} phrases[] = {
  /* sendmail, qmail and its kin, Postfix, Exim, Exchange */
  { "this is a warning message only", BOUNCE_DELAYED },
  { "you do not need to resend your message", BOUNCE_DELAYED },
  { "will keep trying", BOUNCE_DELAYED },
  { "your message could not be delivered for more than", BOUNCE_DELAYED },
  { "has not yet been delivered", BOUNCE_DELAYED },
  { "has been delayed", BOUNCE_DELAYED },
  { "delivery is delayed", BOUNCE_DELAYED },
  { "配信が遅れて", BOUNCE_DELAYED },
  { "配信が遅延", BOUNCE_DELAYED },
  { "配信は遅延", BOUNCE_DELAYED },
  { "引き続き配信を試み", BOUNCE_DELAYED },
  { "再送信する必要はありません", BOUNCE_DELAYED },
  { "再送を続け", BOUNCE_DELAYED },
  /* qmail */
  { "hi. this is the qmail-send program", BOUNCE_FAILED },
  { "i wasn't able to deliver your message", BOUNCE_FAILED },
  /* Postfix */
  { "your message could not be delivered to one or more recipients", BOUNCE_FAILED },
  { "undelivered mail returned to sender", BOUNCE_FAILED },
  { "recipient address rejected", BOUNCE_FAILED },
  /* sendmail, also docomo */
  { "the following addresses had permanent fatal errors", BOUNCE_FAILED },
  { "the following addresses had permanent delivery errors", BOUNCE_FAILED },
  { "user unknown", BOUNCE_FAILED },
  { "unknown user", BOUNCE_FAILED },
  { "host unknown", BOUNCE_FAILED },
  /* Exim */
  { "a message that you sent could not be delivered", BOUNCE_FAILED },
  /* au (ezweb.ne.jp) */
  { "each of the following recipients was rejected by a remote mail server", BOUNCE_FAILED },
  { "the following recipients did not receive", BOUNCE_FAILED },
  /* softbank, vodafone */
  { "the following recipients haven't received this message", BOUNCE_FAILED },
  { "following recipient's mailbox is full", BOUNCE_FAILED },
  { "unknown recipient", BOUNCE_FAILED },
  /* Gmail, Google Workspace */
  { "delivery to the following recipient failed permanently", BOUNCE_FAILED },
  { "your message wasn't delivered to", BOUNCE_FAILED },
  { "address not found", BOUNCE_FAILED },
  { "アドレスが見つからないため", BOUNCE_FAILED },
  { "アドレスが見つかりませんでした", BOUNCE_FAILED },
  { "メールは配信されませんでした", BOUNCE_FAILED },
  { "メールを受信できないため", BOUNCE_FAILED },
  /* Exchange, Microsoft 365 */
  { "delivery has failed to these recipients", BOUNCE_FAILED },
  { "couldn't be delivered", BOUNCE_FAILED },
  { "次の受信者またはグループへの配信に失敗しました", BOUNCE_FAILED },
  { "次の受信者または配布リストへの配信に失敗しました", BOUNCE_FAILED },
  { "メッセージを配信できませんでした", BOUNCE_FAILED },
  { "メッセージは配信されませんでした", BOUNCE_FAILED },
  { "受信者には届いていません", BOUNCE_FAILED },
  /* Japanese systems and providers */
  { "宛先不明", BOUNCE_FAILED },
  { "あて先不明", BOUNCE_FAILED },
  { "宛先が見つかりません", BOUNCE_FAILED },
  { "宛先のメールアドレスは存在しません", BOUNCE_FAILED },
  { "宛先メールアドレスが存在しません", BOUNCE_FAILED },
  { "宛先アドレスが見つかりません", BOUNCE_FAILED },
  { "該当するユーザーはいません", BOUNCE_FAILED },
  { "メールボックスが一杯", BOUNCE_FAILED },
  { "メールボックスがいっぱい", BOUNCE_FAILED },
  { "メールボックスの容量を超え", BOUNCE_FAILED },
  { "メールを配送できませんでした", BOUNCE_FAILED },
  { "メールを配信できませんでした", BOUNCE_FAILED },
  { "お届けできませんでした", BOUNCE_FAILED },
  { "送信できませんでした", BOUNCE_FAILED },
  { "受信拒否", BOUNCE_FAILED },
  { "配信不能", BOUNCE_FAILED },
  { "配送不能", BOUNCE_FAILED },
  /* words of the receiving end that systems pass on */
  { "no such user", BOUNCE_FAILED },
  { "mailbox unavailable", BOUNCE_FAILED },
  { "mailbox is full", BOUNCE_FAILED },
  { "mailbox full", BOUNCE_FAILED },
  { "over quota", BOUNCE_FAILED },
  { "quota exceeded", BOUNCE_FAILED },
  { "does not exist", BOUNCE_FAILED },
  { "could not be delivered", BOUNCE_FAILED },
  { "permanent error", BOUNCE_FAILED },
};

static char *shortened(const char *text)
{
  if (g_utf8_strlen(text, -1) <= DIAGNOSIS_MAX)
    return g_strdup(text);

  g_autofree char *head = g_utf8_substring(text, 0, DIAGNOSIS_MAX);

  return g_strconcat(head, " …", NULL);
}

/* "5.1.1 <who@where>: 550 no such user" */
static char *report_diagnosis(const IncomingStatus *status)
{
  const char *parts[] = { status->status, status->recipient, status->diagnostic };
  g_autoptr(GString) text = g_string_new(NULL);

  for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
    if (parts[i] != NULL)
      g_string_append_printf(text, "%s%s%s", text->len > 0 ? " " : "", parts[i],
                             i == 1 && status->diagnostic != NULL ? ":" : "");
  if (text->len == 0)
    g_string_append_printf(text, "%s, without a reason", status->action);
  return shortened(text->str);
}

static BounceKind judge_report(const IncomingMail *mail, char **ret_diagnosis)
{
  const IncomingStatus *worst = NULL;
  BounceKind kind = BOUNCE_NONE;
  int weight = 0;

  for (guint i = 0; i < mail->statuses->len; i++) {
    const IncomingStatus *status = mail->statuses->pdata[i];

    for (gsize j = 0; j < G_N_ELEMENTS(actions); j++)
      if (strcmp(status->action, actions[j].action) == 0 && actions[j].weight > weight) {
        worst = status;
        kind = actions[j].kind;
        weight = actions[j].weight;
      }
  }
  if (worst != NULL)
    *ret_diagnosis = report_diagnosis(worst);
  return kind;
}

/* `text` with its white space as single blanks, so that a phrase over two lines is found, and for Japanese
 * without line breaks at all. */
static char *squeezed(const char *text, const char *blank)
{
  g_autofree char *lower = g_utf8_strdown(text, -1);
  g_autoptr(GString) out = g_string_new(NULL);
  bool gap = false;

  for (const char *p = lower; *p != '\0'; p += g_utf8_skip[(guchar)*p]) {
    gunichar c = g_utf8_get_char(p);

    if (g_unichar_isspace(c)) {
      gap = true;
      continue;
    }
    if (gap && out->len > 0)
      g_string_append(out, blank);
    gap = false;
    g_string_append_unichar(out, c == 0x2019 ? '\'' : c);
  }
  return g_strdup(out->str);
}

/* The line of `text` in which a system says why: with a status (5.1.1) or a code (550), else NULL. */
static char *said_reason(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", 400);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (g_regex_match_simple("\\b[45]\\.\\d{1,3}\\.\\d{1,3}\\b|\\b5[0-5]\\d[ -]", lines[i], 0, 0))
      return g_strstrip(g_strdup(lines[i]));
  return NULL;
}

static BounceKind judge_words(const IncomingMail *mail, char **ret_diagnosis)
{
  g_autofree char *all = g_strconcat(mail->subject != NULL ? mail->subject : "", "\n", mail->text, NULL);
  g_autofree char *blanks = squeezed(all, " ");
  g_autofree char *joined = squeezed(all, "");

  for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
    if (strstr(blanks, phrases[i].phrase) == NULL && strstr(joined, phrases[i].phrase) == NULL)
      continue;

    g_autofree char *reason = said_reason(mail->text);

    *ret_diagnosis = shortened(reason != NULL ? reason : phrases[i].phrase);
    return phrases[i].kind;
  }
  if (mail->failed_recipients == NULL)
    return BOUNCE_NONE;
  *ret_diagnosis = shortened(mail->failed_recipients);
  return BOUNCE_FAILED;
}

BounceKind bounce_text_judge(const IncomingMail *mail, char **ret_diagnosis)
{
  *ret_diagnosis = NULL;
  if (mail->statuses->len > 0)
    return judge_report(mail, ret_diagnosis);
  if (mail->from_daemon || mail->failed_recipients != NULL)
    return judge_words(mail, ret_diagnosis);
  return BOUNCE_NONE;
}
