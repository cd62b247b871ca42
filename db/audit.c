#include "db/audit.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#define SALT_SIZE 32
#define HASH_SIZE crypto_generichash_BYTES /* 32 */
#define NUMBER_SIZE 24

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* What a hash is over, and what came out. */
typedef struct {
  gint64 id;
  const char *at;
  const char *day;
  const char *action;
  unsigned char digest[HASH_SIZE];
  unsigned char hash[HASH_SIZE];
} Row;

/* digest = BLAKE2b-256(salt ‖ payload) */
static void digest_payload(const unsigned char salt[static SALT_SIZE], const char *payload,
                           unsigned char ret_digest[static HASH_SIZE])
{
  crypto_generichash_state state;

  crypto_generichash_init(&state, NULL, 0, HASH_SIZE);
  crypto_generichash_update(&state, salt, SALT_SIZE);
  crypto_generichash_update(&state, (const unsigned char *)payload, strlen(payload));
  crypto_generichash_final(&state, ret_digest, HASH_SIZE);
}

/* A field with its length before it (8 bytes, most significant first): no two lists of fields give the same
 * bytes. */
static void add_field(crypto_generichash_state *state, const void *data, gsize size)
{
  guint64 length = GUINT64_TO_BE((guint64)size);

  crypto_generichash_update(state, (const unsigned char *)&length, sizeof length);
  crypto_generichash_update(state, data, size);
}

static void hash_row(const unsigned char previous[static HASH_SIZE], const Row *row,
                     unsigned char ret_hash[static HASH_SIZE])
{
  crypto_generichash_state state;
  char id[NUMBER_SIZE];

  g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT, row->id);
  crypto_generichash_init(&state, NULL, 0, HASH_SIZE);
  add_field(&state, previous, HASH_SIZE);
  add_field(&state, "1", 1);
  add_field(&state, id, strlen(id));
  add_field(&state, row->at, strlen(row->at));
  add_field(&state, row->day, strlen(row->day));
  add_field(&state, row->action, strlen(row->action));
  add_field(&state, row->digest, HASH_SIZE);
  crypto_generichash_final(&state, ret_hash, HASH_SIZE);
}

/* `payload` with who did it, keys sorted so that the same facts give the same bytes. */
static bool add_actor(const char *payload, const char *actor, char **ret_payload, GError **error)
{
  json_error_t said;
  g_autoptr(json_t) object = json_loads(payload, JSON_REJECT_DUPLICATES, &said);
  g_autoptr(json_t) name = json_string(actor);

  if (!json_is_object(object) || name == NULL) {
    g_set_error(error, DB_ERROR, DB_ERROR_FAILED, "the audit trail takes UTF-8 text alone: %s",
                object == NULL ? said.text : "the name of who acts is none");
    return false;
  }
  json_object_set(object, "actor", name);
  char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);

  *ret_payload = g_strdup(text);
  free(text);
  return true;
}

/* The end of the chain: its id and hash, 0 and zeros before the first row. */
static bool load_head(Db *db, gint64 *ret_id, unsigned char ret_hash[static HASH_SIZE], GError **error)
{
  static const DbQuery query = { "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1" };
  DbStatement *statement;
  bool row;

  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error)) {
    return false;
  }
  *ret_id = 0;
  memset(ret_hash, 0, HASH_SIZE);
  if (row) {
    gsize size;
    const void *hash = db_blob(statement, 1, &size);

    *ret_id = db_int(statement, 0);
    memcpy(ret_hash, hash, MIN(size, HASH_SIZE));
  }
  db_reset(statement);
  return true;
}

