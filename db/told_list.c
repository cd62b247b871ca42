#include "db/told_list.h"

#include "db/acknowledgement_store.h"
#include "db/day_column.h"

static void clear_confirmation(ToldConfirmation *confirmation)
{
  g_free(confirmation->by);
  g_free(confirmation->title);
  g_free(confirmation->how);
}

void told_row_free(ToldRow *row)
{
  if (row == NULL)
    return;
  g_free(row->product_ja);
  g_free(row->product_en);
  g_free(row->release);
  g_free(row->advisory);
  g_free(row->advisory_ja);
  g_free(row->advisory_en);
  g_free(row->channel);
  g_free(row->person);
  g_free(row->department);
  for (int i = 0; i < ACKNOWLEDGEMENT_KIND_COUNT; i++)
    clear_confirmation(&row->confirmed[i]);
  g_free(row);
}

void told_presentation_free(ToldPresentation *presentation)
{
  if (presentation == NULL)
    return;
  g_free(presentation->product_ja);
  g_free(presentation->product_en);
  g_free(presentation->release);
  g_free(presentation->doc);
  g_free(presentation->how);
  g_free(presentation);
}

/* What organization $1 has or had, in whatever role. */
#define HAD "(SELECT DISTINCT release FROM holding WHERE organization = $1)"
/* When the message got where it is now: of what a distributor was asked to pass on, when that was done. */
#define CAME                                                                                                 \
  "CASE x.channel WHEN 'relay' THEN passed.day ELSE (SELECT max(e.day) FROM outbox_event e"                  \
  " WHERE e.outbox = x.id AND e.state IN ('accepted', 'sent', 'handed')) END"
#define MESSAGE                                                                                              \
  " JOIN outbox_notice xn ON xn.notice = n.id AND xn.organization = $1"                                      \
  " JOIN outbox x ON x.id = xn.outbox"                                                                       \
  " LEFT JOIN handover passed ON passed.outbox = x.id AND passed.organization = $1"                          \
  "  AND passed.step = 'relayed'"                                                                            \
  " LEFT JOIN contact c ON c.id = x.contact AND c.erased_on IS NULL AND x.channel <> 'relay'"
#define WENT                                                                                                 \
  " CASE x.channel WHEN 'relay' THEN passed.day IS NOT NULL"                                                 \
  " ELSE x.state IN ('accepted', 'sent', 'handed', 'bounced', 'returned') END"
#define CONFIRMED                                                                                            \
  " LEFT JOIN acknowledgement a ON a.notice = n.id AND a.organization = $1 AND a.kind = 'receipt'"           \
  " LEFT JOIN acknowledgement t ON t.notice = n.id AND t.organization = $1 AND t.kind = 'transfer'"
#define CONFIRMED_COLUMNS                                                                                    \
  "a.by, a.title, a.how, " ACKNOWLEDGEMENT_DAY_SQL("a") ", t.by, t.title, t.how, " ACKNOWLEDGEMENT_DAY_SQL(  \
      "t")
#define MESSAGE_COLUMNS                                                                                      \
  "x.channel, CASE x.channel WHEN 'relay' THEN 'handed' ELSE x.state END, " CAME                             \
  " AS came, c.name, c.department, " CONFIRMED_COLUMNS

static const DbQuery told_query = {
  "SELECT n.kind, p.name_ja, p.name_en, r.name, s.revision, s.eol, "
  "CASE n.extended_eos WHEN '' THEN s.eos ELSE n.extended_eos END, NULL, NULL, NULL, " MESSAGE_COLUMNS
  ", x.id AS message, n.id AS notice FROM " HAD " h CROSS JOIN support_plan s ON s.release = h.release"
  " CROSS JOIN notice n ON n.plan = s.id" MESSAGE CONFIRMED
  " JOIN release r ON r.id = s.release JOIN product p ON p.id = r.product WHERE" WENT
  " UNION ALL SELECT n.kind, NULL, NULL, NULL, v.revision, NULL, NULL, v.number, v.title_ja, v.title_en,"
  " " MESSAGE_COLUMNS ", x.id, n.id FROM (SELECT DISTINCT v.advisory FROM " HAD " h"
  " CROSS JOIN advisory_release v ON v.release = h.release) d CROSS JOIN advisory v ON v.id = d.advisory"
  " CROSS JOIN notice n ON n.advisory = v.id AND n.advisory IS NOT NULL" MESSAGE CONFIRMED " WHERE" WENT
  " ORDER BY came DESC, message DESC, notice LIMIT $2"
};

