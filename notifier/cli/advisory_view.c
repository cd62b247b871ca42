#include "notifier/cli/advisory_view.h"

#include "db/advisory_event_store.h"

#include <string.h>

static Json *strings_json(const GPtrArray *strings)
{
  Json *list = json_array();

  for (guint i = 0; i < strings->len; i++)
    json_array_append_new(list, json_string(strings->pdata[i]));
  return list;
}

Json *advisory_view_json(const AdvisoryRow *row)
{
  g_autoptr(GPtrArray) wants = advisory_wants(row->content);
  Json *document = json_pack("{s:s, s:i, s:s, s:s}", "number", row->number, "revision", row->revision,
                             "state", row->state, "kind", notice_kind_key(row->content->kind));

  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    json_object_set_new(document, advisory_field_key((AdvisoryField)i), cli_json_text(row->content->text[i]));
  json_object_set_new(document, "releases", strings_json(row->content->releases));
  json_object_set_new(document, "reason", cli_json_text(row->reason));
  json_object_set_new(document, "author", cli_json_text(row->author));
  json_object_set_new(document, "approved_by", cli_json_text(row->approved_by));
  json_object_set_new(document, "approved_on", cli_json_day(row->approved_on));
  json_object_set_new(document, "published_by", cli_json_text(row->published_by));
  json_object_set_new(document, "published_on", cli_json_day(row->published_on));
  json_object_set_new(document, "withdrawn_by", cli_json_text(row->withdrawn_by));
  json_object_set_new(document, "withdrawn_on", cli_json_day(row->withdrawn_on));
  json_object_set_new(document, "withdrawn_reason", cli_json_text(row->withdrawn_reason));
  json_object_set_new(document, "wants", strings_json(wants));
  return document;
}

Json *advisory_view_events_json(const GPtrArray *events)
{
  Json *list = json_array();

  for (guint i = 0; i < events->len; i++) {
    const AdvisoryEvent *event = events->pdata[i];

    json_array_append_new(list, json_pack("{s:s, s:o, s:s, s:o, s:o, s:o}", "event", event->event, "day",
                                          cli_json_day(event->day), "by", event->by, "person",
                                          cli_json_text(event->person), "role", cli_json_text(event->role),
                                          "reason", cli_json_text(event->reason)));
  }
  return list;
}

char *advisory_view_name(const AdvisoryRow *row)
{
  return g_strdup_printf("%s, revision %d", row->number, row->revision);
}

static void print_line(const char *label, const char *text)
{
  if (text == NULL)
    return;
  printf("%-16s", label);
  term_put(stdout, text, 0);
  printf("\n");
}

/* A document, indented; a stored control character drives no terminal. */
static void print_document(const char *label, const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

  if (text == NULL)
    return;
  printf("\n%s\n", label);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (lines[i][0] == '\0' && lines[i + 1] == NULL)
      break;
    printf("    ");
    term_put(stdout, lines[i], 0);
    printf("\n");
  }
}

static void print_event(const AdvisoryEvent *event)
{
  char day[DAY_TEXT_SIZE];

  printf("  %s  %-8s by ", event->day != DAY_NONE ? day_format(event->day, day) : "-", event->event);
  term_put(stdout, event->person != NULL ? event->person : event->by, 0);
  if (event->role != NULL)
    printf(" (%s)", event->role);
  if (event->reason != NULL) {
    printf(": ");
    term_put(stdout, event->reason, 0);
  }
  printf("\n");
}

void advisory_view_print(const AdvisoryRow *row, const GPtrArray *events)
{
  printf("%s, revision %d: %s, %s\n", row->number, row->revision, notice_kind_key(row->content->kind),
         row->state);
  for (int i = 0; i < ADVISORY_FIELD_COUNT; i++)
    if (advisory_field_form((AdvisoryField)i) != ADVISORY_MARKDOWN)
      print_line(advisory_field_key((AdvisoryField)i), row->content->text[i]);
  for (guint i = 0; i < row->content->releases->len; i++)
    print_line(i == 0 ? "releases" : "", row->content->releases->pdata[i]);
  print_line("reason", row->reason);
  print_line("withdrawn", row->withdrawn_reason);
  print_document("body_ja", row->content->text[ADVISORY_BODY_JA]);
  print_document("body_en", row->content->text[ADVISORY_BODY_EN]);
  printf("\nhistory\n");
  for (guint i = 0; i < events->len; i++)
    print_event(events->pdata[i]);
}

void advisory_view_warn(const AdvisoryRow *row)
{
  g_autoptr(GPtrArray) wants = advisory_wants(row->content);

  for (guint i = 0; i < wants->len; i++)
    cli_warn("%s: %s", row->number, (const char *)wants->pdata[i]);
}

char *advisory_view_telling(const AdvisoryTelling *telling)
{
  return g_strdup_printf("%" G_GINT64_FORMAT " %s to tell, %" G_GINT64_FORMAT " new %s",
                         telling->organizations,
                         telling->organizations == 1 ? "organization" : "organizations", telling->messages,
                         telling->messages == 1 ? "message" : "messages");
}

void advisory_view_add_telling(Json *document, const AdvisoryTelling *telling)
{
  json_object_set_new(document, "organizations", json_integer(telling->organizations));
  json_object_set_new(document, "told_before", json_integer(telling->corrected));
  json_object_set_new(document, "messages", json_integer(telling->messages));
}
