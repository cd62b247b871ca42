#include "notifier/cli/contact_view.h"

#include "notifier/template/context_part.h"

const char *contact_view_state(const ContactRow *row, Day today, TermStyle *ret_style)
{
  *ret_style = STYLE_DIM;
  if (row->erased_on != DAY_NONE)
    return "erased";
  if (row->valid_to != DAY_NONE && row->valid_to < today)
    return "ended";
  if (row->valid_from != DAY_NONE && row->valid_from > today)
    return "not yet";
  *ret_style = STYLE_GREEN;
  return "in charge";
}

Json *contact_view_json(const ContactRow *row, Day today)
{
  TermStyle style;

  return json_pack(
      "{s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:i, s:o, s:o, s:s, s:o}", "contact",
      (json_int_t)row->id, "organization", row->organization_code, "organization_name",
      row->organization_name, "name", row->name, "kana", cli_json_text(row->kana), "department",
      cli_json_text(row->department), "title", cli_json_text(row->title), "email", cli_json_text(row->email),
      "phone", cli_json_text(row->phone), "role", cli_json_text(row->role), "language", row->language,
      "channel", row->channel, "webhook", cli_json_text(row->webhook), "order", row->order, "valid_from",
      cli_json_day(row->valid_from), "valid_to", cli_json_day(row->valid_to), "state",
      contact_view_state(row, today, &style), "erased_on", cli_json_day(row->erased_on));
}

static Json *events_json(const GPtrArray *events)
{
  Json *list = json_array();

  for (guint i = 0; i < events->len; i++) {
    const OutboxEvent *event = events->pdata[i];

    json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:o}", "at", event->at, "attempt", event->attempt,
                                          "state", outbox_state_key(event->state), "detail",
                                          cli_json_text(event->detail)));
  }
  return list;
}

/* What the message said, as it was kept. Where a part of that is lost the rest is shown all the same. */
static Json *said_json(const OutboxContext *context)
{
  bool whole = false;
  Json *said = context != NULL ? context_part_parse(context, &whole) : NULL;

  return said != NULL ? said : json_null();
}

static Json *message_json(gconstpointer data)
{
  static const OutboxContext none = { .erased_on = DAY_NONE };
  const ContactMessage *message = data;
  const OutboxRow *row = message->row;
  const OutboxContext *kept = message->context != NULL ? message->context : &none;

  return json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "message",
                   (json_int_t)row->id, "message_id", row->message_id, "channel", row->channel, "state",
                   outbox_state_key(row->state), "due_on", cli_json_day(row->due_on), "kinds",
                   cli_json_text(row->kinds), "releases", cli_json_text(row->releases), "date",
                   cli_json_text(kept->date), "sha256", cli_json_text(kept->sha256), "erased_on",
                   cli_json_day(kept->erased_on), "events", events_json(message->events), "context",
                   said_json(message->context));
}

static Json *deed_json(gconstpointer data)
{
  const ContactDeed *deed = data;

  return json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "kind", contact_deed_key(deed->kind),
                   "row", (json_int_t)deed->id, "what", deed->what, "organization", deed->organization,
                   "about", deed->about, "by", deed->by, "title", cli_json_text(deed->title), "note",
                   cli_json_text(deed->note), "at", deed->at);
}

static Json *entry_json(gconstpointer data)
{
  const AuditEntry *entry = data;
  Json *payload = entry->payload != NULL ? json_loads(entry->payload, 0, NULL) : NULL;

  return json_pack("{s:I, s:s, s:s, s:o}", "row", (json_int_t)entry->id, "at", entry->at, "action",
                   entry->action, "payload", payload != NULL ? payload : cli_json_text(entry->payload));
}

static Json *mention_json(gconstpointer data)
{
  const ContactMention *mention = data;

  return json_pack("{s:s, s:s}", "where", mention->where, "text", mention->text);
}

void contact_view_add_record(Json *document, const ContactRecord *record)
{
  const struct {
    const char *key;
    const GPtrArray *rows;
    Json *(*json)(gconstpointer);
  } lists[] = {
    { "messages", record->messages, message_json },
    { "deeds", record->deeds, deed_json },
    { "audit", record->audit, entry_json },
    { "mentions", record->mentions, mention_json },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
    Json *list = json_array();

    for (guint j = 0; j < lists[i].rows->len; j++)
      json_array_append_new(list, lists[i].json(lists[i].rows->pdata[j]));
    json_object_set_new(document, lists[i].key, list);
  }
}

Json *contact_view_duty_json(const ContactDuty *duty, const ContactRow *row)
{
  g_autofree char *why = contact_duty_reason(duty, row);

  return json_pack("{s:b, s:I, s:o, s:o}", "may_be_erased", why == NULL && row->erased_on == DAY_NONE,
                   "units", (json_int_t)duty->units, "releases", cli_json_text(duty->releases), "why_not",
                   cli_json_text(why));
}

/* «title       what», nothing where there is nothing. */
static void print_field(const char *title, const char *value)
{
  if (value == NULL || value[0] == '\0')
    return;
  printf("%-16s", title);
  term_put(stdout, value, 0);
  putchar('\n');
}

static void print_day(const char *title, Day day)
{
  char buffer[DAY_TEXT_SIZE];

  if (day != DAY_NONE)
    print_field(title, day_format(day, buffer));
}

static void print_count(const char *title, guint count)
{
  printf("%-16s%u\n", title, count);
}

static guint count_contexts(const GPtrArray *messages)
{
  guint count = 0;

  for (guint i = 0; i < messages->len; i++) {
    const OutboxContext *context = ((const ContactMessage *)messages->pdata[i])->context;

    count += context != NULL && context->erased_on == DAY_NONE ? 1 : 0;
  }
  return count;
}

static void print_record(const ContactRecord *record)
{
  print_count("messages", record->messages->len);
  print_count("their contents", count_contexts(record->messages));
  print_count("confirmations", record->deeds->len);
  print_count("audit rows", record->audit->len);
  for (guint i = 0; i < record->audit->len; i++) {
    const AuditEntry *entry = record->audit->pdata[i];

    printf("                row %" G_GINT64_FORMAT ", %s, %s\n", entry->id, entry->day, entry->action);
  }
  print_count("other texts", record->mentions->len);
  for (guint i = 0; i < record->mentions->len; i++)
    printf("                %s\n", ((const ContactMention *)record->mentions->pdata[i])->where);
}

void contact_view_print(const ContactRow *row, const ContactRecord *record, Day today)
{
  g_autofree char *order = g_strdup_printf("%d", row->order);
  TermStyle style;

  print_field("organization", row->organization_code);
  print_field("", row->organization_name);
  print_field("name", row->name);
  print_field("kana", row->kana);
  print_field("department", row->department);
  print_field("title", row->title);
  print_field("e-mail", row->email);
  print_field("phone", row->phone);
  print_field("role", row->role);
  print_field("channel", row->channel);
  print_field("webhook", row->webhook);
  print_field("order", order);
  print_day("valid from", row->valid_from);
  print_day("valid to", row->valid_to);
  print_field("state", contact_view_state(row, today, &style));
  print_day("erased on", row->erased_on);
  print_record(record);
}
