#include "notifier/mail/sheet_print.h"

#include "db/outbox_move.h"
#include "notifier/mail/letter_json.h"

/* What one run shares. */
typedef struct {
  Db *db;
  const AuditContext *context;
  const LetterStyle *style;
  const TemplateSet *templates;
  SheetTake take;
  gpointer data;
  json_t *printed, *copies; /* ids, for the audit row */
} Run;

static bool leave(const Run *run, gint64 id, const char *reason, GError **error)
{
  return run->take(&(SheetPage){ .id = id, .outcome = SHEET_LEFT, .reason = reason }, run->data, error);
}

static char *document_no(const OutboxContext *context)
{
  g_autoptr(json_t) object = json_loads(context->context, 0, NULL);

  return g_strdup(letter_json_choose(letter_json_get(object, "document_no"), "?"));
}

static bool give(const Run *run, gint64 id, const OutboxContext *context, GBytes *html, const char *copy,
                 GError **error)
{
  g_autofree char *number = document_no(context);
  g_autofree char *page = sheet_book_page(html, copy);
  g_autofree char *begin = sheet_book_begin(html);

  json_array_append_new(copy != NULL ? run->copies : run->printed, json_integer(id));
  return run->take(&(SheetPage){ .id = id,
                                 .outcome = copy != NULL ? SHEET_COPY : SHEET_PRINTED,
                                 .document_no = number,
                                 .page = page,
                                 .begin = begin },
                   run->data, error);
}

/* Rendered, kept and moved on. */
static bool print_first(const Run *run, const OutboxMove *message, const OutboxLetter *letter, GError **error)
{
  g_autoptr(OutboxContext) context = NULL;
  g_autoptr(GBytes) html = NULL;
  g_autoptr(GError) inner = NULL;

  if (!sheet_freeze(letter, run->style, run->templates, &context, &html, &inner)) {
    if (letter_error_is_own(inner))
      return leave(run, message->id, inner->message, error);
    g_propagate_error(error, g_steal_pointer(&inner));
    return false;
  }
  return outbox_store_put_template_set(run->db, context->template_set, template_set_bytes(run->templates),
                                       error) &&
         outbox_store_put_context(run->db, message->id, context, error) &&
         outbox_move(run->db, run->context, message, OUTBOX_PRINTED, message->attempt + 1,
                     run->context->today, NULL, error) &&
         give(run, message->id, context, html, NULL, error);
}

static char *copy_mark(const Run *run, const OutboxContext *context)
{
  g_autoptr(json_t) object = json_loads(context->context, 0, NULL);
  bool english = g_strcmp0(letter_json_get(object, "language"), "en") == 0;
  char day[DAY_TEXT_SIZE];

  return g_strdup_printf(english ? "Copy, printed on %s" : "控え（写し）　再印刷 %s",
                         day_format(run->context->today, day));
}

/* Why what was printed cannot be printed again; NULL: it can. Own string. */
static char *no_copy(const OutboxContext *context)
{
  char day[DAY_TEXT_SIZE];

  if (context == NULL)
    return g_strdup("what it was printed from is not kept");
  if (context->erased_on != DAY_NONE)
    return g_strdup_printf("who it went to was erased on %s", day_format(context->erased_on, day));
  return NULL;
}

/* The page as it was; the digest is not compared, for a copy is marked as one. */
static bool print_again(const Run *run, const OutboxMove *message, GError **error)
{
  g_autoptr(OutboxContext) context = NULL;
  g_autoptr(GBytes) set_bytes = NULL, html = NULL;
  g_autoptr(TemplateSet) set = NULL;

  if (!outbox_store_load_context(run->db, message->id, &context, error))
    return false;

  g_autofree char *reason = no_copy(context);

  if (reason != NULL)
    return leave(run, message->id, reason, error);
  if (!outbox_store_load_template_set(run->db, context->template_set, &set_bytes, error))
    return false;
  if (set_bytes == NULL)
    return leave(run, message->id, "its templates are not in the store", error);

  g_autofree char *mark = copy_mark(run, context);

  return template_set_from_bytes(set_bytes, &set, error) &&
         letter_rebuild(context, set, run->style->key, &html, error) &&
         outbox_move(run->db, run->context, message, message->state, message->attempt, run->context->today,
                     "printed again, as a copy", error) &&
         give(run, message->id, context, html, mark, error);
}

static bool print_pending(const Run *run, const OutboxMove *message, GError **error)
{
  g_autoptr(OutboxLetter) letter = NULL;

  if (!outbox_letter_load(run->db, message->id, &letter, error))
    return false;
  if (letter == NULL || letter->notices->len == 0)
    return leave(run, message->id, "all that it tells is overtaken by newer revisions", error);
  return print_first(run, message, letter, error);
}

static bool print_one(const Run *run, gint64 id, GError **error)
{
  g_autoptr(OutboxMove) message = NULL;
  OutboxState next;

  if (!outbox_move_load(run->db, id, &message, error))
    return false;
  if (message == NULL)
    return leave(run, id, "there is no such message: kigen outbox list", error);
  if (!outbox_life_by_person(message->channel, message->state, OUTBOX_INPUT_PRINT, &next)) {
    g_autofree char *reason =
        g_strdup_printf("it goes by %s and is %s", message->channel, outbox_state_key(message->state));

    return leave(run, id, reason, error);
  }
  return message->state == OUTBOX_PENDING ? print_pending(run, message, error)
                                          : print_again(run, message, error);
}

static bool append_audit(const Run *run, GError **error)
{
  g_autoptr(json_t) payload = json_pack("{s:O, s:O}", "printed", run->printed, "copies", run->copies);
  g_autofree char *text = json_dumps(payload, JSON_COMPACT);

  if (json_array_size(run->printed) + json_array_size(run->copies) == 0)
    return true;
  return audit_append(run->db, run->context, "outbox.print", text, error);
}

bool sheet_print(Db *db, const AuditContext *context, const LetterStyle *style, const TemplateSet *templates,
                 const GArray *ids, SheetTake take, gpointer data, GError **error)
{
  g_autoptr(json_t) printed = json_array(), copies = json_array();
  Run run = { db, context, style, templates, take, data, printed, copies };

  for (guint i = 0; i < ids->len; i++)
    if (!print_one(&run, g_array_index(ids, gint64, i), error))
      return false;
  return append_audit(&run, error);
}
