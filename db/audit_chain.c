#include "db/audit_chain.h"

#include <sodium.h>
#include <string.h>

#define NUMBER_SIZE 24
#define LENGTH_SIZE 8
#define ROOM 1024 /* a row's fields nearly always fit */

G_STATIC_ASSERT(AUDIT_HASH_SIZE == crypto_generichash_BYTES);

AuditField audit_field_text(const char *text)
{
  return (AuditField){ text, text != NULL ? strlen(text) : 0 };
}

bool audit_field_equal(AuditField a, AuditField b)
{
  return a.size == b.size && (a.data == NULL) == (b.data == NULL) &&
         (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static guint8 *put(guint8 *end, const void *data, gsize size)
{
  if (size > 0)
    memcpy(end, data, size);
  return end + size;
}

/* A field with its length before it (8 bytes, most significant first): no two lists of fields give the same
 * bytes. */
static guint8 *put_field(guint8 *end, AuditField field)
{
  guint64 length = GUINT64_TO_BE((guint64)field.size);

  return put(put(end, &length, LENGTH_SIZE), field.data, field.size);
}

/* One call over all bytes: a third faster than one for each field. */
void audit_chain_hash(const guint8 previous[static AUDIT_HASH_SIZE], gint64 id, const AuditRow *row,
                      guint8 ret_hash[static AUDIT_HASH_SIZE])
{
  char number[NUMBER_SIZE];
  int digits = g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, id);
  const AuditField fields[] = { { previous, AUDIT_HASH_SIZE },
                                { "1", 1 },
                                { number, (gsize)digits },
                                row->at,
                                row->day,
                                row->action,
                                row->digest };
  gsize size = 0;
  guint8 room[ROOM];

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    size += LENGTH_SIZE + fields[i].size;

  g_autofree guint8 *large = size > sizeof room ? g_malloc(size) : NULL;
  guint8 *bytes = large != NULL ? large : room;
  guint8 *end = bytes;

  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    end = put_field(end, fields[i]);
  crypto_generichash(ret_hash, AUDIT_HASH_SIZE, bytes, size, NULL, 0);
}

void audit_chain_digest(AuditField salt, AuditField payload, guint8 ret_digest[static AUDIT_HASH_SIZE])
{
  gsize size = AUDIT_SALT_SIZE + payload.size;
  guint8 room[ROOM];
  g_autofree guint8 *large = size > sizeof room ? g_malloc(size) : NULL;
  guint8 *bytes = large != NULL ? large : room;

  g_assert(salt.size == AUDIT_SALT_SIZE);
  put(put(bytes, salt.data, salt.size), payload.data, payload.size);
  crypto_generichash(ret_digest, AUDIT_HASH_SIZE, bytes, size, NULL, 0);
}
