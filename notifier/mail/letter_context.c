#include "notifier/mail/letter_context.h"

#include <string.h>

#include "notifier/mail/letter_answer.h"
#include "notifier/mail/letter_json.h"
#include "notifier/mail/letter_notice.h"
#include "notifier/mail/letter_relay.h"
#include "notifier/mail/letter_webhook.h"
#include "notifier/mail/letter_words.h"

#define DOCUMENT_SERIES "KG"

/* domain.md: change and end notices apologise; urgent ones skip the greeting. */
static bool apologises(NoticeKind kind)
{
  return kind == NOTICE_PLAN_CHANGE || kind == NOTICE_EOS_REACHED || kind == NOTICE_WITHDRAWAL;
}

static json_t *maker_json(GHashTable *maker, const char *language)
{
  static const struct {
    const char *key, *ja, *en;
  } fields[] = {
    { "name", "name_ja", "name_en" },
    { "postal_code", "postal_code", "postal_code" },
    { "address", "address_ja", "address_en" },
    { "licence_no", "licence_no", "licence_no" },
    { "department", "department_ja", "department_en" },
    { "title", "title_ja", "title_en" },
    { "person", "person_ja", "person_en" },
    { "phone", "phone", "phone" },
    { "phone_hours", "phone_hours_ja", "phone_hours_en" },
    { "email", "email", "email" },
    { "security_contact", "security_contact", "security_contact" },
    { "url", "url", "url" },
  };
  bool english = strcmp(language, "en") == 0;
  json_t *object = json_object();

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
    const char *ja = g_hash_table_lookup(maker, fields[i].ja);
    const char *en = g_hash_table_lookup(maker, fields[i].en);

    letter_json_text(object, fields[i].key,
                     english ? letter_json_choose(en, ja) : letter_json_choose(ja, en));
  }
  return object;
}

/* The same for every letter in that language. */
static void give_maker(json_t *object, const OutboxLetter *letter, const LetterStyle *style, GPtrArray *parts)
{
  g_autofree char *key = g_strconcat("maker ", letter->language, NULL);
  json_t *json;

  if (letter_memo_give(style->memo, key, object, parts))
    return;
  json = json_object();
  json_object_set_new(json, "maker", maker_json(style->maker, letter->language));
  letter_memo_give_new(style->memo, key, json, object, parts);
}

static const char *organization_name(const OutboxLetter *letter)
{
  return strcmp(letter->language, "en") == 0
             ? letter_json_choose(letter->organization_name_en, letter->organization_name_ja)
             : letter->organization_name_ja;
}

static json_t *recipient_json(const OutboxLetter *letter)
{
  const char *role = letter->organization_role;
  const char *title =
      letter_json_choose(letter->title, letter_words_title(letter->contact_role, letter->language));
  g_autofree char *name = letter->name != NULL ? letter_words_person(letter->name) : NULL;
  json_t *object = json_object();

  letter_json_text(object, "organization", organization_name(letter));
  letter_json_text(object, "department", letter->department);
  letter_json_text(object, "title", title);
  letter_json_text(object, "name", name);
  letter_json_flag(object, "unnamed", name == NULL);
  letter_json_take(
      object, "attention",
      letter_words_attention(organization_name(letter), letter->department, title, name, letter->language));
  letter_json_text(object, "postal_code", letter->postal_code);
  letter_json_text(object, "address", letter->address);
  letter_json_flag(object, strcmp(role, "clinic") == 0 ? "hospital" : role, true);
  letter_json_text(object, "second_person", letter_words_second_person(role, letter->language));
  return object;
}

static bool must_forward(const char *role)
{
  static const char *const roles[] = { "distributor", "lessor", "repairer", NULL };

  return g_strv_contains(roles, role);
}

/* True when any notice of the letter is of a kind that `is` true of. */
static bool any_kind(const OutboxLetter *letter, bool (*is)(NoticeKind kind))
{
  for (guint i = 0; i < letter->notices->len; i++)
    if (is(((const OutboxNotice *)letter->notices->pdata[i])->kind))
      return true;
  return false;
}

static json_t *first_json(const json_t *notice, const GPtrArray *parts)
{
  json_t *object = json_object();
  const json_t *product = context_part_member(notice, parts, "product");
  const json_t *title = context_part_member(json_object_get(notice, "advisory"), parts, "title");

  letter_json_text(object, "kind_name", json_string_value(context_part_member(notice, parts, "kind_name")));
  letter_json_text(object, "product", letter_json_get(product, "name"));
  letter_json_text(object, "release", json_string_value(context_part_member(notice, parts, "release")));
  letter_json_text(object, "title", json_string_value(title));
  return object;
}

