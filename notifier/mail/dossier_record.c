#include "notifier/mail/dossier_record.h"

#include <string.h>

#include "db/acknowledgement_store.h"
#include "db/handover_store.h"
#include "db/outbox_list.h"
#include "db/plan_event_store.h"
#include "notifier/mail/dossier.h"
#include "notifier/mail/letter_answer.h"
#include "notifier/mail/letter_json.h"

static json_t *text_json(const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

  return valid != NULL ? json_string(valid) : json_null();
}

static json_t *day_json(Day day)
{
  char buffer[DAY_TEXT_SIZE];

  return day != DAY_NONE ? json_string(day_format(day, buffer)) : json_null();
}

static json_t *row_json(const OutboxRow *row)
{
  return json_pack("{s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)row->id,
                   "message_id", text_json(row->message_id), "channel", text_json(row->channel), "state",
                   outbox_state_key(row->state), "due_on", day_json(row->due_on), "notices",
                   text_json(row->kinds), "about", text_json(row->releases), "organization",
                   text_json(row->organization), "organization_name", text_json(row->organization_name),
                   "contact", text_json(row->contact), "email", text_json(row->email));
}

static json_t *event_json(gconstpointer item)
{
  const OutboxEvent *event = item;

  return json_pack("{s:o, s:o, s:i, s:s, s:o}", "at", text_json(event->at), "day", day_json(event->day),
                   "attempt", event->attempt, "state", outbox_state_key(event->state), "detail",
                   text_json(event->detail));
}

static json_t *acknowledgement_json(gconstpointer item)
{
  const Acknowledgement *row = item;

  g_autofree char *about =
      row->release != NULL ? g_strconcat(row->product, "/", row->release, NULL) : g_strdup(row->product);

  return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "kind",
                   acknowledgement_kind_key(row->kind), "about", text_json(about), "organization",
                   text_json(row->organization), "notice", notice_kind_key(row->notice), "person",
                   text_json(row->person), "title", text_json(row->title), "how", text_json(row->how), "day",
                   day_json(row->day), "note", text_json(row->note), "recorded_by",
                   text_json(row->recorded_by));
}

static json_t *handover_json(gconstpointer item)
{
  const Handover *row = item;

  return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "step", handover_step_key(row->step),
                   "day", day_json(row->day), "organization", text_json(row->organization), "how",
                   text_json(row->how), "by", text_json(row->by), "person", text_json(row->person),
                   "tracking", text_json(row->tracking), "note", text_json(row->note), "recorded_by",
                   text_json(row->recorded_by), "at", text_json(row->at));
}

static json_t *override_json(gconstpointer item)
{
  const PlanEvent *event = item;

  return json_pack("{s:o, s:o, s:o, s:o, s:o}", "rule", text_json(event->rule), "by",
                   text_json(plan_event_who(event)), "role", text_json(event->role), "day",
                   day_json(event->day), "reason", text_json(event->reason));
}

static json_t *list_json(const GPtrArray *list, json_t *(*of)(gconstpointer))
{
  json_t *array = json_array();

  for (guint i = 0; i < list->len; i++)
    json_array_append_new(array, of(list->pdata[i]));
  return array;
}

static bool add_history(Db *db, gint64 id, json_t *record, GError **error)
{
  g_autoptr(GPtrArray) events = NULL, acknowledgements = NULL, handovers = NULL, overrides = NULL;

  if (!outbox_list_events(db, id, &events, error) ||
      !acknowledgement_store_of_message(db, id, &acknowledgements, error) ||
      !handover_store_of_message(db, id, &handovers, error) ||
      !plan_event_store_overrides_told(db, id, &overrides, error))
    return false;
  json_object_set_new(record, "events", list_json(events, event_json));
  json_object_set_new(record, "acknowledgements", list_json(acknowledgements, acknowledgement_json));
  json_object_set_new(record, "handovers", list_json(handovers, handover_json));
  json_object_set_new(record, "overrides", list_json(overrides, override_json));
  return true;
}

/* What it was rendered from, as it was rendered: with link and codes. */
static json_t *revealed(const OutboxContext *context, const LinkKey *key)
{
  json_t *object = letter_parse(context, NULL);

  if (object != NULL && key != NULL && letter_answer_needs_key(object))
    letter_answer_reveal(object, key);
  return object != NULL ? object : json_null();
}

