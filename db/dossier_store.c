#include "db/dossier_store.h"

G_DEFINE_QUARK(kigen - dossier - store - error - quark, dossier_store_error)

static void revision_free(DossierRevision *row)
{
  g_free(row->what);
  g_free(row->name);
  g_free(row->market);
  g_free(row->state);
  g_free(row->author);
  g_free(row->approved_by);
  g_free(row->approved_on);
  g_free(row->published_by);
  g_free(row->published_on);
  g_free(row->withdrawn_by);
  g_free(row->withdrawn_on);
  g_free(row->reason);
  g_free(row);
}

void dossier_subject_free(DossierSubject *subject)
{
  if (subject == NULL)
    return;
  g_free(subject->name);
  g_clear_pointer(&subject->revisions, g_ptr_array_unref);
  g_clear_pointer(&subject->messages, g_array_unref);
  g_free(subject->as_of);
  g_free(subject);
}

static void add_revision(DbStatement *statement, DossierSubject *subject)
{
  DossierRevision *row = g_new0(DossierRevision, 1);
  char **texts[] = { &row->what,         &row->name,         &row->market,       &row->state,
                     &row->author,       &row->approved_by,  &row->approved_on,  &row->published_by,
                     &row->published_on, &row->withdrawn_by, &row->withdrawn_on, &row->reason };

  for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
    *texts[i] = db_dup_text(statement, i);
  row->revision = (int)db_int(statement, (int)G_N_ELEMENTS(texts));
  g_ptr_array_add(subject->revisions, row);
}

static void add_message(DbStatement *statement, DossierSubject *subject)
{
  gint64 id = db_int(statement, 0);

  g_array_append_val(subject->messages, id);
}

static void set_as_of(DbStatement *statement, DossierSubject *subject)
{
  subject->as_of = db_dup_text(statement, 0);
}

/* Each row of `query` ($1 the name, $2 the revision) by `add`. */
static bool read_rows(Db *db, const DbQuery *query, int revision,
                      void (*add)(DbStatement *, DossierSubject *), DossierSubject *subject, GError **error)
{
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, query, &statement, error))
    return false;
  db_bind_text(statement, 1, subject->name);
  db_bind_int(statement, 2, revision);
  if (!db_step(statement, &row, error))
    return false;
  while (row) {
    add(statement, subject);
    if (!db_step(statement, &row, error))
      return false;
  }
  return true;
}

bool dossier_store_find(Db *db, const char *name, int revision, DossierSubject **ret_subject, GError **error)
{
  static const DbQuery revisions = {
    "SELECT 'plan', p.code || '/' || r.name, s.market, s.state, s.author, s.approved_by, s.approved_on, "
    "s.published_by,"
    " s.published_on, s.withdrawn_by, s.withdrawn_on, s.reason, s.revision FROM product p JOIN release r ON "
    "r.product = p.id"
    " JOIN support_plan s ON s.release = r.id WHERE p.code || '/' || r.name = $1 AND s.published_on IS NOT "
    "NULL"
    " AND ($2 = 0 OR s.revision = $2)"
    " UNION ALL SELECT 'advisory', v.number, v.market, v.state, v.author, v.approved_by, v.approved_on, "
    "v.published_by,"
    " v.published_on, v.withdrawn_by, v.withdrawn_on, v.reason, v.revision FROM advisory v WHERE v.number = "
    "$1"
    " AND v.published_on IS NOT NULL AND ($2 = 0 OR v.revision = $2) ORDER BY 1, 3, 13"
  };
  static const DbQuery messages = { "SELECT x.outbox FROM product p JOIN release r ON r.product = p.id JOIN "
                                    "support_plan s ON s.release = r.id"
                                    " JOIN notice n ON n.plan = s.id JOIN outbox_notice x ON x.notice = n.id "
                                    "WHERE p.code || '/' || r.name = $1"
                                    " AND ($2 = 0 OR s.revision = $2)"
                                    " UNION SELECT x.outbox FROM advisory v JOIN notice n ON n.advisory = "
                                    "v.id JOIN outbox_notice x ON x.notice = n.id"
                                    " WHERE v.number = $1 AND ($2 = 0 OR v.revision = $2) ORDER BY 1" };
  static const DbQuery as_of = {
    "SELECT max(t.at) FROM (SELECT (SELECT a.at FROM audit a ORDER BY a.id DESC LIMIT 1) AS at UNION ALL"
    " SELECT (SELECT e.at FROM outbox_event e ORDER BY e.id DESC LIMIT 1)) t WHERE ($1 <> '' OR $2 >= 0)"
  };
  g_autoptr(DossierSubject) subject = g_new0(DossierSubject, 1);

  subject->name = g_strdup(name);
  subject->revisions = g_ptr_array_new_with_free_func((GDestroyNotify)revision_free);
  subject->messages = g_array_new(FALSE, FALSE, sizeof(gint64));
  if (!read_rows(db, &revisions, revision, add_revision, subject, error) ||
      !read_rows(db, &messages, revision, add_message, subject, error) ||
      !read_rows(db, &as_of, revision, set_as_of, subject, error))
    return false;
  if (subject->revisions->len == 0 || subject->as_of == NULL) {
    g_set_error(error, DOSSIER_STORE_ERROR, DOSSIER_STORE_ERROR_ABSENT,
                "no published plan or advisory is %s%s: PRODUCT/RELEASE or an advisory's number (kigen "
                "report coverage, "
                "kigen advisory list)",
                name, revision != 0 ? ", in that revision" : "");
    return false;
  }
  *ret_subject = g_steal_pointer(&subject);
  return true;
}
