#include "notifier/cli/impact_json.h"

#include "notifier/cli/finding_view.h"

/* { "moves": 4, "changes": 1 }: what there is none of is left out. */
static Json *date_events_json(const ImpactReport *report, int i)
{
  Json *events = json_object();

  for (int k = CALENDAR_EVENT_STAYS; i < MILESTONE_COUNT && k < CALENDAR_EVENT_CHANGE_COUNT; k++) {
    gint64 n = impact_report_events_of(report, i, (CalendarEventChange)k);

    if (n > 0)
      json_object_set_new(events, calendar_event_change_key((CalendarEventChange)k), json_integer(n));
  }
  return events;
}

static Json *date_json(const ImpactReport *report, int i)
{
  const ImpactDate *date = &report->impact.date[i];
  Json *json = json_pack("{s:s, s:o, s:o, s:i, s:o, s:b}", "date", published_date_key(i), "was",
                         cli_json_date(date->was), "now", cli_json_date(date->now), "moves_days", date->moves,
                         "events", date_events_json(report, i), "short", date->is_short);

  if (date->is_short)
    json_object_set_new(json, "days_left", json_integer((int)date->ends - (int)report->today));
  return json;
}

static Json *dates_json(const ImpactReport *report)
{
  Json *list = json_array();

  for (int i = 0; i < PUBLISHED_DATES; i++)
    json_array_append_new(list, date_json(report, i));
  return list;
}

static Json *roles_json(const ImpactCounts *counts)
{
  Json *roles = json_object();

  for (int i = 0; i < IMPACT_ROLE_COUNT; i++)
    json_object_set_new(roles, impact_role_key((ImpactRole)i),
                        json_pack("{s:I, s:I}", "organizations", (json_int_t)counts->role[i], "devices",
                                  (json_int_t)counts->role_units[i]));
  return roles;
}

static Json *events_json(const ImpactReport *report)
{
  Json *events = json_object();

  for (int i = CALENDAR_EVENT_STAYS; i < CALENDAR_EVENT_CHANGE_COUNT; i++)
    json_object_set_new(events, calendar_event_change_key((CalendarEventChange)i),
                        json_integer(impact_report_events(report, (CalendarEventChange)i)));
  return events;
}

/* Nothing is made where there is nothing to publish. */
static gint64 made(const ImpactReport *report, gint64 n)
{
  return report->idle ? 0 : n;
}

static Json *channels_json(const ImpactReport *report)
{
  Json *channels = json_object();

  for (int i = 0; i < IMPACT_CHANNEL_COUNT; i++)
    json_object_set_new(channels, impact_channel_key((ImpactChannel)i),
                        json_pack("{s:I, s:I}", "new", (json_int_t)made(report, report->counts->made[i]),
                                  "joined", (json_int_t)made(report, report->counts->joined[i])));
  return channels;
}

static Json *messages_json(const ImpactReport *report)
{
  const ImpactCounts *counts = report->counts;

  return json_pack(
      "{s:I, s:o, s:I, s:I, s:I, s:I, s:I}", "new", (json_int_t)impact_report_messages(report), "channels",
      channels_json(report), "announced", (json_int_t)made(report, counts->announced), "changed",
      (json_int_t)made(report, counts->changed), "contacts", (json_int_t)made(report, counts->contacts),
      "superseded", (json_int_t)made(report, counts->superseded), "thinned",
      (json_int_t)made(report, counts->thinned));
}

static Json *names_json(const ImpactNames *names)
{
  Json *list = json_array();

  for (guint i = 0; names->names != NULL && i < names->names->len; i++) {
    const ImpactName *name = names->names->pdata[i];

    json_array_append_new(list, json_pack("{s:s, s:s}", "organization", name->code, "name", name->name));
  }
  return json_pack("{s:I, s:o}", "count", (json_int_t)names->count, "organizations", list);
}

static Json *reminders_json(const ImpactReport *report)
{
  Json *list = json_array();

  for (guint i = 0; i < report->reminders->len; i++) {
    const ImpactReminder *reminder = &g_array_index(report->reminders, ImpactReminder, i);
    const ScheduledNotice *notice = &reminder->notice;
    bool goes = reminder->change == IMPACT_REMINDER_GOES;

    json_array_append_new(
        list, json_pack("{s:s, s:o, s:i, s:i, s:s, s:o, s:o, s:o}", "kind", notice_kind_key(notice->kind),
                        "extended_eos", cli_json_day(notice->extended_eos), "lead_months",
                        MAX(notice->lead_months, 0), "budget_month", notice->budget_month, "change",
                        impact_reminder_change_key(reminder->change), "was", cli_json_day(reminder->was),
                        "due", goes ? json_null() : cli_json_day(notice->due), "organizations",
                        goes ? json_null() : json_integer(impact_report_reminded(report, notice))));
  }
  return list;
}

static Json *findings_json(const ImpactReport *report)
{
  Json *list = json_array();

  for (guint i = 0; i < report->findings->len; i++) {
    const RuleFinding *finding = report->findings->pdata[i];

    if (finding->outcome != RULE_OK && finding->outcome != RULE_NOT_APPLICABLE)
      json_array_append_new(list, finding_view_json(finding));
  }
  return list;
}

static Json *replaced_json(const PlanRow *row)
{
  return row == NULL ? json_null()
                     : json_pack("{s:s, s:i, s:o}", "market", row->market, "revision", row->revision,
                                 "published_on", cli_json_day(row->published_on));
}

Json *impact_json(const ImpactReport *report)
{
  const PlanRow *row = report->row;
  const ImpactCounts *counts = report->counts;
  Json *document = json_pack(
      "{s:s, s:s, s:s, s:o, s:s, s:b, s:i, s:o, s:b, s:b, s:O, s:o}", "product", row->product, "release",
      row->name, "market", row->market, "today", cli_json_day(report->today), "base", report->base, "edited",
      report->edited, "revision", row->revision, "replaces", replaced_json(report->in_force), "nothing",
      report->impact.nothing, "idle", report->idle, "changes", report->changes, "dates", dates_json(report));

  json_object_set_new(document, "installed_base", json_boolean(report->installed_base));
  json_object_set_new(document, "organizations", json_integer(counts->organizations));
  json_object_set_new(document, "devices", json_integer(counts->devices));
  json_object_set_new(document, "roles", roles_json(counts));
  json_object_set_new(document, "events", events_json(report));
  json_object_set_new(document, "events_of_others", json_integer(impact_report_paired(report)));
  json_object_set_new(document, "messages", messages_json(report));
  json_object_set_new(document, "unreachable", names_json(&counts->unreachable));
  json_object_set_new(document, "lead_months", json_integer(report->policy->lead_months));
  json_object_set_new(document, "extended", json_integer(counts->extended));
  json_object_set_new(document, "short", names_json(impact_report_short(report)));
  json_object_set_new(document, "reminders", reminders_json(report));
  json_object_set_new(document, "findings", findings_json(report));
  json_object_set_new(document, "refused", json_boolean(report->refused_by[0] != '\0'));
  json_object_set_new(document, "needs_reason", json_boolean(report->reason_for[0] != '\0'));
  json_object_set_new(document, "first", cli_json_text(report->edited ? NULL : report->problem));
  return document;
}