static bool add_context(Db *db, gint64 id, const LinkKey *key, json_t *record, GError **error)
{
  g_autoptr(OutboxContext) context = NULL;

  if (!outbox_store_load_context(db, id, &context, error))
    return false;

  bool erased = context != NULL && context->erased_on != DAY_NONE;

  json_object_set_new(record, "sha256", text_json(context != NULL ? context->sha256 : NULL));
  json_object_set_new(record, "date", text_json(context != NULL ? context->date : NULL));
  json_object_set_new(record, "boundary_seed", text_json(context != NULL ? context->boundary_seed : NULL));
  json_object_set_new(record, "template_set", text_json(context != NULL ? context->template_set : NULL));
  json_object_set_new(record, "renderer", text_json(context != NULL ? context->renderer : NULL));
  json_object_set_new(record, "erased_on", day_json(erased ? context->erased_on : DAY_NONE));
  json_object_set_new(record, "context", context != NULL && !erased ? revealed(context, key) : json_null());
  return true;
}

bool dossier_record_load(Db *db, gint64 id, const LinkKey *key, json_t **ret_record, GError **error)
{
  OutboxFilter filter = OUTBOX_FILTER_NONE;
  g_autoptr(GPtrArray) rows = NULL;

  filter.id = id;
  if (!outbox_list_rows(db, &filter, 1, &rows, error))
    return false;
  if (rows->len == 0) {
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "message %" G_GINT64_FORMAT " is not in the store", id);
    return false;
  }

  g_autoptr(json_t) record = row_json(rows->pdata[0]);

  if (!add_history(db, id, record, error) || !add_context(db, id, key, record, error))
    return false;
  *ret_record = g_steal_pointer(&record);
  return true;
}

const char *dossier_verdict_key(DossierVerdict verdict)
{
  static const char *const keys[DOSSIER_VERDICT_COUNT] = { [DOSSIER_SAME] = "same",
                                                           [DOSSIER_DIFFERS] = "differs",
                                                           [DOSSIER_NOT_COMPARABLE] = "not comparable",
                                                           [DOSSIER_ERASED] = "erased",
                                                           [DOSSIER_NOT_RENDERED] = "not rendered" };

  g_assert(verdict < DOSSIER_VERDICT_COUNT);
  return keys[verdict];
}

/* The stored context again. */
static OutboxContext *context_of(const json_t *record, const json_t *object)
{
  g_autofree char *text = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);
  OutboxContext *context = g_new0(OutboxContext, 1);

  context->context = g_strdup(text);
  context->date = g_strdup(letter_json_get(record, "date"));
  context->boundary_seed = g_strdup(letter_json_get(record, "boundary_seed"));
  context->sha256 = g_strdup(letter_json_get(record, "sha256"));
  context->erased_on = DAY_NONE;
  return context;
}

/* What is known without making anything. */
static bool settled(const json_t *record, DossierVerdict *ret_verdict, char **ret_detail)
{
  const char *erased_on = letter_json_get(record, "erased_on"),
             *renderer = letter_json_get(record, "renderer");

  if (erased_on != NULL) {
    *ret_verdict = DOSSIER_ERASED;
    *ret_detail = g_strdup_printf("erased on %s", erased_on);
  } else if (letter_json_get(record, "sha256") == NULL) {
    *ret_verdict = DOSSIER_NOT_RENDERED;
  } else if (g_strcmp0(renderer, KIGEN_VERSION) != 0) {
    *ret_verdict = DOSSIER_NOT_COMPARABLE;
    *ret_detail = g_strdup_printf("rendered by kigen %s, looked at by kigen " KIGEN_VERSION, renderer);
  } else {
    return false;
  }
  return true;
}

bool dossier_record_verify(const json_t *record, const TemplateSet *templates, DossierVerdict *ret_verdict,
                           char **ret_detail, GError **error)
{
  const json_t *object = json_object_get(record, "context");
  g_autoptr(OutboxContext) context = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (settled(record, ret_verdict, ret_detail))
    return true;
  if (templates == NULL || !json_is_object(object) || letter_json_get(record, "date") == NULL) {
    g_set_error(error, DOSSIER_ERROR, DOSSIER_ERROR_FORM, "what it was rendered from is missing");
    return false;
  }
  context = context_of(record, object);
  if (!letter_rebuild(context, templates, NULL, &bytes, error))
    return false;

  g_autofree char *sha256 = letter_digest(bytes);
  bool same = strcmp(sha256, context->sha256) == 0;

  *ret_verdict = same ? DOSSIER_SAME : DOSSIER_DIFFERS;
  *ret_detail = same ? NULL : g_strdup_printf("made again it has the SHA-256 %s", sha256);
  return true;
}