static void set_notices(json_t *object, const OutboxLetter *letter, const LetterStyle *style,
                        GPtrArray *parts)
{
  LetterNoticeStyle of_notice = { letter->language,  style->today, letter->organization,
                                  style->uid_domain, style->memo,  parts };
  json_t *notices = json_array();

  for (guint i = 0; i < letter->notices->len; i++)
    json_array_append_new(notices, letter_notice_json(letter->notices->pdata[i], (int)i + 1, &of_notice));
  json_object_set_new(object, "first", first_json(json_array_get(notices, 0), parts));
  json_object_set_new(object, "count", json_integer(letter->notices->len));
  letter_json_flag(object, "single", letter->notices->len == 1);
  letter_json_flag(object, "digest", letter->notices->len > 1);
  json_object_set_new(object, "notices", notices);
}

/* 「KG-000123」 */
static char *document_no(const OutboxLetter *letter, GHashTable *maker)
{
  const char *series = letter_json_choose(g_hash_table_lookup(maker, "document_series"), DOCUMENT_SERIES);

  return g_strdup_printf("%s-%06" G_GINT64_FORMAT, series, letter->id);
}

/* "期限メディカル株式会社　品質保証部" */
static char *sender_name(const json_t *maker, const char *language)
{
  const char *name = letter_json_get(maker, "name");
  const char *department = letter_json_get(maker, "department");

  if (name == NULL || department == NULL)
    return g_strdup(letter_json_choose(name, department));
  return g_strconcat(name, strcmp(language, "en") == 0 ? ", " : "　", department, NULL);
}

static json_t *envelope_json(const OutboxLetter *letter, const LetterStyle *style, const json_t *context,
                             const GPtrArray *parts)
{
  json_t *object = json_object();

  if (style->from_name != NULL)
    letter_json_text(object, "from_name", style->from_name);
  else
    letter_json_take(object, "from_name",
                     sender_name(context_part_member(context, parts, "maker"), letter->language));
  letter_json_text(object, "from", style->from_address);
  letter_json_text(object, "to_name", letter_json_get(json_object_get(context, "recipient"), "attention"));
  letter_json_text(object, "to", letter_context_address(letter));
  letter_json_text(object, "reply_to", style->reply_to);
  letter_json_text(object, "message_id", letter->message_id);
  return object;
}

const char *letter_context_address(const OutboxLetter *letter)
{
  return letter_webhook_is(letter) ? letter->webhook : letter->email;
}

json_t *letter_context_own(const OutboxLetter *letter, const LetterStyle *style, GPtrArray *parts)
{
  json_t *object = json_object();

  letter_json_text(object, "language", letter->language);
  letter_json_take(object, "document_no", document_no(letter, style->maker));
  letter_json_take(object, "sent_on", letter_words_date(style->today, letter->language));
  give_maker(object, letter, style, parts);
  json_object_set_new(object, "recipient", recipient_json(letter));
  json_t *relay = letter_relay_json(letter);

  letter_json_flag(object, "transfer_request", relay == NULL && must_forward(letter->organization_role));
  if (relay != NULL)
    json_object_set_new(object, "relay", relay);
  letter_json_flag(object, "urgent", any_kind(letter, notice_kind_is_urgent));
  letter_json_flag(object, "apology", any_kind(letter, apologises));
  set_notices(object, letter, style, parts);

  json_t *answer = letter_answer_json(letter, style, json_object_get(object, "notices"));

  if (answer != NULL)
    json_object_set_new(object, "answer", answer);
  letter_json_text(object, "audit_head", style->audit_head);
  json_object_set_new(object, "envelope", envelope_json(letter, style, object, parts));
  if (letter_webhook_is(letter))
    json_object_set_new(object, "webhook", letter_webhook_json(letter, style));
  return object;
}

json_t *letter_context_json(const OutboxLetter *letter, const LetterStyle *style)
{
  g_autoptr(GPtrArray) parts = context_part_array_new();
  json_t *object = letter_context_own(letter, style, parts);

  bool filled = context_part_fill(object, parts);

  g_assert(filled);
  return object;
}
