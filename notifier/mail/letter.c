#include "notifier/mail/letter.h"

#include <openssl/sha.h>
#include <string.h>

#include "notifier/mail/compose.h"
#include "notifier/mail/letter_answer.h"
#include "notifier/mail/letter_calendar.h"
#include "notifier/mail/letter_devices.h"
#include "notifier/mail/letter_json.h"
#include "notifier/mail/letter_relay.h"
#include "notifier/mail/letter_webhook.h"
#include "notifier/mail/sheet.h"

G_DEFINE_QUARK(kigen - letter - error - quark, letter_error)

#define ATTACHMENTS_MAX 3
#define TEXT_SIZE 16384           /* octets that most texts fit into */
#define HEAD_FIELD "X-Kigen-Head" /* where a program finds the signed head, the body being base64 */

/* What the templates made of a context. */
typedef struct {
  char *subject, *text, *html;
  GBytes *devices, *calendar, *relay; /* or NULL */
} Rendered;

static void rendered_clear(Rendered *rendered)
{
  g_free(rendered->subject);
  g_free(rendered->text);
  g_free(rendered->html);
  g_clear_pointer(&rendered->devices, g_bytes_unref);
  g_clear_pointer(&rendered->calendar, g_bytes_unref);
  g_clear_pointer(&rendered->relay, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rendered, rendered_clear)

bool letter_error_is_own(const GError *error)
{
  return error->domain == LETTER_ERROR || error->domain == COMPOSE_ERROR;
}

static bool refuse_context(const char *why, GError **error)
{
  g_set_error(error, LETTER_ERROR, LETTER_ERROR_CONTEXT, "the message's stored context cannot be used: %s",
              why);
  return false;
}

static bool render_part(const TemplateSet *templates, const json_t *context, const char *language,
                        const char *part, char **ret_text, GError **error)
{
  g_autofree char *name = g_strdup_printf("mail/%s/letter.%s", language, part);
  g_autoptr(GString) out = g_string_sized_new(TEXT_SIZE);

  if (!template_set_render(templates, name, context, out, error))
    return false;
  *ret_text = g_string_free(g_steal_pointer(&out), FALSE);
  return true;
}

static bool render(const TemplateSet *templates, const json_t *context, LetterMemo *memo,
                   Rendered *ret_rendered, GError **error)
{
  const char *language = letter_json_choose(letter_json_get(context, "language"), "ja");

  if (!render_part(templates, context, language, "subject", &ret_rendered->subject, error) ||
      !render_part(templates, context, language, "txt", &ret_rendered->text, error) ||
      !render_part(templates, context, language, "html", &ret_rendered->html, error) ||
      !letter_calendar_render(templates, context, letter_memo_blocks(memo), &ret_rendered->calendar, error))
    return false;
  ret_rendered->devices = letter_devices_csv(context);
  ret_rendered->relay = letter_relay_csv(context);
  return true;
}

/* Puts what there is to attach into `attachments`; how many. */
static gsize attach(const Rendered *rendered, MailAttachment attachments[static ATTACHMENTS_MAX])
{
  gsize n = 0;

  if (rendered->relay != NULL)
    attachments[n++] = (MailAttachment){ "relay-report.csv", "text/csv; charset=utf-8", rendered->relay };
  if (rendered->devices != NULL)
    attachments[n++] = (MailAttachment){ "devices.csv", "text/csv; charset=utf-8", rendered->devices };
  if (rendered->calendar != NULL)
    attachments[n++] =
        (MailAttachment){ "milestones.ics", "text/calendar; charset=utf-8", rendered->calendar };
  return n;
}

static bool compose(const json_t *context, const Rendered *rendered, const OutboxContext *frozen,
                    GBytes **ret_bytes, GError **error)
{
  const json_t *envelope = json_object_get(context, "envelope");
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(frozen->date, NULL);
  MailAttachment attachments[ATTACHMENTS_MAX];
  MailHeader head = { HEAD_FIELD, letter_json_get(context, "audit_head") };
  MailMessage message = { .from_name = letter_json_get(envelope, "from_name"),
                          .from_address = letter_json_get(envelope, "from"),
                          .to_name = letter_json_get(envelope, "to_name"),
                          .to_address = letter_json_get(envelope, "to"),
                          .reply_to = letter_json_get(envelope, "reply_to"),
                          .subject = rendered->subject,
                          .message_id = letter_json_get(envelope, "message_id"),
                          .boundary_seed = frozen->boundary_seed,
                          .text = rendered->text,
                          .html = rendered->html,
                          .attachments = attachments,
                          .n_attachments = attach(rendered, attachments),
                          .headers = &head,
                          .n_headers = head.value != NULL ? 1 : 0 };

  if (date == NULL)
    return refuse_context("its date is none", error);
  message.date = g_date_time_to_unix(date);
  return compose_message(&message, ret_bytes, error);
}

/* What is the letter's own, without its parts. */
static json_t *parse_own(const OutboxContext *context, GError **error)
{
  json_error_t problem;
  json_t *object = json_loads(context->context, 0, &problem);

  if (json_is_object(object))
    return object;
  json_decref(object);
  refuse_context("not a JSON object", error);
  return NULL;
}

json_t *letter_parse(const OutboxContext *context, GError **error)
{
  bool whole = false;
  g_autoptr(json_t) object = context_part_parse(context, &whole);

  if (object != NULL && whole)
    return g_steal_pointer(&object);
  refuse_context(object == NULL ? "not a JSON object" : "a part of it is missing", error);
  return NULL;
}

/* Puts link and codes in, where the letter has them. */
static bool reveal(json_t *object, const LinkKey *key, GError **error)
{
  if (!letter_answer_needs_key(object))
    return true;
  if (key == NULL) {
    g_set_error_literal(error, LETTER_ERROR, LETTER_ERROR_KEY,
                        "its acknowledgement link and codes cannot be made again: the link key is missing");
    return false;
  }
  letter_answer_reveal(object, key);
  return true;
}

char *letter_digest(GBytes *bytes)
{
  static const char digits[] = "0123456789abcdef";
  guint8 digest[SHA256_DIGEST_LENGTH];
  gsize size = 0;
  const guint8 *data = g_bytes_get_data(bytes, &size);
  char *text = g_malloc(2 * sizeof digest + 1);

  SHA256(data, size, digest); /* several times as fast as GLib's where the processor knows it */
  for (gsize i = 0; i < sizeof digest; i++) {
    text[2 * i] = digits[digest[i] >> 4];
    text[2 * i + 1] = digits[digest[i] & 15];
  }
  text[2 * sizeof digest] = '\0';
  return text;
}

/* What `object` is rendered to, the JSON of `context`: link and codes are put into it. */
static bool make_bytes(json_t *object, const OutboxContext *context, const TemplateSet *templates,
                       const LinkKey *key, LetterMemo *memo, GBytes **ret_bytes, GError **error)
{
  g_auto(Rendered) rendered = { 0 };

  if (!reveal(object, key, error))
    return false;
  if (sheet_is(object))
    return sheet_render(object, templates, ret_bytes, error);
  if (!render(templates, object, memo, &rendered, error))
    return false;
  if (json_object_get(object, "webhook") == NULL)
    return compose(object, &rendered, context, ret_bytes, error);
  *ret_bytes = letter_webhook_body(object, rendered.subject, rendered.text);
  return true;
}

bool letter_rebuild(const OutboxContext *context, const TemplateSet *templates, const LinkKey *key,
                    GBytes **ret_bytes, GError **error)
{
  g_autoptr(json_t) object = letter_parse(context, error);

  return object != NULL && make_bytes(object, context, templates, key, NULL, ret_bytes, error);
}

OutboxContext *letter_freeze_context(const json_t *object, const GPtrArray *parts, const OutboxLetter *letter,
                                     const LetterStyle *style, const TemplateSet *templates)
{
  OutboxContext *context = g_new0(OutboxContext, 1);

  context->parts = context_part_to_store(parts);
  context->context = json_dumps(object, JSON_COMPACT); /* by malloc, as GLib's strings are */
  context->date = g_strdup(style->now);
  context->boundary_seed = g_strdup(letter->message_id);
  context->template_set = g_strdup(template_set_hash(templates));
  context->renderer = g_strdup(KIGEN_VERSION);
  return context;
}

bool letter_freeze(const OutboxLetter *letter, const LetterStyle *style, const TemplateSet *templates,
                   OutboxContext **ret_context, GBytes **ret_bytes, GError **error)
{
  const char *address = letter_context_address(letter);

  if (address == NULL || address[0] == '\0') {
    g_set_error(error, LETTER_ERROR, LETTER_ERROR_ADDRESS, "%s has no %s: set one, or another channel",
                letter->name != NULL ? letter->name : letter->organization_name_ja,
                letter_webhook_is(letter) ? "webhook" : "e-mail address");
    return false;
  }

  g_autoptr(GPtrArray) parts = context_part_array_new();
  g_autoptr(json_t) object = letter_context_own(letter, style, parts);
  g_autoptr(OutboxContext) context = letter_freeze_context(object, parts, letter, style, templates);
  GBytes *bytes = NULL;

  bool filled = context_part_fill(object, parts);

  g_assert(filled);
  if (!make_bytes(object, context, templates, style->key, style->memo, &bytes, error))
    return false;
  context->sha256 = letter_digest(bytes);
  *ret_context = g_steal_pointer(&context);
  *ret_bytes = bytes;
  return true;
}

/* True when `notices` are those of `letter`, in its order. */
static bool same_notices(const json_t *notices, const OutboxLetter *letter)
{
  if (json_array_size(notices) != letter->notices->len)
    return false;
  for (guint i = 0; i < letter->notices->len; i++) {
    const OutboxNotice *notice = letter->notices->pdata[i];

    if (json_integer_value(json_object_get(json_array_get(notices, i), "id")) != notice->id)
      return false;
  }
  return true;
}

bool letter_is_still(const OutboxContext *context, const OutboxLetter *letter, bool *ret_still,
                     GError **error)
{
  g_autoptr(json_t) object = parse_own(context, error);
  const char *to = letter_json_get(json_object_get(object, "envelope"), "to");

  if (object == NULL)
    return false;
  *ret_still = g_strcmp0(to, letter_context_address(letter)) == 0 &&
               same_notices(json_object_get(object, "notices"), letter);
  return true;
}

bool letter_recipient(const OutboxContext *context, char **ret_address, GError **error)
{
  g_autoptr(json_t) object = parse_own(context, error);
  const char *to = letter_json_get(json_object_get(object, "envelope"), "to");

  if (object == NULL || to == NULL)
    return object != NULL && refuse_context("it has no recipient", error);
  *ret_address = g_strdup(to);
  return true;
}
