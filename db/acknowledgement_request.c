#include "db/acknowledgement_request.h"

#include "db/day_column.h"

static void item_free(AcknowledgementItem *item)
{
  g_free(item->organization_code);
  g_free(item->organization_name_ja);
  g_free(item->organization_name_en);
  g_free(item->product);
  g_free(item->product_name_ja);
  g_free(item->product_name_en);
  g_free(item->release);
  g_free(item);
}

void acknowledgement_request_free(AcknowledgementRequest *request)
{
  if (request == NULL)
    return;
  g_free(request->message_id);
  g_free(request->contact);
  g_free(request->language);
  g_clear_pointer(&request->items, g_ptr_array_unref);
  g_free(request);
}

static AcknowledgementItem *read_item(DbStatement *statement)
{
  AcknowledgementItem *item = g_new0(AcknowledgementItem, 1);

  item->notice = db_int(statement, 0);
  if (!notice_kind_parse(db_text(statement, 1), &item->kind))
    item->kind = NOTICE_PLAN_ANNOUNCEMENT; /* a CHECK holds it; what another program broke asks for receipt */
  item->due_on = day_column_read(statement, 2);
  item->organization = db_int(statement, 3);
  item->organization_code = db_dup_text(statement, 4);
  item->organization_name_ja = db_dup_text(statement, 5);
  item->organization_name_en = db_dup_text(statement, 6);
  item->product = db_dup_text(statement, 7);
  item->product_name_ja = db_dup_text(statement, 8);
  item->product_name_en = db_dup_text(statement, 9);
  item->release = db_dup_text(statement, 10);
  for (AcknowledgementKind kind = 0; kind < ACKNOWLEDGEMENT_KIND_COUNT; kind++) {
    item->asked[kind] = acknowledgement_is_asked(kind, item->kind);
    item->given[kind] = db_int(statement, kind == ACKNOWLEDGEMENT_RECEIPT ? 12 : 13) != 0;
  }
  item->eos = item->asked[ACKNOWLEDGEMENT_TRANSFER] ? day_column_read(statement, 11) : DAY_NONE;
  item->holds = db_int(statement, 14) != 0;
  return item;
}

#define TOLD_EOS ACKNOWLEDGEMENT_EOS_SQL("n", "s")

/* clang-format off */
/* Of x (notice, organization), whatever it is. */
#define ITEMS(x)                                                                                             \
  "SELECT n.id, n.kind, n.due_on, g.id, g.code, g.name_ja, g.name_en,"                                       \
  " coalesce(p.code, v.number), coalesce(p.name_ja, v.title_ja), coalesce(p.name_en, v.title_en), r.name, "  \
  TOLD_EOS ", EXISTS (SELECT 1 FROM acknowledgement a WHERE a.notice = n.id AND a.organization = g.id"       \
  "  AND a.kind = 'receipt'), "                                                                              \
  ACKNOWLEDGEMENT_TRANSFERRED_SQL("s.release", "s.market", TOLD_EOS, "g.id")                                 \
  ", EXISTS (SELECT 1 FROM support_plan now WHERE now.release = s.release AND now.market = s.market"         \
  "  AND now.state = 'published' AND (n.extended_eos <> '' OR now.eos = s.eos))"                             \
  " FROM " x " JOIN notice n ON n.id = x.notice JOIN organization g ON g.id = x.organization"                \
  " LEFT JOIN support_plan s ON s.id = n.plan LEFT JOIN release r ON r.id = s.release"                       \
  " LEFT JOIN product p ON p.id = r.product LEFT JOIN advisory v ON v.id = n.advisory"
#define ORDER " ORDER BY g.code, coalesce(p.code, v.number), r.name, n.due_on, n.id"

static const DbQuery of_message = { ITEMS("outbox_notice x") " WHERE x.outbox = $1" ORDER };
static const DbQuery of_organization = {
  ITEMS("(SELECT DISTINCT y.notice AS notice, y.organization AS organization FROM outbox_notice y"
        " JOIN outbox o ON o.id = y.outbox AND o.state <> 'superseded' WHERE y.organization = $1) x") ORDER
};
/* clang-format on */

/* `query` with $1 the message or the organization. */
static bool load_items(Db *db, const DbQuery *query, gint64 id, GPtrArray **ret_items, GError **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, id);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    g_ptr_array_add(items, read_item(statement));
    if (!db_step(statement, &row, error))
      return false;
  }
  *ret_items = g_steal_pointer(&items);
  return true;
}