static bool insert_row(Db *db, const Row *row, GError **error)
{
  static const DbQuery query = { "INSERT INTO audit (id, version, at, day, action, digest, hash)"
                                 " VALUES ($1, 1, $2, $3, $4, $5, $6)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, row->id);
  db_bind_text(statement, 2, row->at);
  db_bind_text(statement, 3, row->day);
  db_bind_text(statement, 4, row->action);
  db_bind_blob(statement, 5, row->digest, HASH_SIZE);
  db_bind_blob(statement, 6, row->hash, HASH_SIZE);
  return db_run(statement, error);
}

static bool insert_payload(Db *db, gint64 id, const unsigned char *salt, const char *payload, GError **error)
{
  static const DbQuery query = { "INSERT INTO audit_payload (audit, salt, payload) VALUES ($1, $2, $3)" };
  DbStatement *statement;

  if (!db_prepare(db, &query, &statement, error)) {
    return false;
  }
  db_bind_int(statement, 1, id);
  db_bind_blob(statement, 2, salt, SALT_SIZE);
  db_bind_text(statement, 3, payload);
  return db_run(statement, error);
}

bool audit_append(Db *db, const AuditContext *context, const char *action, const char *payload,
                  GError **error)
{
  unsigned char salt[SALT_SIZE], previous[HASH_SIZE];
  char day[DAY_TEXT_SIZE];
  g_autofree char *full = NULL;
  Row row = { .at = context->now, .day = day_format(context->today, day), .action = action };
  gint64 last;

  g_assert(sodium_init() >= 0);
  if (!add_actor(payload, context->actor, &full, error) || !load_head(db, &last, previous, error)) {
    return false;
  }
  row.id = last + 1;
  randombytes_buf(salt, sizeof salt);
  digest_payload(salt, full, row.digest);
  hash_row(previous, &row, row.hash);
  return insert_row(db, &row, error) && insert_payload(db, row.id, salt, full, error);
}

/* True when the blob of `column` is `expected`. */
static bool column_is(DbStatement *statement, int column, const unsigned char expected[static HASH_SIZE])
{
  gsize size;
  const void *data = db_blob(statement, column, &size);

  return size == HASH_SIZE && memcmp(data, expected, HASH_SIZE) == 0;
}

/* Whether the row that `statement` stands on follows `previous`; moves `previous` on to it. */
static bool holds(DbStatement *statement, gint64 expected_id, unsigned char previous[static HASH_SIZE])
{
  Row row = { db_int(statement, 0), db_text(statement, 1), db_text(statement, 2), db_text(statement, 3) };
  gsize size;
  const void *digest = db_blob(statement, 4, &size);

  if (row.id != expected_id || size != HASH_SIZE) {
    return false;
  }
  memcpy(row.digest, digest, HASH_SIZE);
  hash_row(previous, &row, row.hash);
  if (!column_is(statement, 5, row.hash)) {
    return false;
  }
  memcpy(previous, row.hash, HASH_SIZE);
  if (db_is_null(statement, 6)) {
    return true; /* erased */
  }
  const unsigned char *salt = db_blob(statement, 6, &size);
  const char *payload = db_text(statement, 7);

  if (size != SALT_SIZE || payload == NULL) {
    return false;
  }
  digest_payload(salt, payload, row.digest);
  return column_is(statement, 4, row.digest);
}

bool audit_verify(Db *db, gint64 *ret_rows, gint64 *ret_bad_id, GError **error)
{
  static const DbQuery query = { "SELECT a.id, a.at, a.day, a.action, a.digest, a.hash, p.salt, p.payload"
                                 " FROM audit a LEFT JOIN audit_payload p ON p.audit = a.id ORDER BY a.id" };
  unsigned char previous[HASH_SIZE] = { 0 };
  gint64 rows = 0, bad = 0;
  DbStatement *statement;
  bool row;

  g_assert(sodium_init() >= 0);
  if (!db_prepare(db, &query, &statement, error) || !db_step(statement, &row, error)) {
    return false;
  }
  while (row) {
    rows++;
    if (bad == 0 && !holds(statement, rows, previous)) {
      bad = db_int(statement, 0);
    }
    if (!db_step(statement, &row, error)) {
      return false;
    }
  }
  *ret_rows = rows;
  *ret_bad_id = bad;
  return true;
}
