#include "notifier/mail/dossier.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "db/audit_export.h"
#include "db/maker_store.h"
#include "db/outbox_store.h"
#include "notifier/mail/dossier_files.h"
#include "notifier/mail/dossier_reach.h"
#include "notifier/mail/dossier_record.h"
#include "notifier/mail/letter_json.h"
#include "planner/outbox_life.h"

G_DEFINE_QUARK(kigen - dossier - error - quark, dossier_error)

/* The languages of index.LANGUAGE.html. */
static const char *const languages[] = { "ja", "en" };

/* A dossier in the making. */
typedef struct {
  Db *db;
  const DossierSubject *subject;
  const DossierTerms *terms;
  const char *folder;
  FILE *messages, *pages[G_N_ELEMENTS(languages)];
  GHashTable *sets;                  /* hashes of template sets that are written */
  gint64 states[OUTBOX_STATE_COUNT]; /* messages by state */
  json_t *coverage;                  /* dossier_reach_load */
} Making;

static void making_clear(Making *making)
{
  if (making->messages != NULL)
    fclose(making->messages);
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    if (making->pages[i] != NULL)
      fclose(making->pages[i]);
  g_clear_pointer(&making->sets, g_hash_table_unref);
  g_clear_pointer(&making->coverage, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

static bool fail(const char *name, GError **error)
{
  g_set_error(error, DOSSIER_ERROR, DOSSIER_ERROR_FILE, "%s: %s", name, g_strerror(errno));
  return false;
}

static bool open_file(const Making *making, const char *name, FILE **ret_file, GError **error)
{
  g_autofree char *path = g_build_filename(making->folder, name, NULL);

  *ret_file = g_fopen(path, "we");
  return *ret_file != NULL || fail(path, error);
}

static bool close_file(FILE **file, const char *name, GError **error)
{
  FILE *taken = g_steal_pointer(file);
  bool bad = ferror(taken) != 0;

  return (fclose(taken) == 0 && !bad) || fail(name, error);
}

static json_t *revision_json(const DossierRevision *row)
{
  json_t *object = json_object();

  letter_json_text(object, "what", row->what);
  letter_json_text(object, "name", row->name);
  letter_json_text(object, "market", row->market);
  json_object_set_new(object, "revision", json_integer(row->revision));
  letter_json_text(object, "state", row->state);
  letter_json_text(object, "author", row->author);
  letter_json_text(object, "approved_by", row->approved_by);
  letter_json_text(object, "approved_on", row->approved_on);
  letter_json_text(object, "published_by", row->published_by);
  letter_json_text(object, "published_on", row->published_on);
  letter_json_text(object, "withdrawn_by", row->withdrawn_by);
  letter_json_text(object, "withdrawn_on", row->withdrawn_on);
  letter_json_text(object, "reason", row->reason);
  return object;
}

static json_t *subject_json(const DossierSubject *subject)
{
  json_t *object = json_object(), *revisions = json_array();

  for (guint i = 0; i < subject->revisions->len; i++)
    json_array_append_new(revisions, revision_json(subject->revisions->pdata[i]));
  letter_json_text(object, "subject", subject->name);
  letter_json_text(object, "as_of", subject->as_of);
  json_object_set_new(object, "recipients", json_integer(subject->messages->len));
  json_object_set_new(object, "revisions", revisions);
  return object;
}

/* Adds template report/LANGUAGE/`name` of `context` to each page. */
static bool put_pages(const Making *making, const char *name, const json_t *context, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
    g_autofree char *path = g_strdup_printf("report/%s/%s.html", languages[i], name);
    g_autoptr(GString) html = g_string_new(NULL);

    if (!template_set_render(making->terms->templates, path, context, html, error))
      return false;
    if (fwrite(html->str, 1, html->len, making->pages[i]) != html->len)
      return fail("index.html", error);
  }
  return true;
}

static bool begin_pages(Making *making, GError **error)
{
  g_autoptr(json_t) context = subject_json(making->subject);
  g_autoptr(GHashTable) maker = NULL;

  if (!maker_store_load(making->db, &maker, error))
    return false;
  letter_json_text(context, "maker", g_hash_table_lookup(maker, "name_ja"));
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
    g_autofree char *name = g_strdup_printf("index.%s.html", languages[i]);

    if (!open_file(making, name, &making->pages[i], error))
      return false;
  }
  return put_pages(making, "dossier", context, error);
}

/* Writes the templates of a message, once for all that were made of them. */
static bool put_set(Making *making, const char *hash, GError **error)
{
  g_autoptr(GBytes) bytes = NULL;
  gsize size = 0;

  if (hash == NULL || !g_hash_table_add(making->sets, g_strdup(hash)))
    return true;
  if (!outbox_store_load_template_set(making->db, hash, &bytes, error))
    return false;
  if (bytes == NULL || !dossier_files_is_name(hash)) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "template set %s is not in the store", hash);
    return false;
  }

  g_autofree char *path = g_build_filename(making->folder, DOSSIER_SETS, hash, NULL);
  const char *data = g_bytes_get_data(bytes, &size);

  return g_file_set_contents_full(path, data, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0644, error);
}