static bool load_message(Db *db, gint64 message, AcknowledgementRequest **ret_request, GError **error)
{
  static const DbQuery query = {
    "SELECT x.message_id, x.state, x.due_on, CASE WHEN c.erased_on IS NULL THEN c.name END,"
    " coalesce(CASE WHEN c.erased_on IS NULL THEN c.language END, g.language)"
    " FROM outbox x JOIN organization g ON g.id = x.organization LEFT JOIN contact c ON c.id = x.contact"
    " WHERE x.id = $1"
  };
  AcknowledgementRequest *request = NULL;
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, message);
  if (!db_step(statement, &row, error))
    return false;
  if (row) {
    request = g_new0(AcknowledgementRequest, 1);
    request->message = message;
    request->message_id = db_dup_text(statement, 0);
    if (!outbox_state_parse(db_text(statement, 1), &request->state))
      request->state = OUTBOX_UNKNOWN;
    request->due_on = day_column_read(statement, 2);
    request->contact = db_dup_text(statement, 3);
    request->language = db_dup_text(statement, 4);
  }
  db_reset(statement);
  *ret_request = request;
  return true;
}

bool acknowledgement_request_load(Db *db, gint64 message, AcknowledgementRequest **ret_request,
                                  GError **error)
{
  g_autoptr(AcknowledgementRequest) request = NULL;

  if (!load_message(db, message, &request, error) ||
      (request != NULL && !load_items(db, &of_message, message, &request->items, error)))
    return false;
  if (request != NULL && request->items->len == 0)
    g_clear_pointer(&request, acknowledgement_request_free);
  *ret_request = g_steal_pointer(&request);
  return true;
}

/* True when a later item asks the same transfer of the same organization. */
static bool is_asked_again(const GPtrArray *items, guint index)
{
  const AcknowledgementItem *item = items->pdata[index];

  for (guint i = index + 1; i < items->len; i++) {
    const AcknowledgementItem *later = items->pdata[i];

    if (later->asked[ACKNOWLEDGEMENT_TRANSFER] && later->holds && later->eos == item->eos &&
        g_strcmp0(later->product, item->product) == 0 && g_strcmp0(later->release, item->release) == 0)
      return true;
  }
  return false;
}

/* A plan that was overtaken is not asked about any more; what is told of no plan holds. */
static bool is_worth_asking(const GPtrArray *items, guint index)
{
  const AcknowledgementItem *item = items->pdata[index];

  if (item->asked[ACKNOWLEDGEMENT_TRANSFER])
    return item->holds && !item->given[ACKNOWLEDGEMENT_TRANSFER] && item->eos != DAY_NONE &&
           !is_asked_again(items, index);
  return item->asked[ACKNOWLEDGEMENT_RECEIPT] && !item->given[ACKNOWLEDGEMENT_RECEIPT] &&
         (item->holds || item->release == NULL);
}

bool acknowledgement_request_of_organization(Db *db, gint64 organization,
                                             AcknowledgementRequest **ret_request, GError **error)
{
  g_autoptr(AcknowledgementRequest) request = g_new0(AcknowledgementRequest, 1);

  if (!load_items(db, &of_organization, organization, &request->items, error))
    return false;
  for (guint i = request->items->len; i > 0; i--)
    if (!is_worth_asking(request->items, i - 1))
      g_ptr_array_remove_index(request->items, i - 1);
  *ret_request = g_steal_pointer(&request);
  return true;
}

void acknowledgement_request_keep(AcknowledgementRequest *request, gint64 organization)
{
  for (guint i = request->items->len; i > 0; i--) {
    const AcknowledgementItem *item = request->items->pdata[i - 1];

    if (item->organization != organization)
      g_ptr_array_remove_index(request->items, i - 1);
  }
}

bool acknowledgement_request_by_token(Db *db, const LinkKey *key, const char *token,
                                      AcknowledgementRequest **ret_request, GError **error)
{
  g_autoptr(AcknowledgementRequest) request = NULL;
  const char *secret = NULL;
  gint64 message = 0;

  if (acknowledgement_link_parse(token, &message, &secret)) {
    if (!acknowledgement_request_load(db, message, &request, error))
      return false;
    if (request != NULL && !acknowledgement_link_token_is(key, message, request->message_id, secret))
      g_clear_pointer(&request, acknowledgement_request_free);
  }
  *ret_request = g_steal_pointer(&request);
  return true;
}

