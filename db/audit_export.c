#include "db/audit_export.h"

#include "db/audit_log.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK(audit - export - error, audit_export_error)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditReader, audit_log_reader_free)

/* ---- writing ---- */

static json_t *text_json(AuditField field)
{
  return field.data != NULL ? json_stringn(field.data, field.size) : json_null();
}

static json_t *hex_json(AuditField field)
{
  if (field.data == NULL)
    return json_null();

  gsize size = 2 * field.size + 1;
  g_autofree char *text = g_malloc(size);

  return json_string(sodium_bin2hex(text, size, field.data, field.size));
}

static bool put_line(FILE *stream, json_t *object, GError **error)
{
  if (json_dumpf(object, stream, JSON_COMPACT | JSON_PRESERVE_ORDER) == 0 && putc('\n', stream) == '\n')
    return true;
  g_set_error(error, AUDIT_EXPORT_ERROR, AUDIT_EXPORT_ERROR_FILE, "cannot write the export: %s",
              g_strerror(errno));
  return false;
}

/* Row fields that are no UTF-8 make no JSON: such a row was never appended. */
static bool put_row(FILE *stream, const AuditRow *row, GError **error)
{
  g_autoptr(json_t) object =
      json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)row->id, "version",
                (json_int_t)row->version, "at", text_json(row->at), "day", text_json(row->day), "action",
                text_json(row->action), "digest", hex_json(row->digest), "hash", hex_json(row->hash), "salt",
                hex_json(row->salt), "payload", text_json(row->payload));

  if (object != NULL)
    return put_line(stream, object, error);
  g_set_error(error, AUDIT_EXPORT_ERROR, AUDIT_EXPORT_ERROR_FORM,
              "row %" G_GINT64_FORMAT " of the audit trail is damaged: 'kigen audit verify' says how",
              row->id);
  return false;
}

/* Leaves out what does not have `about` (NULL: everything has it) in its payload. */
static void keep_about(AuditRow *row, const char *about)
{
  if (about == NULL || row->payload.data == NULL ||
      memmem(row->payload.data, row->payload.size, about, strlen(about)) != NULL)
    return;
  row->payload = (AuditField){ 0 };
  row->salt = (AuditField){ 0 };
}

static bool put_rows(AuditReader *reader, const char *about, FILE *stream, gint64 *ret_rows, GError **error)
{
  gint64 rows = 0;
  AuditRow row;
  bool more;

  if (!reader->next(reader, &row, &more, error))
    return false;
  for (; more; rows++) {
    keep_about(&row, about);
    if (!put_row(stream, &row, error) || !reader->next(reader, &row, &more, error))
      return false;
  }
  *ret_rows = rows;
  return true;
}

static bool put_head(Db *db, const SignKey *key, const char *now, FILE *stream, GError **error)
{
  AuditPoint end;

  if (!audit_load_end(db, &end, error))
    return false;

  AuditHead head = audit_head_sign(key, &end, now);
  SignKeyPublic public_key = sign_key_public(key);
  g_autofree char *line = audit_head_format(&head);
  g_autofree char *text = sign_key_public_format(&public_key);
  g_autoptr(json_t) object = json_pack("{s:s, s:s}", "head", line, "public_key", text);

  return put_line(stream, object, error);
}

bool audit_export_write_about(Db *db, const SignKey *key, const char *now, const char *about, FILE *stream,
                              gint64 *ret_rows, GError **error)
{
  g_autoptr(AuditReader) reader = audit_log_reader_new(db);

  return put_rows(reader, about, stream, ret_rows, error) && put_head(db, key, now, stream, error);
}

bool audit_export_write(Db *db, const SignKey *key, const char *now, FILE *stream, gint64 *ret_rows,
                        GError **error)
{
  if (!db_begin_read(db, error))
    return false;

  bool done = audit_export_write_about(db, key, now, NULL, stream, ret_rows, error);

  db_end_read(db);
  return done;
}

/* ---- reading ---- */

/* The binary fields of a row. */
typedef struct {
  guint8 digest[AUDIT_HASH_SIZE], hash[AUDIT_HASH_SIZE], salt[AUDIT_SALT_SIZE];
} Bytes;

struct AuditExport {
  AuditReader base; /* first, so that the reader is the export */
  char *path;
  FILE *stream;
  char *line;
  size_t room;
  gint64 number; /* of the line, from 1 */
  json_t *row;   /* the present line, to which the row's texts belong */
  Bytes bytes;
  bool has_head;
  AuditHead head;
  SignKeyPublic public_key;
};

static bool fail_file(const char *path, GError **error)
{
  int saved = errno;
  g_autofree char *shown = g_filename_display_name(path);

  g_set_error(error, AUDIT_EXPORT_ERROR, AUDIT_EXPORT_ERROR_FILE, "cannot read the export %s: %s", shown,
              g_strerror(saved));
  return false;
}

