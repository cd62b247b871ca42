#include "notifier/mail/letter_part.h"

#include <string.h>

#include "notifier/mail/letter_json.h"

#define NAME "part"

struct LetterPart {
  json_t *json;
  OutboxPart *kept;
};

static LetterPart *part_new(json_t *json, OutboxPart *kept)
{
  LetterPart *part = g_rc_box_new(LetterPart);

  *part = (LetterPart){ json, kept };
  return part;
}

LetterPart *letter_part_new(json_t *json)
{
  return part_new(json, outbox_part_new(json_dumps(json, JSON_COMPACT)));
}

LetterPart *letter_part_ref(LetterPart *part)
{
  return g_rc_box_acquire(part);
}

static void clear(gpointer data)
{
  LetterPart *part = data;

  json_decref(part->json);
  outbox_part_unref(part->kept);
}

void letter_part_unref(LetterPart *part)
{
  if (part != NULL)
    g_rc_box_release_full(part, clear);
}

GPtrArray *letter_part_array_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)letter_part_unref);
}

/* The part that `object` names, or NULL. */
static const LetterPart *find(const json_t *object, const GPtrArray *parts)
{
  const char *name = letter_json_get(object, NAME);

  for (guint i = 0; name != NULL && i < parts->len; i++) {
    const LetterPart *part = parts->pdata[i];

    if (strcmp(part->kept->hash, name) == 0)
      return part;
  }
  return NULL;
}

void letter_part_give(json_t *object, LetterPart *part, GPtrArray *parts)
{
  letter_json_text(object, NAME, part->kept->hash);
  if (find(object, parts) != NULL)
    letter_part_unref(part);
  else
    g_ptr_array_add(parts, part);
}

const json_t *letter_part_member(const json_t *object, const GPtrArray *parts, const char *key)
{
  const json_t *own = json_object_get(object, key);
  const LetterPart *part = own == NULL ? find(object, parts) : NULL;

  return part != NULL ? json_object_get(part->json, key) : own;
}

static bool fill(json_t *object, const GPtrArray *parts)
{
  const LetterPart *part = find(object, parts);

  if (part == NULL)
    return json_object_get(object, NAME) == NULL;
  json_object_update_missing(object, part->json);
  json_object_del(object, NAME);
  return true;
}

bool letter_part_fill(json_t *context, const GPtrArray *parts)
{
  bool filled = fill(context, parts);
  json_t *notice;
  gsize i;

  json_array_foreach(json_object_get(context, "notices"), i, notice)
  {
    filled = fill(notice, parts) && filled;
    filled = fill(json_object_get(notice, "advisory"), parts) && filled;
  }
  return filled;
}

GPtrArray *letter_part_to_store(const GPtrArray *parts)
{
  GPtrArray *kept = outbox_part_array_new();

  for (guint i = 0; i < parts->len; i++)
    g_ptr_array_add(kept, outbox_part_ref(((const LetterPart *)parts->pdata[i])->kept));
  return kept;
}

GPtrArray *letter_part_from_store(const GPtrArray *kept)
{
  GPtrArray *parts = letter_part_array_new();

  for (guint i = 0; kept != NULL && i < kept->len; i++) {
    json_t *json = json_loads(((const OutboxPart *)kept->pdata[i])->json, 0, NULL);

    if (json_is_object(json))
      g_ptr_array_add(parts, part_new(json, outbox_part_ref(kept->pdata[i])));
    else
      json_decref(json);
  }
  return parts;
}
