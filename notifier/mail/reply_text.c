#include "notifier/mail/reply_text.h"

#include <string.h>

#define PERSON_MAX 100 /* characters of a name or title */

void reply_text_clear(Reply *reply)
{
  g_clear_pointer(&reply->codes, g_array_unref);
  g_clear_pointer(&reply->person, g_free);
  g_clear_pointer(&reply->title, g_free);
}

static bool matches(const char *text, const char *pattern)
{
  return g_regex_match_simple(pattern, text, G_REGEX_CASELESS, 0);
}

/* From the first line that fits one of these on, a mail quotes another. */
static const char *const heads[] = {
  "^\\s*-{2,}\\s*(Original Message|Forwarded message|元のメッセージ|転送メッセージ)",
  "^\\s*(-{5,}|_{10,}|={10,})\\s*$",
  "^\\s*\\*?(From|差出人|送信者|发件人)\\*?\\s*[:：]",
  "^\\s*On .{5,}(wrote|writes):?\\s*$",
  "^\\s*\\d{4}[年/-]\\s?\\d{1,2}[月/-]\\s?\\d{1,2}.{0,200}(wrote|書き|:|：|>|＞)\\s*$",
  "(のメール|のメッセージ|さんは書きました|様は書きました|が書きました|wrote)\\s*[:：]\\s*$",
  /* our own letters, whoever left the marks of quoting away */
  "文書番号[\\s　]+\\S+-\\d{6}",
  "^\\s*Our reference:\\s*\\S+-\\d{6}",
  "【ご確認の方法】",
  "^\\s*How to confirm\\s*$",
  "この件のみの確認番号",
  "The confirmation number of this notice alone",
  "/a/\\d+-[A-Za-z0-9_-]{20,}",
};

/* Compiled once for all lines of a mail. */
static GPtrArray *compile_heads(void)
{
  GPtrArray *regexes = g_ptr_array_new_with_free_func((GDestroyNotify)g_regex_unref);

  for (gsize i = 0; i < G_N_ELEMENTS(heads); i++)
    g_ptr_array_add(regexes, g_regex_new(heads[i], G_REGEX_CASELESS, 0, NULL));
  return regexes;
}

static bool begins_quote(const GPtrArray *regexes, const char *line)
{
  for (guint i = 0; i < regexes->len; i++)
    if (g_regex_match(regexes->pdata[i], line, 0, NULL))
      return true;
  return false;
}

/* "> …", as people's programs mark each line that they quote. */
static bool is_quoted(const char *line)
{
  static const gunichar marks[] = { '>', 0xFF1E, '|', 0xFF5C };

  while (g_unichar_isspace(g_utf8_get_char(line)))
    line += g_utf8_skip[(guchar)*line];
  for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
    if (g_utf8_get_char(line) == marks[i])
      return true;
  return false;
}

char *reply_text_new_part(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autoptr(GPtrArray) regexes = compile_heads();
  g_autoptr(GString) out = g_string_new(NULL);

  for (gsize i = 0; lines[i] != NULL; i++) {
    g_strchomp(lines[i]);
    if (is_quoted(lines[i]))
      continue;
    if (begins_quote(regexes, lines[i]))
      break;
    g_string_append(out, lines[i]);
    g_string_append_c(out, '\n');
  }
  return g_strdup(out->str);
}

/* `text` in one width and case, without addresses of the web, whose question marks ask nothing. */
static char *plain(const char *text)
{
  g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
  g_autofree char *lower = g_utf8_strdown(normal != NULL ? normal : "", -1);
  g_autoptr(GRegex) links = g_regex_new("https?://\\S+", 0, 0, NULL);

  return g_regex_replace_literal(links, lower, -1, 0, " ", 0, NULL);
}

static void add_code(GArray *codes, const ShortCode *code)
{
  for (guint i = 0; i < codes->len; i++)
    if (short_code_equal(&g_array_index(codes, ShortCode, i), code))
      return;
  g_array_append_val(codes, *code);
}

/* Takes the codes out of `text`; what is left of it. */
static char *take_codes(const char *text, GArray *codes)
{
  g_autoptr(GString) rest = g_string_new(NULL);
  const char *begin = NULL, *end = NULL;
  ShortCode code;

  while (short_code_find(text, &code, &begin, &end)) {
    g_string_append_len(rest, text, begin - text);
    g_string_append_c(rest, ' ');
    add_code(codes, &code);
    text = end;
  }
  g_string_append(rest, text);
  return g_strdup(rest->str);
}