static bool fail_line(const AuditExport *export, const char *what, GError **error)
{
  g_autofree char *shown = g_filename_display_name(export->path);

  g_set_error(error, AUDIT_EXPORT_ERROR, AUDIT_EXPORT_ERROR_FORM,
              "%s:%" G_GINT64_FORMAT ": %s: give a file that 'kigen audit export' wrote", shown,
              export->number, what);
  return false;
}

static AuditField read_text(json_t *row, const char *key)
{
  json_t *value = json_object_get(row, key);

  return (AuditField){ json_string_value(value), json_string_length(value) };
}

/* What is no such number of bytes gives an empty field, which does not hold. */
static AuditField read_hex(json_t *row, const char *key, guint8 *bytes, gsize size)
{
  AuditField text = read_text(row, key);
  gsize n = 0;

  if (text.data == NULL)
    return (AuditField){ NULL, 0 };
  if (text.size != 2 * size || sodium_hex2bin(bytes, size, text.data, text.size, NULL, &n, NULL) != 0)
    n = 0;
  return (AuditField){ bytes, n };
}

static AuditRow read_row(AuditExport *export)
{
  json_t *row = export->row;
  Bytes *bytes = &export->bytes;

  return (AuditRow){ .id = json_integer_value(json_object_get(row, "id")),
                     .version = json_integer_value(json_object_get(row, "version")),
                     .at = read_text(row, "at"),
                     .day = read_text(row, "day"),
                     .action = read_text(row, "action"),
                     .digest = read_hex(row, "digest", bytes->digest, sizeof bytes->digest),
                     .hash = read_hex(row, "hash", bytes->hash, sizeof bytes->hash),
                     .salt = read_hex(row, "salt", bytes->salt, sizeof bytes->salt),
                     .payload = read_text(row, "payload") };
}

/* The next line as `row`; *ret_more is false behind the last. */
static bool read_line(AuditExport *export, bool *ret_more, GError **error)
{
  errno = 0;
  gssize n = getline(&export->line, &export->room, export->stream);

  if (n < 0 && ferror(export->stream))
    return fail_file(export->path, error);
  g_clear_pointer(&export->row, json_decref);
  export->number++;
  *ret_more = n >= 0;
  if (n < 0)
    return true;
  export->row = json_loadb(export->line, (size_t)n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
  return json_is_object(export->row) || fail_line(export, "this line is no JSON object", error);
}

static bool read_head(AuditExport *export, const char *head, GError **error)
{
  const char *key = json_string_value(json_object_get(export->row, "public_key"));
  g_autoptr(GError) cause = NULL;
  bool more;

  if (!audit_head_parse(head, &export->head, &cause) ||
      !sign_key_public_parse(key != NULL ? key : "", &export->public_key, &cause))
    return fail_line(export, cause->message, error);
  if (!read_line(export, &more, error))
    return false;
  export->has_head = true;
  return !more || fail_line(export, "a line behind the head", error);
}

static bool next_row(AuditReader *base, AuditRow *ret_row, bool *ret_more, GError **error)
{
  AuditExport *export = (AuditExport *)base;
  bool more;

  if (!read_line(export, &more, error))
    return false;

  const char *head = more ? json_string_value(json_object_get(export->row, "head")) : NULL;

  if (head != NULL && !read_head(export, head, error))
    return false;
  *ret_more = more && head == NULL;
  if (*ret_more)
    *ret_row = read_row(export);
  return true;
}

static bool rewind_rows(AuditReader *base, GError **error)
{
  AuditExport *export = (AuditExport *)base;

  export->number = 0;
  export->has_head = false;
  return fseek(export->stream, 0, SEEK_SET) == 0 || fail_file(export->path, error);
}

bool audit_export_open(const char *path, AuditExport **ret_export, GError **error)
{
  FILE *stream = fopen(path, "re");

  if (stream == NULL)
    return fail_file(path, error);

  AuditExport *export = g_new0(AuditExport, 1);

  export->base = (AuditReader){ next_row, rewind_rows };
  export->path = g_strdup(path);
  export->stream = stream;
  *ret_export = export;
  return true;
}

void audit_export_free(AuditExport *export)
{
  if (export == NULL)
    return;
  fclose(export->stream);
  free(export->line);
  json_decref(export->row);
  g_free(export->path);
  g_free(export);
}

AuditReader *audit_export_reader(AuditExport *export)
{
  return &export->base;
}

bool audit_export_head(const AuditExport *export, AuditHead *ret_head, SignKeyPublic *ret_public)
{
  if (!export->has_head)
    return false;
  *ret_head = export->head;
  *ret_public = export->public_key;
  return true;
}
