#include "db/acknowledgement_store.h"
#include "notifier/cli/ack_subject.h"
#include "notifier/cli/acknowledgement_view.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/code_match.h"
#include "notifier/cli/organization_match.h"
#include "notifier/cli/suggest.h"

static const ArgOption options[] = {
  { "kind", "K", "receipt or transfer (PRODUCT/RELEASE: must be said; else receipt)" },
  { "person", "NAME", "who has confirmed it there" },
  { "title", "TEXT", "that person's function" },
  { "how", "H", "phone, letter, hand, mail or link (the same; else phone)" },
  { "on", "DAY", "the day it was confirmed (default: today)" },
  { "note", "TEXT", "what else there is to know: where the signed paper is kept" },
  { NULL },
};

static const char help[] =
    "Records what a customer has confirmed. There are two, never mixed: receipt (受領確認) of the plan's "
    "announcement "
    "or of its\n"
    "change, by anybody there; and transfer (責任移転の確認), by a named responsible person, of the "
    "responsibility that "
    "passes\n"
    "to them at EOS, asked for by every notice of EOS. It is kept for the latest such notice that they have "
    "in hand, never\n"
    "for one that still waits, failed or came back: what is still to come is said. A "
    "transfer\n"
    "counts for that EOS, whichever revision told it, and reminders of it go to them no more.\n"
    "\n"
    "With the confirmation number (確認番号) that a letter carries, as it was read out on the telephone: it "
    "is kept for "
    "everything in\n"
    "that letter, or for the one notice whose own number it is. In whatever case, with or without hyphens.\n"
    "\n"
    "Without it, by who they are (code, or whole name) and what they say they hold: DOCUMENT is the number "
    "of an "
    "advisory, the document\n"
    "number (文書番号) of their letter, or a product, where they were told of one release of it only.\n"
    "\n"
    "  kigen outbox ack 123-K7QM-9XHD --person \"佐藤 健\"\n"
    "  kigen outbox ack H001 KG-A0001 --person \"佐藤 健\"\n"
    "  kigen outbox ack 中央病院 KG-000123 --person \"佐藤 健\"\n"
    "  kigen outbox ack H001 CT-100/2.1 --kind transfer --person \"佐藤 健\" --title 医療機器安全管理責任者 "
    "--how letter "
    "\\\n"
    "    --on 2031-04-02 --note \"確認書 2031-17\"";

/* One word is the code of a letter, two name organization and what it confirms. */
static bool is_by_code(const Args *args)
{
  return args_word(args, 1) == NULL;
}

/* The option `name`; when it is not given, `otherwise`, but for a release, of whose plan both kinds are
 * given. */
static const char *option_or(const Args *args, const char *name, const char *otherwise)
{
  const char *text = args_text(args, name);

  return text == NULL && (is_by_code(args) || !ack_subject_is_release(args_word(args, 1))) ? otherwise : text;
}

static bool read_kind(const Args *args, AcknowledgementKind *ret_kind, GError **error)
{
  const char *key = option_or(args, "kind", "receipt");

  if (acknowledgement_kind_parse(key, ret_kind))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--kind%s%s: receipt or transfer?", key != NULL ? " " : "",
              key != NULL ? key : "");
  return false;
}

static bool read_how(const Args *args, const char **ret_how, GError **error)
{
  const char *how = option_or(args, "how", "phone");

  if (acknowledgement_is_way(how)) {
    *ret_how = how;
    return true;
  }

  g_autofree char *hint = suggest_hint(how != NULL ? how : "", acknowledgement_ways);

  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--how%s%s: %s", how != NULL ? " " : "",
              how != NULL ? how : "", hint);
  return false;
}