/* Leaves of `request` what `code` stands for; false: nothing. */
static bool keep_what_it_means(AcknowledgementRequest *request, const LinkKey *key, const ShortCode *code)
{
  ShortCode all = acknowledgement_link_code(key, request->message, request->message_id);

  if (short_code_equal(&all, code))
    return true;
  for (guint i = 0; i < request->items->len; i++) {
    const AcknowledgementItem *item = request->items->pdata[i];
    ShortCode one = acknowledgement_link_code_of(key, request->message, request->message_id, item->notice,
                                                 item->organization);

    if (short_code_equal(&one, code)) {
      g_ptr_array_remove_range(request->items, i + 1, request->items->len - i - 1);
      g_ptr_array_remove_range(request->items, 0, i);
      return true;
    }
  }
  return false;
}

bool acknowledgement_request_by_code(Db *db, const LinkKey *key, const ShortCode *code,
                                     AcknowledgementRequest **ret_request, GError **error)
{
  g_autoptr(AcknowledgementRequest) request = NULL;

  if (!acknowledgement_request_load(db, code->message, &request, error))
    return false;
  if (request != NULL && !keep_what_it_means(request, key, code))
    g_clear_pointer(&request, acknowledgement_request_free);
  *ret_request = g_steal_pointer(&request);
  return true;
}

bool acknowledgement_request_is_open(const AcknowledgementItem *item, AcknowledgementKind kind)
{
  return !item->given[kind] &&
         (kind == ACKNOWLEDGEMENT_RECEIPT || (item->asked[kind] && item->holds && item->eos != DAY_NONE));
}

bool acknowledgement_request_any_open(const AcknowledgementRequest *request, AcknowledgementKind kind)
{
  for (guint i = 0; i < request->items->len; i++)
    if (acknowledgement_request_is_open(request->items->pdata[i], kind))
      return true;
  return false;
}

bool acknowledgement_request_contact(Db *db, const AcknowledgementRequest *request, const char *email,
                                     char **ret_name, GError **error)
{
  static const DbQuery query = { "SELECT c.name FROM outbox x LEFT JOIN outbox_notice n ON n.outbox = x.id"
                                 " LEFT JOIN organization g ON g.id = n.organization"
                                 " JOIN contact c ON c.organization IN (x.organization, g.id, g.parent)"
                                 " WHERE x.id = $1 AND lower(c.email) = $2 AND c.erased_on IS NULL"
                                 " ORDER BY c.id = x.contact DESC, c.id LIMIT 1" };
  g_autofree char *lower = g_ascii_strdown(email, -1);
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error))
    return false;
  db_bind_int(statement, 1, request->message);
  db_bind_text(statement, 2, lower);
  if (!db_step(statement, &row, error))
    return false;
  *ret_name = row ? db_dup_text(statement, 0) : NULL;
  db_reset(statement);
  return true;
}

/* Two notices of one EOS ask for one transfer. */
static bool is_given_by_now(Db *db, const AcknowledgementEntry *entry, bool *ret_given, GError **error)
{
  g_autoptr(Acknowledgement) same = NULL;

  if (!acknowledgement_store_same(db, entry->notice, entry->organization, entry->kind, &same, error))
    return false;
  *ret_given = same != NULL;
  return true;
}

bool acknowledgement_request_record(Db *db, const AuditContext *context,
                                    const AcknowledgementRequest *request,
                                    const AcknowledgementAnswer *answer, GArray **ret_ids, GError **error)
{
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (guint i = 0; i < request->items->len; i++) {
    const AcknowledgementItem *item = request->items->pdata[i];
    AcknowledgementEntry entry = { .notice = item->notice,
                                   .organization = item->organization,
                                   .kind = answer->kind,
                                   .person = answer->person,
                                   .title = answer->title,
                                   .how = answer->how,
                                   .day = answer->day != DAY_NONE ? answer->day : context->today,
                                   .note = answer->note,
                                   .by_itself = answer->by_itself };
    bool given = false;
    gint64 id = 0;

    if (!acknowledgement_request_is_open(item, answer->kind))
      continue;
    if (!is_given_by_now(db, &entry, &given, error) ||
        (!given && !acknowledgement_store_add(db, context, &entry, &id, error)))
      return false;
    if (!given)
      g_array_append_val(ids, id);
  }
  *ret_ids = g_steal_pointer(&ids);
  return true;
}
