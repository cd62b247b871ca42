#include "notifier/mail/dossier_check.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/audit_check.h"
#include "db/audit_export.h"
#include "notifier/mail/dossier.h"
#include "notifier/mail/dossier_files.h"
#include "notifier/mail/letter_json.h"

void dossier_result_clear(DossierResult *result)
{
  g_free(result->subject);
  g_free(result->as_of);
  g_free(result->key);
}

G_GNUC_PRINTF(2, 3) static bool refuse(GError **error, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, DOSSIER_ERROR, DOSSIER_ERROR_FORM, message);
  return false;
}

/* Every file that the index names, as it says, and no other. */
static bool check_files(const char *folder, const json_t *index, GError **error)
{
  g_autoptr(json_t) files = NULL;
  json_t *said = json_object_get(index, "files"), *value;
  const char *name;

  if (!dossier_files_digest(folder, &files, error))
    return false;
  json_object_foreach(said, name, value)
  {
    if (json_object_get(files, name) == NULL)
      return refuse(error, "%s is missing", name);
    if (!json_equal(json_object_get(files, name), value))
      return refuse(error, "%s was changed: its SHA-256 is not what the index says", name);
  }
  json_object_foreach(files, name, value)
  {
    if (json_object_get(said, name) == NULL)
      return refuse(error, "%s does not belong to it: the index does not name it", name);
  }
  return true;
}

static bool check_index(const char *folder, json_t **ret_index, SignKeyPublic *ret_key, GError **error)
{
  g_autofree char *path = g_build_filename(folder, DOSSIER_INDEX, NULL);
  json_error_t problem;
  g_autoptr(json_t) index = json_load_file(path, 0, &problem);

  if (index == NULL)
    return refuse(error, "%s is no dossier's: %s", DOSSIER_INDEX, problem.text);

  gint64 version = json_integer_value(json_object_get(index, "kigen_dossier"));
  const char *key = letter_json_get(index, "public_key");

  if (version != DOSSIER_VERSION)
    return refuse(error, "%s is of version %d of a dossier; this kigen knows %d", DOSSIER_INDEX, (int)version,
                  DOSSIER_VERSION);
  if (!sign_key_public_parse(key != NULL ? key : "", ret_key, error) ||
      !dossier_files_verify(folder, ret_key, error) || !check_files(folder, index, error))
    return false;
  *ret_index = g_steal_pointer(&index);
  return true;
}

/* The chain holds, up to the head that the same key signed. */
static bool check_audit(const char *folder, const SignKeyPublic *key, GError **error)
{
  g_autofree char *path = g_build_filename(folder, DOSSIER_AUDIT, NULL);
  g_autoptr(AuditExport) export = NULL;
  g_auto(AuditResult) result = { 0 };
  SignKeyPublic own;
  AuditHead head;

  if (!audit_export_open(path, &export, error) ||
      !audit_check(audit_export_reader(export), NULL, NULL, &result, error))
    return false;
  if (result.verdict != AUDIT_HOLDS)
    return refuse(error, "%s, row %" G_GINT64_FORMAT ": %s", DOSSIER_AUDIT, result.id, result.detail);
  if (!audit_export_head(export, &head, &own))
    return refuse(error, "%s was cut off: its signed head is missing", DOSSIER_AUDIT);
  if (!audit_head_verify(&head, key, error))
    return false;
  if (head.point.id != result.end.id || memcmp(head.point.hash, result.end.hash, AUDIT_HASH_SIZE) != 0)
    return refuse(error, "%s does not end where its signed head says", DOSSIER_AUDIT);
  return true;
}