static void count_state(Making *making, const json_t *record)
{
  OutboxState state;

  if (outbox_state_parse(letter_json_get(record, "state"), &state))
    making->states[state]++;
}

/* What a page's row shows besides the record: where it stands, in short. */
static void add_short(json_t *record)
{
  const json_t *events = json_object_get(record, "events");
  const json_t *last = json_array_get(events, json_array_size(events) - 1);

  letter_json_text(record, "last_at", letter_json_get(last, "at"));
  letter_json_text(record, "last_detail", letter_json_get(last, "detail"));
}

static bool put_message(Making *making, gint64 id, GError **error)
{
  g_autoptr(json_t) record = NULL;

  if (!dossier_record_load(making->db, id, making->terms->link_key, &record, error) ||
      !put_set(making, letter_json_get(record, "template_set"), error))
    return false;
  count_state(making, record);
  if (json_dumpf(record, making->messages, JSON_SORT_KEYS | JSON_COMPACT) != 0 ||
      putc('\n', making->messages) == EOF)
    return fail(DOSSIER_MESSAGES, error);
  add_short(record);
  return put_pages(making, "dossier-row", record, error);
}

static bool put_messages(Making *making, GError **error)
{
  const GArray *ids = making->subject->messages;
  const DbProgress *progress = making->terms->progress;

  if (!open_file(making, DOSSIER_MESSAGES, &making->messages, error))
    return false;
  for (guint i = 0; i < ids->len; i++) {
    if (!put_message(making, g_array_index(ids, gint64, i), error))
      return false;
    if (progress != NULL)
      progress->tick(progress->data, i + 1, ids->len);
  }
  return close_file(&making->messages, DOSSIER_MESSAGES, error);
}

static bool put_json(const Making *making, const char *name, const json_t *object, GError **error)
{
  g_autofree char *path = g_build_filename(making->folder, name, NULL);
  g_autofree char *text = json_dumps(object, JSON_SORT_KEYS | JSON_INDENT(2));

  return g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, error);
}

static bool put_coverage(Making *making, GError **error)
{
  return dossier_reach_load(making->db, making->subject, &making->coverage, error) &&
         put_json(making, DOSSIER_COVERAGE, making->coverage, error);
}

static bool end_pages(Making *making, GError **error)
{
  g_autoptr(json_t) context = subject_json(making->subject);

  json_object_set_new(context, "coverage", dossier_reach_page(making->coverage));
  if (!put_pages(making, "dossier-end", context, error))
    return false;
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    if (!close_file(&making->pages[i], "index.html", error))
      return false;
  return true;
}

static bool put_audit(Making *making, GError **error)
{
  FILE *file = NULL;
  gint64 rows = 0;

  if (!open_file(making, DOSSIER_AUDIT, &file, error))
    return false;

  bool done = audit_export_write_about(making->db, making->terms->sign_key, making->subject->as_of,
                                       making->subject->name, file, &rows, error);

  if (!done) {
    fclose(file);
    return false;
  }
  return close_file(&file, DOSSIER_AUDIT, error);
}

static json_t *states_json(const Making *making)
{
  json_t *object = json_object();

  for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
    if (making->states[i] > 0)
      json_object_set_new(object, outbox_state_key((OutboxState)i), json_integer(making->states[i]));
  return object;
}

/* Last of all: it knows every other file. */
static bool put_index(Making *making, GError **error)
{
  SignKeyPublic public_key = sign_key_public(making->terms->sign_key);
  g_autofree char *key = sign_key_public_format(&public_key);
  g_autoptr(json_t) index = subject_json(making->subject), files = NULL;

  if (!dossier_files_digest(making->folder, &files, error))
    return false;
  json_object_set_new(index, "kigen_dossier", json_integer(DOSSIER_VERSION));
  letter_json_text(index, "renderer", KIGEN_VERSION);
  letter_json_text(index, "public_key", key);
  json_object_set_new(index, "states", states_json(making));
  json_object_set_new(index, "coverage", dossier_reach_counts(making->coverage));
  json_object_set(index, "files", files);
  return put_json(making, DOSSIER_INDEX, index, error) &&
         dossier_files_sign(making->folder, making->terms->sign_key, error);
}

bool dossier_write(Db *db, const DossierSubject *subject, const DossierTerms *terms, const char *folder,
                   GError **error)
{
  g_auto(Making) making = { .db = db, .subject = subject, .terms = terms, .folder = folder };
  g_autofree char *sets = g_build_filename(folder, DOSSIER_SETS, NULL);

  making.sets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (g_mkdir(sets, 0755) != 0)
    return fail(sets, error);
  return begin_pages(&making, error) && put_messages(&making, error) && put_coverage(&making, error) &&
         end_pages(&making, error) && put_audit(&making, error) && put_index(&making, error);
}
