#include "notifier/mail/sheet_print.h"

#include "db/outbox_move.h"
#include "notifier/mail/letter_json.h"

/* What one run shares. */
typedef struct {
  Db *db;
  const AuditContext *context;
  const LetterStyle *style;
  const TemplateSet *templates;
} Run;

/* One message: its page, and what the store is to know of it. */
typedef struct {
  SheetPage page; /* first: a list of them is one of pages */
  OutboxMove *message;
  OutboxContext *context; /* what is to be kept; NULL of a copy, and of what is left */
} Sheet;

static void sheet_free(Sheet *sheet)
{
  g_free(sheet->page.document_no);
  g_free(sheet->page.page);
  g_free(sheet->page.begin);
  g_free(sheet->page.reason);
  outbox_move_free(sheet->message);
  outbox_context_free(sheet->context);
  g_free(sheet);
}

static bool leave(Sheet *sheet, const char *reason)
{
  sheet->page.outcome = SHEET_LEFT;
  sheet->page.reason = g_strdup(reason);
  return true;
}

/* Leaves it for what is wrong with this one alone, so that the others are printed; else that is an error.
 * Takes *inner. */
static bool leave_own(Sheet *sheet, GError **inner, GError **error)
{
  if (letter_error_is_own(*inner))
    return leave(sheet, (*inner)->message);
  g_propagate_error(error, g_steal_pointer(inner));
  return false;
}

static char *document_no(const OutboxContext *context)
{
  g_autoptr(json_t) object = json_loads(context->context, 0, NULL);

  return g_strdup(letter_json_choose(letter_json_get(object, "document_no"), "?"));
}

static bool give(Sheet *sheet, const OutboxContext *context, GBytes *html, const char *copy)
{
  sheet->page.outcome = copy != NULL ? SHEET_COPY : SHEET_PRINTED;
  sheet->page.document_no = document_no(context);
  sheet->page.page = sheet_book_page(html, copy);
  sheet->page.begin = sheet_book_begin(html);
  return true;
}