/* Denials that affirm, taken out before denials are looked for. */
#define AFFIRMING_DENIALS                                                                                     \
  "(問題|相違|異存|異議|不明点|不明な点|差し?支え|質問)(等|など)?(は|も)?(特に)?" \
  "(ありません|ございません|なし)|申し訳(ありません|ございません)"
#define DENIES                                                                                                                                      \
  "ません|ませんでした|ない|出来ず|できず|無い|誤り|誤って|誤送|間違|違い|異な|退職|異動|転出|廃棄|返却|" \
  "質問|教えて|でしょうか|ですか|\\?|\\bnot\\b|n't|\\bno longer\\b|\\bwrong\\b|\\bunable\\b|\\bquestion|"                              \
  "\\bcannot\\b|\\bplease\\b|\\bleft\\b"
#define AFFIRMS                                                                                                                                         \
  "受領|受け取|受取|拝受|拝見|確認(しました|致しました|いたしました|済|させていただ|できました)|了解|承知|" \
  "\\breceived\\b|\\breceipt\\b|\\bconfirm|\\backnowledg|\\bok\\b"
#define TRANSFERS                                                                                                          \
  "責任(の)?移転.{0,20}確認(しました|致しました|いたしました|済)|\\btransfer( of responsibility)? " \
  "(is |was |has been )?confirmed\\b|\\bconfirm(ed|s)? the transfer\\b"
/* Of a mail that says nothing but the code. */
#define LABELS "確認番号|番号|confirmation|number|no|code|です|[\\s　:：#.。、,()「」\\[\\]-]"

static bool denies(const char *text)
{
  g_autoptr(GRegex) affirming = g_regex_new(AFFIRMING_DENIALS, 0, 0, NULL);
  g_autofree char *rest = g_regex_replace_literal(affirming, text, -1, 0, " ", 0, NULL);

  return matches(rest, DENIES);
}

static bool says_nothing_else(const char *rest)
{
  g_autoptr(GRegex) labels = g_regex_new(LABELS, 0, 0, NULL);
  g_autofree char *left = g_regex_replace_literal(labels, rest, -1, 0, "", 0, NULL);

  return left[0] == '\0';
}

/* The value behind `label` and a colon at the beginning of a line, or NULL. */
static char *labelled(const char *text, const char *label)
{
  g_autofree char *pattern =
      g_strdup_printf("^[\\s　・*-]*(?:%s)[\\s　]*[:：][\\s　]*([^\\r\\n]+?)[\\s　]*$", label);
  g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_CASELESS | G_REGEX_MULTILINE, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *value = NULL;

  if (!g_regex_match(regex, text, 0, &match))
    return NULL;
  value = g_match_info_fetch(match, 1);
  return g_utf8_strlen(value, -1) <= PERSON_MAX && matches(value, "\\p{L}") ? g_steal_pointer(&value) : NULL;
}

static void leave(Reply *reply, const char *why)
{
  reply->sense = REPLY_FOR_PERSON;
  reply->why = why;
}

static void read_transfer(const char *new_part, Reply *reply)
{
  reply->person =
      labelled(new_part, "責任者の?(?:ご)?(?:氏名|お?名前)|責任者|responsible person|responsible");
  reply->title = labelled(new_part, "責任者の?(?:お|ご)?役職|(?:お|ご)?役職|title|function");
  if (reply->person == NULL) {
    leave(reply, "it confirms the transfer of responsibility and names no responsible person");
    return;
  }
  reply->sense = REPLY_CONFIRMS;
  reply->kind = ACKNOWLEDGEMENT_TRANSFER;
}

static void read_sense(const char *new_part, const char *rest, Reply *reply)
{
  if (reply->codes->len > REPLY_TEXT_CODES_MAX)
    leave(reply, "it holds too many confirmation numbers");
  else if (denies(rest))
    leave(reply, "it says more than that it was received");
  else if (matches(rest, TRANSFERS))
    read_transfer(new_part, reply);
  else if (matches(rest, AFFIRMS) || says_nothing_else(rest))
    reply->sense = REPLY_CONFIRMS;
  else
    leave(reply, "it does not say that the letter was received");
}

void reply_text_read(const char *text, Reply *ret_reply)
{
  g_autofree char *new_part = reply_text_new_part(text);
  Reply reply = { .codes = g_array_new(FALSE, FALSE, sizeof(ShortCode)), .kind = ACKNOWLEDGEMENT_RECEIPT };
  g_autofree char *without = take_codes(new_part, reply.codes);
  g_autofree char *rest = plain(without);

  if (reply.codes->len > 0)
    read_sense(new_part, rest, &reply);
  *ret_reply = reply;
}