/* The option `name`, on one line; NULL when it is not given and need not be. */
static bool read_line(const Args *args, const char *name, bool needed, const char **ret_text, GError **error)
{
  const char *text = args_text(args, name);
  g_autofree char *trimmed = g_strstrip(g_strdup(text != NULL ? text : ""));

  if (trimmed[0] == '\0' && (needed || text != NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, text != NULL ? "--%s: it is empty" : "--%s is missing",
                name);
    return false;
  }
  if (text != NULL && term_has_control(text)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "--%s must be on one line, without control characters",
                name);
    return false;
  }
  *ret_text = text;
  return true;
}

static bool read_entry(const Args *args, AcknowledgementEntry *entry, GError **error)
{
  return read_kind(args, &entry->kind, error) && read_line(args, "person", true, &entry->person, error) &&
         read_line(args, "title", false, &entry->title, error) && read_how(args, &entry->how, error) &&
         read_line(args, "note", false, &entry->note, error);
}

static bool check_day(const AcknowledgementNotice *notice, Day day, Day today, GError **error)
{
  char text[DAY_TEXT_SIZE], due[DAY_TEXT_SIZE];

  if (day > today)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "--on %s: that day is still to come",
                day_format(day, text));
  else if (day < notice->due_on)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "--on %s: the %s that it confirms is of %s, a later day",
                day_format(day, text), notice_kind_key(notice->kind), day_format(notice->due_on, due));
  return day <= today && day >= notice->due_on;
}

/* "the security-advisory of revision 2 (message 15, pending)"; NULL: nothing. Own string. */
static char *to_come(const AcknowledgementNewer *newer)
{
  return newer->message == 0 ? NULL
                             : g_strdup_printf("the %s of revision %d (message %" G_GINT64_FORMAT ", %s)",
                                               notice_kind_key(newer->kind), newer->revision, newer->message,
                                               outbox_state_key(newer->state));
}

/* Refuses what is there already. */
static bool check_new(Db *db, const AcknowledgementEntry *entry, const AcknowledgementNewer *newer,
                      GError **error)
{
  g_autoptr(Acknowledgement) same = NULL;
  g_autofree char *rest = to_come(newer);
  char day[DAY_TEXT_SIZE];

  if (!acknowledgement_store_same(db, entry->notice, entry->organization, entry->kind, &same, error))
    return false;
  if (same == NULL)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
              "the %s of %s%s%s was confirmed on %s already, by %s (%s): nothing is recorded twice%s%s",
              acknowledgement_kind_key(same->kind), same->product, same->release != NULL ? "/" : "",
              same->release != NULL ? same->release : "",
              same->day != DAY_NONE ? day_format(same->day, day) : "an unknown day", same->person, same->how,
              rest != NULL ? "; still to come to them: " : "", rest != NULL ? rest : "");
  return false;
}

/* One notice. */
static bool record(Db *db, const AuditContext *context, const AcknowledgementNotice *notice,
                   AcknowledgementEntry *entry, GPtrArray *stored, GError **error)
{
  Acknowledgement *row = NULL;
  gint64 id = 0;

  entry->notice = notice->notice;
  if (!check_new(db, entry, &notice->newer, error) || !check_day(notice, entry->day, context->today, error) ||
      !acknowledgement_store_add(db, context, entry, &id, error) ||
      !acknowledgement_store_load(db, id, &row, error))
    return false;
  g_ptr_array_add(stored, row);
  return true;
}

/* All of a letter that is open. */
static bool record_letter(Db *db, const AuditContext *context, const AcknowledgementRequest *request,
                          const AcknowledgementEntry *entry, GPtrArray *stored, GError **error)
{
  g_autoptr(GArray) ids = NULL;
  AcknowledgementAnswer answer = { .kind = entry->kind,
                                   .person = entry->person,
                                   .title = entry->title,
                                   .how = entry->how,
                                   .day = entry->day,
                                   .note = entry->note };

  for (guint i = 0; i < request->items->len; i++) {
    const AcknowledgementItem *item = request->items->pdata[i];
    AcknowledgementNotice notice = { .notice = item->notice, .kind = item->kind, .due_on = item->due_on };

    if (acknowledgement_request_is_open(item, entry->kind) &&
        !check_day(&notice, entry->day, context->today, error))
      return false;
  }
  if (!acknowledgement_request_record(db, context, request, &answer, &ids, error))
    return false;
  for (guint i = 0; i < ids->len; i++) {
    Acknowledgement *row = NULL;

    if (!acknowledgement_store_load(db, g_array_index(ids, gint64, i), &row, error))
      return false;
    g_ptr_array_add(stored, row);
  }
  return true;
}

