#include "notifier/mail/deliver_render.h"

#include <string.h>

#include "notifier/mail/verp.h"

struct DeliverStyle {
  gint references;
  DeliverStyleOptions options; /* its strings are our own */
};

DeliverStyle *deliver_style_new(const DeliverStyleOptions *options)
{
  DeliverStyle *style = g_new0(DeliverStyle, 1);

  style->references = 1;
  style->options = *options;
  style->options.from_name = g_strdup(options->from_name);
  style->options.from_address = g_strdup(options->from_address);
  style->options.return_path = g_strdup(options->return_path);
  style->options.reply_to = g_strdup(options->reply_to);
  style->options.uid_domain = g_strdup(options->uid_domain);
  style->options.audit_head = g_strdup(options->audit_head);
  style->options.base_url = g_strdup(options->base_url);
  style->options.maker = g_hash_table_ref(options->maker);
  return style;
}

DeliverStyle *deliver_style_ref(DeliverStyle *style)
{
  g_atomic_int_inc(&style->references);
  return style;
}

void deliver_style_unref(DeliverStyle *style)
{
  if (style == NULL || !g_atomic_int_dec_and_test(&style->references))
    return;

  const char *const texts[] = { style->options.from_name,   style->options.from_address,
                                style->options.return_path, style->options.reply_to,
                                style->options.uid_domain,  style->options.audit_head,
                                style->options.base_url };

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free((char *)GPOINTER_TO_SIZE(texts[i])); /* ours, const in name only */
  g_hash_table_unref(style->options.maker);
  g_free(style);
}

/* The set that `context` was rendered with: the present one, or the one kept. *ret_old owns the latter. */
static bool find_set(Db *db, const DeliverStyle *style, const OutboxContext *context, TemplateSet **ret_old,
                     const TemplateSet **ret_set, GError **error)
{
  g_autoptr(GBytes) bytes = NULL;

  if (strcmp(context->template_set, template_set_hash(style->options.templates)) == 0) {
    *ret_set = style->options.templates;
    return true;
  }
  if (!outbox_store_load_template_set(db, context->template_set, &bytes, error))
    return false;
  if (bytes == NULL) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "template set %s of a message is not in the store",
                context->template_set);
    return false;
  }
  if (!template_set_from_bytes(bytes, ret_old, error))
    return false;
  *ret_set = *ret_old;
  return true;
}

/* The same bytes again. A newer program may render others from the same context: then those are what is kept.
 */
static bool thaw(Db *db, const DeliverStyle *style, DeliverItem *item, GError **error)
{
  g_autoptr(TemplateSet) old = NULL;
  const TemplateSet *set = NULL;

  if (!find_set(db, style, item->context, &old, &set, error) ||
      !letter_rebuild(item->context, set, style->options.key, &item->bytes, error))
    return false;
  g_free(item->context->sha256);
  item->context->sha256 = letter_digest(item->bytes);
  g_free(item->context->renderer);
  item->context->renderer = g_strdup(KIGEN_VERSION);
  return true;
}

static bool freeze(const DeliverStyle *style, LetterMemo *memo, const char *now, const OutboxLetter *letter,
                   DeliverItem *item, GError **error)
{
  LetterStyle letter_style = { .today = style->options.today,
                               .now = now,
                               .from_name = style->options.from_name,
                               .from_address = style->options.from_address,
                               .reply_to = style->options.reply_to,
                               .uid_domain = style->options.uid_domain,
                               .maker = style->options.maker,
                               .base_url = style->options.base_url,
                               .key = style->options.key,
                               .memo = memo,
                               .audit_head = style->options.audit_head };

  return letter_freeze(letter, &letter_style, style->options.templates, &item->context, &item->bytes, error);
}

/* Then it goes again as it was, or not at all: nobody must hold two wordings of one number. */
static bool may_have_arrived(const DeliverItem *item)
{
  return item->lease->tries.unknowns > 0 || item->lease->tries.before == OUTBOX_UNKNOWN;
}

static bool is_still_so(const DeliverItem *item, const OutboxLetter *letter, bool *ret_still, GError **error)
{
  if (!may_have_arrived(item))
    return letter_is_still(item->context, letter, ret_still, error);
  *ret_still = true;
  return true;
}

/* Renders what was kept, where that is still what is to be said. False in *ret_again: it is not. */
static bool render_again(Db *db, const DeliverStyle *style, const OutboxLetter *letter, DeliverItem *item,
                         bool *ret_again, GError **error)
{
  g_autoptr(GError) inner = NULL;
  bool still = false;

  if (item->context == NULL || (is_still_so(item, letter, &still, &inner) && !still)) {
    *ret_again = false;
    return true;
  }
  if (inner == NULL && thaw(db, style, item, &inner) &&
      letter_recipient(item->context, &item->recipient, &inner)) {
    *ret_again = true;
    return true;
  }
  if (may_have_arrived(item) || !g_error_matches(inner, LETTER_ERROR, LETTER_ERROR_CONTEXT)) {
    g_propagate_error(error, g_steal_pointer(&inner));
    return false;
  }
  *ret_again = false; /* what was kept is damaged, and nobody has it */
  return true;
}

static void clear(DeliverItem *item)
{
  g_clear_pointer(&item->context, outbox_context_free);
  g_clear_pointer(&item->bytes, g_bytes_unref);
  g_clear_pointer(&item->sender, g_free);
  g_clear_pointer(&item->recipient, g_free);
  g_clear_pointer(&item->reply, g_free);
  item->has_outcome = false;
}

static bool render(Db *db, const DeliverStyle *style, LetterMemo *memo, const char *now,
                   const OutboxLetter *letter, DeliverItem *item, GError **error)
{
  bool again = false;

  if (!outbox_store_load_context(db, item->lease->id, &item->context, error) ||
      !render_again(db, style, letter, item, &again, error))
    return false;
  if (again)
    return true;
  clear(item);
  if (!freeze(style, memo, now, letter, item, error))
    return false;
  item->recipient = g_strdup(letter_context_address(letter));
  return true;
}

static char *return_path(const DeliverStyle *style, const DeliverItem *item)
{
  const DeliverStyleOptions *options = &style->options;

  return options->verp ? verp_address(options->return_path, options->key, item->lease->id,
                                      item->lease->message_id, item->recipient)
                       : g_strdup(options->return_path);
}

/* It does not go. Takes `reply`. */
static void hold_back(DeliverItem *item, OutboxInput input, char *reply)
{
  clear(item);
  deliver_item_settle(item, input, reply);
}

bool deliver_render(Db *db, const DeliverStyle *style, LetterMemo *memo, const char *now, DeliverItem *item,
                    GError **error)
{
  g_autoptr(OutboxLetter) letter = NULL;
  g_autoptr(GError) inner = NULL;

  clear(item);
  if (!outbox_letter_load(db, item->lease->id, letter_memo_plans(memo), &letter, error))
    return false;
  if (letter == NULL || letter->notices->len == 0) {
    hold_back(item, OUTBOX_INPUT_SUPERSEDE, g_strdup("overtaken by a newer revision"));
    return true;
  }
  if (render(db, style, memo, now, letter, item, &inner)) {
    item->sender = return_path(style, item);
    return true;
  }
  if (!letter_error_is_own(inner)) {
    g_propagate_error(error, g_steal_pointer(&inner));
    return false;
  }
  hold_back(item, OUTBOX_INPUT_REFUSE, g_strdup_printf("not sent: %s", inner->message));
  return true;
}