/* The set of `hash`, from `sets` or the folder; NULL where there is none. */
static bool find_set(const char *folder, GHashTable *sets, const char *hash, const TemplateSet **ret_set,
                     GError **error)
{
  TemplateSet *set = hash != NULL ? g_hash_table_lookup(sets, hash) : NULL;
  g_autoptr(GBytes) bytes = NULL;
  char *data;
  gsize size;

  if (set == NULL && hash != NULL && dossier_files_is_name(hash)) {
    g_autofree char *path = g_build_filename(folder, DOSSIER_SETS, hash, NULL);

    if (!g_file_get_contents(path, &data, &size, error))
      return false;
    bytes = g_bytes_new_take(data, size);
    if (!template_set_from_bytes(bytes, &set, error))
      return false;
    g_hash_table_insert(sets, g_strdup(hash), set);
    if (strcmp(template_set_hash(set), hash) != 0)
      return refuse(error, "%s/%s has another hash", DOSSIER_SETS, hash);
  }
  *ret_set = set;
  return true;
}

/* A line of messages.jsonl. */
typedef struct {
  const char *folder;
  GHashTable *sets;
  DossierTell tell;
  gpointer data;
  DossierResult *result;
} Checking;

static bool check_line(const Checking *checking, const char *line, gint64 number, GError **error)
{
  json_error_t problem;
  g_autoptr(json_t) record = json_loads(line, 0, &problem);
  g_autofree char *detail = NULL;
  const TemplateSet *set = NULL;
  DossierVerdict verdict = DOSSIER_DIFFERS;

  if (record == NULL)
    return refuse(error, "%s:%" G_GINT64_FORMAT ": %s", DOSSIER_MESSAGES, number, problem.text);
  if (!find_set(checking->folder, checking->sets, letter_json_get(record, "template_set"), &set, error) ||
      !dossier_record_verify(record, set, &verdict, &detail, error)) {
    g_prefix_error(error, "%s:%" G_GINT64_FORMAT ": ", DOSSIER_MESSAGES, number);
    return false;
  }
  checking->result->count[verdict]++;
  if (verdict != DOSSIER_SAME)
    checking->tell(json_integer_value(json_object_get(record, "id")), verdict, detail, checking->data);
  return true;
}

static bool check_lines(const Checking *checking, FILE *file, gint64 *ret_lines, GError **error)
{
  char *line = NULL;
  size_t room = 0;
  gint64 lines = 0;
  bool good = true;

  while (good && getline(&line, &room, file) >= 0)
    good = check_line(checking, line, ++lines, error);
  free(line);
  *ret_lines = lines;
  return good;
}

static bool check_messages(const Checking *checking, const json_t *index, GError **error)
{
  g_autofree char *path = g_build_filename(checking->folder, DOSSIER_MESSAGES, NULL);
  gint64 recipients = json_integer_value(json_object_get(index, "recipients")), lines = 0;
  FILE *file = g_fopen(path, "re");

  if (file == NULL) {
    g_set_error(error, DOSSIER_ERROR, DOSSIER_ERROR_FILE, "%s: %s", path, g_strerror(errno));
    return false;
  }

  bool good = check_lines(checking, file, &lines, error);

  fclose(file);
  return good && (lines == recipients ||
                  refuse(error, "%s has %" G_GINT64_FORMAT " messages, the index %" G_GINT64_FORMAT,
                         DOSSIER_MESSAGES, lines, recipients));
}

bool dossier_check(const char *folder, DossierTell tell, gpointer data, DossierResult *ret_result,
                   GError **error)
{
  g_auto(DossierResult) result = { 0 };
  g_autoptr(GHashTable) sets =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)template_set_free);
  Checking checking = { folder, sets, tell, data, &result };
  g_autoptr(json_t) index = NULL;
  SignKeyPublic key;

  if (!check_index(folder, &index, &key, error) || !check_audit(folder, &key, error) ||
      !check_messages(&checking, index, error))
    return false;
  result.subject = g_strdup(letter_json_get(index, "subject"));
  result.as_of = g_strdup(letter_json_get(index, "as_of"));
  result.key = sign_key_public_id(&key);
  *ret_result = result;
  result = (DossierResult){ 0 };
  return true;
}
