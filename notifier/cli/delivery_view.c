#include "notifier/cli/delivery_view.h"

typedef struct {
  const char *key, *words; /* of JSON; of text */
  gint64 count;
} Row;

#define ROWS 8

static void fill(const DeliverReport *report, Row ret_rows[static ROWS])
{
  const DeliverCounts *counts = &report->counts;
  const Row rows[ROWS] = {
    { "accepted", "accepted", counts->accepted },
    { "deferred", "deferred", counts->deferred },
    { "failed", "failed", counts->failed },
    { "unknown", "unknown", counts->unknown },
    { "superseded", "superseded", counts->superseded },
    { "returned", "given back", counts->returned },
    { "foreign", "of a store that was exchanged", counts->foreign },
    { "recovered", "recovered after a crash", report->recovered },
  };

  for (int i = 0; i < ROWS; i++)
    ret_rows[i] = rows[i];
}

Json *delivery_view_json(const DeliverReport *report, const char *transport)
{
  Json *document =
      json_pack("{s:s, s:I, s:I}", "transport", transport, "notices_made", (json_int_t)report->notices_made,
                "messages_made", (json_int_t)report->messages_made);
  Row rows[ROWS];

  fill(report, rows);
  for (int i = 0; i < ROWS; i++)
    json_object_set_new(document, rows[i].key, json_integer(rows[i].count));
  json_object_set_new(document, "interrupted", json_boolean(report->interrupted));
  json_object_set_new(document, "relay_failure", cli_json_text(report->relay_failure));
  return document;
}

static const char *plural(gint64 n, const char *one, const char *many)
{
  return n == 1 ? one : many;
}

void delivery_view_print(const DeliverReport *report, const char *transport)
{
  const char *comma = "";
  Row rows[ROWS];

  if (report->notices_made > 0)
    printf("%" G_GINT64_FORMAT " %s due, %" G_GINT64_FORMAT " %s made\n", report->notices_made,
           plural(report->notices_made, "notice", "notices"), report->messages_made,
           plural(report->messages_made, "message", "messages"));
  fill(report, rows);
  for (int i = 0; i < ROWS; i++) {
    if (rows[i].count == 0)
      continue;
    printf("%s%" G_GINT64_FORMAT " %s", comma, rows[i].count, rows[i].words);
    comma = ", ";
  }
  printf("%s\n", comma[0] != '\0' ? "" : "no mail was due");
  if (report->counts.accepted > 0)
    printf("handed to %s\n", transport);
  fflush(stdout);
  if (report->relay_failure != NULL)
    cli_warn("%s: the relay cannot be reached, the rest waits: %s", transport, report->relay_failure);
  if (report->counts.failed > 0)
    cli_warn("not delivered for good: kigen outbox list --state failed");
}

CliExit delivery_view_exit(const DeliverReport *report)
{
  const DeliverCounts *counts = &report->counts;

  if (report->relay_failure != NULL || counts->deferred > 0 || counts->unknown > 0 || report->interrupted)
    return CLI_EXIT_ENVIRONMENT;
  return counts->failed > 0 ? CLI_EXIT_REFUSED : CLI_EXIT_DONE;
}
