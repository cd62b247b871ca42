#include "notifier/template/context_part.h"

#include <string.h>

#define NAME "part"

struct ContextPart {
  json_t *json;
  OutboxPart *kept;
};

static ContextPart *part_new(json_t *json, OutboxPart *kept)
{
  ContextPart *part = g_rc_box_new(ContextPart);

  *part = (ContextPart){ json, kept };
  return part;
}

ContextPart *context_part_new(json_t *json)
{
  return part_new(json, outbox_part_new(json_dumps(json, JSON_COMPACT)));
}

ContextPart *context_part_ref(ContextPart *part)
{
  return g_rc_box_acquire(part);
}

static void clear(gpointer data)
{
  ContextPart *part = data;

  json_decref(part->json);
  outbox_part_unref(part->kept);
}

void context_part_unref(ContextPart *part)
{
  if (part != NULL)
    g_rc_box_release_full(part, clear);
}

GPtrArray *context_part_array_new(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)context_part_unref);
}

/* The part that `object` names, or NULL. */
static const ContextPart *find(const json_t *object, const GPtrArray *parts)
{
  const char *name = json_string_value(json_object_get(object, NAME));

  for (guint i = 0; name != NULL && i < parts->len; i++) {
    const ContextPart *part = parts->pdata[i];

    if (strcmp(part->kept->hash, name) == 0)
      return part;
  }
  return NULL;
}

void context_part_give(json_t *object, ContextPart *part, GPtrArray *parts)
{
  json_object_set_new(object, NAME, json_string(part->kept->hash));
  if (find(object, parts) != NULL)
    context_part_unref(part);
  else
    g_ptr_array_add(parts, part);
}

const json_t *context_part_member(const json_t *object, const GPtrArray *parts, const char *key)
{
  const json_t *own = json_object_get(object, key);
  const ContextPart *part = own == NULL ? find(object, parts) : NULL;

  return part != NULL ? json_object_get(part->json, key) : own;
}

static bool fill(json_t *object, const GPtrArray *parts)
{
  const ContextPart *part = find(object, parts);

  if (part == NULL)
    return json_object_get(object, NAME) == NULL;
  json_object_update_missing(object, part->json);
  json_object_del(object, NAME);
  return true;
}

bool context_part_fill(json_t *context, const GPtrArray *parts)
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

GPtrArray *context_part_to_store(const GPtrArray *parts)
{
  GPtrArray *kept = outbox_part_array_new();

  for (guint i = 0; i < parts->len; i++)
    g_ptr_array_add(kept, outbox_part_ref(((const ContextPart *)parts->pdata[i])->kept));
  return kept;
}

GPtrArray *context_part_from_store(const GPtrArray *kept)
{
  GPtrArray *parts = context_part_array_new();

  for (guint i = 0; kept != NULL && i < kept->len; i++) {
    json_t *json = json_loads(((const OutboxPart *)kept->pdata[i])->json, 0, NULL);

    if (json_is_object(json))
      g_ptr_array_add(parts, part_new(json, outbox_part_ref(kept->pdata[i])));
    else
      json_decref(json);
  }
  return parts;
}

json_t *context_part_parse(const OutboxContext *context, bool *ret_whole)
{
  g_autoptr(GPtrArray) parts = context_part_from_store(context->parts);
  json_t *object = json_loads(context->context, 0, NULL);

  if (!json_is_object(object)) {
    json_decref(object);
    return NULL;
  }
  *ret_whole = context_part_fill(object, parts);
  return object;
}
