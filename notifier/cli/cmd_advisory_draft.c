#include "notifier/cli/advisory_edit.h"
#include "notifier/cli/advisory_view.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/suggest.h"

#include <string.h>

static const char help[] =
    "Writes an advisory: security-advisory, stop-use-recommendation or component-notice begins a new one, "
    "which "
    "gets the next\n"
    "number of the maker's series; a NUMBER changes its draft (what was approved is a draft again), or, once "
    "it is published,\n"
    "begins its correction, which --reason explains to everyone who was told. An option with an empty value "
    "takes that away;\n"
    "--release names all releases anew. Nothing is sent: see kigen advisory preview.\n"
    "\n"
    "The text is Markdown (CommonMark). What would not arrive is refused with its line and column: raw HTML, "
    "images, links that\n"
    "are no whole address. What the kind asks for and the text does not seem to say is a warning; it stops "
    "nothing.\n"
    "\n"
    "  kigen advisory draft security-advisory --title-ja 遠隔保守機能の脆弱性 --body-ja a.ja.md --release "
    "'SCT-6000/*'\n"
    "  kigen advisory draft KG-A0001 --title-en \"Vulnerability of remote maintenance\" --body-en a.en.md";

static bool refuse_word(const char *word, GError **error)
{
  const char *const kinds[] = { notice_kind_key(NOTICE_SECURITY_ADVISORY), notice_kind_key(NOTICE_STOP_USE),
                                notice_kind_key(NOTICE_COMPONENT), NULL };
  g_autofree char *hint = suggest_hint(word, kinds);

  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: neither a kind of advisory nor a number: %s", word,
              hint);
  return false;
}

/* What the word means: a kind, or an advisory of the store. */
static bool find(Db *db, const char *word, AdvisoryRow **ret_row, Advisory **ret_content, GError **error)
{
  AdvisoryRow *row = NULL;
  NoticeKind kind;

  if (notice_kind_parse(word, &kind) && advisory_is_kind(kind)) {
    *ret_content = advisory_new(kind);
    return true;
  }
  if (strpbrk(word, "0123456789") == NULL)
    return refuse_word(word, error);
  if (!advisory_edit_find(db, word, &row, error))
    return false;
  *ret_row = row;
  *ret_content = advisory_copy(row->content);
  return true;
}

/* Everyone who was told reads why. */
static bool check_reason(const AdvisoryRow *row, const Args *args, GError **error)
{
  const char *reason = args_text(args, "reason");

  if (reason != NULL && reason[strspn(reason, " \t　")] == '\0') {
    g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE, "--reason: it is empty");
    return false;
  }
  if (row == NULL || strcmp(row->state, "published") != 0 || reason != NULL)
    return true;
  g_set_error(
      error, CLI_ERROR, CLI_ERROR_USAGE,
      "--reason TEXT is missing: %s is published, and this begins its correction, which tells everyone "
      "why",
      row->number);
  return false;
}

/* The work inside the open transaction. */
static bool draft(Db *db, const AuditContext *context, const Args *args, AdvisoryRow **ret_stored,
                  bool *ret_changed, GError **error)
{
  g_autoptr(AdvisoryRow) row = NULL;
  g_autoptr(Advisory) content = NULL;
  gint64 id = 0;

  return find(db, args_word(args, 0), &row, &content, error) && check_reason(row, args, error) &&
         advisory_edit_apply(db, args, content, error) &&
         advisory_store_put_draft(db, context, row, content, args_text(args, "reason"), &id, ret_changed,
                                  error) &&
         advisory_store_load(db, id, ret_stored, error) && db_commit(db, error);
}

static void print(Cli *cli, const AdvisoryRow *row, bool changed)
{
  g_autofree char *name = advisory_view_name(row);
  g_autoptr(Json) document = advisory_view_json(row);

  if (cli_json(cli)) {
    json_object_set_new(document, "changed", json_boolean(changed));
    cli_print_json(document);
    return;
  }
  advisory_view_warn(row);
  printf("%s: %s, a %s about %u %s\n", name, changed ? "drafted" : "unchanged",
         notice_kind_key(row->content->kind), row->content->releases->len,
         row->content->releases->len == 1 ? "release" : "releases");
  printf("Next: kigen advisory preview %s\n", row->number);
}

static bool draft_run(Cli *cli, const Args *args, GError **error)
{
  g_autoptr(AdvisoryRow) row = NULL;
  AuditContext context = { 0 };
  bool changed = false;
  Db *db = NULL;

  if (!cli_write(cli, args, &db, &context, error) || !db_begin(db, error) ||
      !draft(db, &context, args, &row, &changed, error))
    return false;
  print(cli, row, changed);
  return true;
}

const Command cmd_advisory_draft = {
  .name = "draft",
  .summary = "Write an advisory, change its draft, or begin its correction",
  .words = "KIND | NUMBER",
  .min_words = 1,
  .max_words = 1,
  .options = { advisory_edit_options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_PLANNER) | ROLE_BIT(ROLE_SAFETY_OFFICER) | ROLE_BIT(ROLE_QUALITY) |
           ROLE_BIT(ROLE_GENERAL_MANAGER),
  .run = draft_run,
};