static bool render_first(const Run *run, const OutboxLetter *letter, Sheet *sheet, GError **error)
{
  g_autoptr(GBytes) html = NULL;
  g_autoptr(GError) inner = NULL;

  if (sheet_freeze(letter, run->style, run->templates, &sheet->context, &html, &inner))
    return give(sheet, sheet->context, html, NULL);
  return leave_own(sheet, &inner, error);
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
static bool render_again(const Run *run, Sheet *sheet, GError **error)
{
  g_autoptr(OutboxContext) context = NULL;
  g_autoptr(GBytes) set_bytes = NULL, html = NULL;
  g_autoptr(TemplateSet) set = NULL;
  g_autoptr(GError) inner = NULL;

  if (!outbox_store_load_context(run->db, sheet->page.id, &context, error))
    return false;

  g_autofree char *reason = no_copy(context);

  if (reason != NULL)
    return leave(sheet, reason);
  if (!outbox_store_load_template_set(run->db, context->template_set, &set_bytes, error))
    return false;
  if (set_bytes == NULL)
    return leave(sheet, "its templates are not in the store");

  g_autofree char *mark = copy_mark(run, context);

  if (!template_set_from_bytes(set_bytes, &set, error))
    return false;
  if (letter_rebuild(context, set, run->style->key, &html, &inner))
    return give(sheet, context, html, mark);
  return leave_own(sheet, &inner, error);
}

static bool render_pending(const Run *run, Sheet *sheet, GError **error)
{
  g_autoptr(OutboxLetter) letter = NULL;

  if (!outbox_letter_load(run->db, sheet->page.id, NULL, &letter, error))
    return false;
  if (letter == NULL || letter->notices->len == 0)
    return leave(sheet, "all that it tells is overtaken by newer revisions");
  return render_first(run, letter, sheet, error);
}

static bool render_one(const Run *run, Sheet *sheet, GError **error)
{
  OutboxState next;

  if (!outbox_move_load(run->db, sheet->page.id, &sheet->message, error))
    return false;
  if (sheet->message == NULL)
    return leave(sheet, "there is no such message: kigen outbox list");
  if (!outbox_life_by_person(sheet->message->channel, sheet->message->state, OUTBOX_INPUT_PRINT, &next)) {
    g_autofree char *reason = g_strdup_printf("it goes by %s and is %s", sheet->message->channel,
                                              outbox_state_key(sheet->message->state));

    return leave(sheet, reason);
  }
  return sheet->message->state == OUTBOX_PENDING ? render_pending(run, sheet, error)
                                                 : render_again(run, sheet, error);
}

/* The sheets of `ids`: GPtrArray of Sheet. Reads only. */
static bool render(const Run *run, const GArray *ids, GPtrArray **ret_sheets, GError **error)
{
  g_autoptr(GPtrArray) sheets = g_ptr_array_new_with_free_func((GDestroyNotify)sheet_free);

  for (guint i = 0; i < ids->len; i++) {
    Sheet *sheet = g_new0(Sheet, 1);

    sheet->page.id = g_array_index(ids, gint64, i);
    g_ptr_array_add(sheets, sheet);
    if (!render_one(run, sheet, error))
      return false;
  }
  *ret_sheets = g_steal_pointer(&sheets);
  return true;
}

/* The same, of one state of the store, which is *ret_version. */
static bool render_ahead(const Run *run, const GArray *ids, GPtrArray **ret_sheets, gint64 *ret_version,
                         GError **error)
{
  if (!db_begin_read(run->db, error))
    return false;

  bool done = db_data_version(run->db, ret_version, error) && render(run, ids, ret_sheets, error);

  db_end_read(run->db);
  return done;
}

/* Whether both are the same on paper. */
static bool is_same(const GPtrArray *a, const GPtrArray *b)
{
  for (guint i = 0; i < a->len; i++) {
    const SheetPage *one = a->pdata[i], *other = b->pdata[i];

    if (one->outcome != other->outcome || g_strcmp0(one->page, other->page) != 0 ||
        g_strcmp0(one->begin, other->begin) != 0)
      return false;
  }
  return true;
}

/* What others have written since is looked at again; where it changes what is on paper, that is put anew. */
static bool catch_up(const Run *run, const GArray *ids, gint64 version, const SheetSink *sink, gpointer data,
                     GPtrArray **sheets, GError **error)
{
  g_autoptr(GPtrArray) now = NULL;
  gint64 present;

  if (!db_data_version(run->db, &present, error))
    return false;
  if (present == version)
    return true;
  if (!render(run, ids, &now, error))
    return false;
  if (!is_same(*sheets, now)) {
    sink->take_back(data);
    if (!sink->put(now, data, error))
      return false;
  }
  g_ptr_array_unref(*sheets);
  *sheets = g_steal_pointer(&now);
  return true;
}

/* The store learns of one that is on paper. */
static bool record(const Run *run, const Sheet *sheet, GError **error)
{
  const OutboxMove *message = sheet->message;

  if (sheet->page.outcome == SHEET_LEFT)
    return true;
  if (sheet->page.outcome == SHEET_COPY)
    return outbox_move(run->db, run->context, message, message->state, message->attempt, run->context->today,
                       "printed again, as a copy", error);
  return outbox_store_put_template_set(run->db, sheet->context->template_set,
                                       template_set_bytes(run->templates), error) &&
         outbox_store_put_context(run->db, message->id, sheet->context, error) &&
         outbox_move(run->db, run->context, message, OUTBOX_PRINTED, message->attempt + 1,
                     run->context->today, NULL, error);
}

static bool append_audit(const Run *run, const GPtrArray *sheets, GError **error)
{
  g_autoptr(json_t) printed = json_array(), copies = json_array();

  for (guint i = 0; i < sheets->len; i++) {
    const SheetPage *page = sheets->pdata[i];

    if (page->outcome != SHEET_LEFT)
      json_array_append_new(page->outcome == SHEET_COPY ? copies : printed, json_integer(page->id));
  }
  if (json_array_size(printed) + json_array_size(copies) == 0)
    return true;

  g_autoptr(json_t) payload = json_pack("{s:O, s:O}", "printed", printed, "copies", copies);
  g_autofree char *text = json_dumps(payload, JSON_COMPACT);

  return audit_append(run->db, run->context, "outbox.print", text, error);
}

static bool record_all(const Run *run, const GPtrArray *sheets, GError **error)
{
  for (guint i = 0; i < sheets->len; i++)
    if (!record(run, sheets->pdata[i], error))
      return false;
  return append_audit(run, sheets, error);
}

/* Paper first, then the store. */
static bool print_batch(const Run *run, const GArray *ids, const SheetSink *sink, gpointer data,
                        GError **error)
{
  g_autoptr(GPtrArray) sheets = NULL;
  gint64 version;

  if (!render_ahead(run, ids, &sheets, &version, error) || !sink->put(sheets, data, error))
    return false;
  if (!db_begin(run->db, error) || !catch_up(run, ids, version, sink, data, &sheets, error) ||
      !record_all(run, sheets, error) || !db_commit(run->db, error)) {
    db_rollback(run->db);
    sink->take_back(data);
    return false;
  }
  sink->keep(sheets, data);
  return true;
}

bool sheet_print(Db *db, const AuditContext *context, const LetterStyle *style, const TemplateSet *templates,
                 const GArray *ids, const SheetSink *sink, gpointer data, GError **error)
{
  Run run = { db, context, style, templates };

  for (guint i = 0; i < ids->len; i += SHEET_PRINT_BATCH) {
    g_autoptr(GArray) batch = g_array_new(FALSE, FALSE, sizeof(gint64));

    g_array_append_vals(batch, &g_array_index(ids, gint64, i), MIN(ids->len - i, SHEET_PRINT_BATCH));
    if (!print_batch(&run, batch, sink, data, error))
      return false;
  }
  return true;
}