/* What the words mean. */
static bool find(Cli *cli, Db *db, const Args *args, AcknowledgementEntry *entry, AckSubject *subject,
                 GError **error)
{
  const char *first = args_word(args, 0);

  if (is_by_code(args))
    return code_match_find(cli, db, first, &subject->request, error) &&
           code_match_check_open(first, subject->request, entry->kind, error);
  return organization_match_find(db, first, &entry->organization, error) &&
         ack_subject_find(db, entry->organization, first, args_word(args, 1), entry->kind, subject, error);
}

static Json *newer_json(const AcknowledgementNewer *newer)
{
  return newer->message == 0 ? json_null()
                             : json_pack("{s:I, s:s, s:s, s:i}", "message", (json_int_t)newer->message,
                                         "state", outbox_state_key(newer->state), "notice",
                                         notice_kind_key(newer->kind), "revision", newer->revision);
}

static void show_letter(Cli *cli, const GPtrArray *stored)
{
  g_autoptr(Json) document = acknowledgement_view_list_json(stored);

  if (cli_json(cli))
    cli_print_json_list("acknowledgements", document);
  else if (stored->len == 1)
    acknowledgement_view_print(stored->pdata[0]);
  else
    acknowledgement_view_print_list(stored);
}

/* And what of it they do not have yet, so that nobody takes that for confirmed. */
static void show_notice(Cli *cli, const AcknowledgementNewer *newer, const Acknowledgement *row)
{
  g_autoptr(Json) document = acknowledgement_view_json(row);
  g_autofree char *rest = to_come(newer);

  json_object_set_new(document, "still_to_come", newer_json(newer));
  if (cli_json(cli))
    cli_print_json(document);
  else
    acknowledgement_view_print(row);
  if (rest != NULL)
    cli_warn("confirmed is revision %d; still to come to them, and not confirmed: %s", row->revision, rest);
}

static bool ack_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(GPtrArray) stored = g_ptr_array_new_with_free_func((GDestroyNotify)acknowledgement_free);
  g_auto(AckSubject) subject = { 0 };
  AcknowledgementEntry entry = { 0 };
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!read_entry(args, &entry, error) || !cli_write(cli, args, &db, &context, error))
    return false;
  entry.day = context.today;
  if (!cli_day_option(args, "on", &entry.day, error) || !db_begin(db, error) ||
      !find(cli, db, args, &entry, &subject, error) ||
      !(subject.request != NULL ? record_letter(db, &context, subject.request, &entry, stored, error)
                                : record(db, &context, &subject.notice, &entry, stored, error)) ||
      !db_commit(db, error))
    return false;
  if (subject.request != NULL)
    show_letter(cli, stored);
  else
    show_notice(cli, &subject.notice.newer, stored->pdata[0]);
  return true;
}

const Command cmd_outbox_ack = {
  .name = "ack",
  .summary = "Record that a customer has confirmed a notice",
  .words = "CODE | ORGANIZATION DOCUMENT | ORGANIZATION PRODUCT/RELEASE",
  .min_words = 1,
  .max_words = 2,
  .options = { options, cli_by_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_SAFETY_OFFICER) | ROLE_BIT(ROLE_QUALITY) |
           ROLE_BIT(ROLE_GENERAL_MANAGER),
  .run = ack_run,
};