static PlanDate read_date(DbStatement *statement, int column)
{
  PlanDate date;

  return plan_date_from_store(db_text(statement, column), &date) ? date : (PlanDate){ 0 };
}

static void read_confirmation(DbStatement *statement, int column, ToldConfirmation *confirmation)
{
  confirmation->by = db_dup_text(statement, column);
  confirmation->title = db_dup_text(statement, column + 1);
  confirmation->how = db_dup_text(statement, column + 2);
  confirmation->day = day_column_read(statement, column + 3);
}

static bool read_words(DbStatement *statement, ToldRow *row, GError **error)
{
  if (notice_kind_parse(db_text(statement, 0), &row->kind) &&
      outbox_state_parse(db_text(statement, 11), &row->state))
    return true;
  g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "outbox: notice kind '%s' or state '%s' is none",
              db_text(statement, 0), db_text(statement, 11));
  return false;
}

static bool read_told(DbStatement *statement, GPtrArray *rows, GError **error)
{
  ToldRow *row = g_new0(ToldRow, 1);

  g_ptr_array_add(rows, row);
  row->product_ja = db_dup_text(statement, 1);
  row->product_en = db_dup_text(statement, 2);
  row->release = db_dup_text(statement, 3);
  row->revision = (int)db_int(statement, 4);
  row->eol = read_date(statement, 5);
  row->eos = read_date(statement, 6);
  row->advisory = db_dup_text(statement, 7);
  row->advisory_ja = db_dup_text(statement, 8);
  row->advisory_en = db_dup_text(statement, 9);
  row->channel = db_dup_text(statement, 10);
  row->day = day_column_read(statement, 12);
  row->person = db_dup_text(statement, 13);
  row->department = db_dup_text(statement, 14);
  read_confirmation(statement, 15, &row->confirmed[ACKNOWLEDGEMENT_RECEIPT]);
  read_confirmation(statement, 19, &row->confirmed[ACKNOWLEDGEMENT_TRANSFER]);
  return read_words(statement, row, error);
}

static bool read_presentation(DbStatement *statement, GPtrArray *rows, GError **error)
{
  ToldPresentation *row = g_new0(ToldPresentation, 1);

  g_ptr_array_add(rows, row);
  row->product_ja = db_dup_text(statement, 0);
  row->product_en = db_dup_text(statement, 1);
  row->release = db_dup_text(statement, 2);
  row->revision = (int)db_int(statement, 3);
  row->doc = db_dup_text(statement, 4);
  row->how = db_dup_text(statement, 5);
  row->day = day_column_read(statement, 6);
  return true;
}

static bool load(Db *db, const DbQuery *query, gint64 organization, guint max, GPtrArray *rows,
                 bool (*read)(DbStatement *, GPtrArray *, GError **), GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_int(statement, 1, organization);
  db_bind_int(statement, 2, max);
  for (;;) {
    if (!db_step(statement, &row, error))
      return false;
    if (!row)
      return true;
    if (!read(statement, rows, error)) {
      db_reset(statement);
      return false;
    }
  }
}

bool told_list_load(Db *db, gint64 organization, guint max, GPtrArray **ret_rows, GError **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)told_row_free);

  if (!load(db, &told_query, organization, max, rows, read_told, error))
    return false;
  *ret_rows = g_steal_pointer(&rows);
  return true;
}

bool told_list_presentations(Db *db, gint64 organization, guint max, GPtrArray **ret_rows, GError **error)
{
  static const DbQuery query = {
    "SELECT p.name_ja, p.name_en, r.name, s.revision, s.limited_support_doc, n.how, n.day FROM presentation n"
    " JOIN support_plan s ON s.id = n.plan JOIN release r ON r.id = s.release JOIN product p ON p.id = "
    "r.product"
    " WHERE n.organization = $1 ORDER BY n.day DESC, n.id DESC LIMIT $2"
  };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)told_presentation_free);

  if (!load(db, &query, organization, max, rows, read_presentation, error))
    return false;
  *ret_rows = g_steal_pointer(&rows);
  return true;
}
