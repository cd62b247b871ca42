#include "db/maker_store.h"
#include "db/outbox_letter.h"
#include "db/setting_store.h"
#include "notifier/cli/advisory_audience.h"
#include "notifier/cli/advisory_edit.h"
#include "notifier/cli/advisory_view.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/organization_match.h"
#include "notifier/mail/letter_context.h"
#include "notifier/template/template_set.h"

#include <string.h>

static const ArgOption options[] = {
  { "for", "ORGANIZATION", "whose mail to show (default: of a hospital that reads that language)" },
  { "language", "L", "only that one, ja or en, whatever the contact reads" },
  { "html", "FILE", "write the mail's page there, instead of showing its text" },
  { NULL },
};

static const char help[] =
    "Shows what publishing would do, and writes nothing into the store: to how many organizations it goes by "
    "which route, who\n"
    "is not reached, and the mail as one of them reads it, in both languages. --json names everybody. --html "
    "takes one\n"
    "language: the contact's, unless --language says which.";

static const char *const languages[] = { "ja", "en" };

/* What a mail is rendered from. */
typedef struct {
  Db *db;
  AdvisoryRow *row;
  GPtrArray *recipients; /* of AdvisoryRecipient */
  gint64 organization;   /* of --for; 0: none was given */
  TemplateSet *templates;
  GHashTable *maker;
  Setting setting;
  char *from_name, *from_address;
  Day today;
  const char *now;
} Preview;

static void preview_clear(Preview *preview)
{
  advisory_row_free(preview->row);
  g_clear_pointer(&preview->recipients, g_ptr_array_unref);
  template_set_free(preview->templates);
  g_clear_pointer(&preview->maker, g_hash_table_unref);
  setting_clear(&preview->setting);
  g_free(preview->from_name);
  g_free(preview->from_address);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Preview, preview_clear)

/* How well the mail to `recipient` shows how it reads in `language`: it is theirs, they use the devices. */
static int fitness(const AdvisoryRecipient *recipient, const char *language)
{
  bool user = strcmp(recipient->role, "hospital") == 0 || strcmp(recipient->role, "clinic") == 0;

  return (strcmp(recipient->language, language) == 0 ? 4 : 0) + (user ? 2 : 0) + (recipient->contact != NULL);
}

/* Whose mail to show in `language`: of --for, else of whom it fits best. 0: nobody holds anything. */
static gint64 choose(const Preview *preview, const char *language)
{
  const AdvisoryRecipient *best = NULL;

  for (guint i = 0; i < preview->recipients->len; i++) {
    const AdvisoryRecipient *recipient = preview->recipients->pdata[i];

    if (best == NULL || fitness(recipient, language) > fitness(best, language))
      best = recipient;
  }
  return preview->organization != 0 || best == NULL ? preview->organization : best->organization;
}

/* One part ("subject", "txt", "html") of the mail to `organization`; `language` NULL: the contact's. */
static bool render(const Preview *preview, gint64 organization, const char *language, const char *part,
                   char **ret_text, GError **error)
{
  LetterStyle style = { .today = preview->today,
                        .now = preview->now,
                        .from_name = preview->from_name,
                        .from_address = preview->from_address,
                        .uid_domain = preview->setting.uid_domain,
                        .maker = preview->maker };
  g_autoptr(OutboxLetter) letter = NULL;
  g_autoptr(GString) out = g_string_new(NULL);

  if (!outbox_letter_imagine(preview->db, preview->row->id, organization, preview->today, &letter, error))
    return false;
  if (language != NULL) {
    g_free(letter->language);
    letter->language = g_strdup(language);
  }

  g_autoptr(Json) context = letter_context_json(letter, &style);
  g_autofree char *name = g_strdup_printf("mail/%s/letter.%s", letter->language, part);

  if (!template_set_render(preview->templates, name, context, out, error))
    return false;
  *ret_text = g_strdup(out->str);
  return true;
}

static void print_text(const char *text)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    term_put(stdout, lines[i], 0);
    printf("\n");
  }
}

static bool print_mail(const Preview *preview, const char *language, GError **error)
{
  gint64 organization = choose(preview, language);
  g_autofree char *subject = NULL;
  g_autofree char *text = NULL;

  if (organization == 0)
    return true;
  if (!render(preview, organization, language, "subject", &subject, error) ||
      !render(preview, organization, language, "txt", &text, error))
    return false;
  printf("\n======== %s: ", language);
  term_put(stdout, subject, 0);
  printf("\n\n");
  print_text(text);
  return true;
}

/* `language` NULL: both. */
static bool print_mails(const Preview *preview, const char *language, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
    if ((language == NULL || strcmp(language, languages[i]) == 0) &&
        !print_mail(preview, languages[i], error))
      return false;
  return true;
}

static bool write_page(const Preview *preview, const char *language, const char *path, GError **error)
{
  gint64 organization = choose(preview, language != NULL ? language : "ja");
  g_autoptr(GError) problem = NULL;
  g_autofree char *page = NULL;

  if (organization == 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "nobody holds one of its releases, so there is no mail to show: --for ORGANIZATION");
    return false;
  }
  if (!render(preview, organization, language, "html", &page, error))
    return false;
  if (g_file_set_contents(path, page, -1, &problem))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT, "%s", problem->message);
  return false;
}

/* A mail as JSON; null where there is nobody to write to. */
static bool mail_json(const Preview *preview, const char *language, Json **ret_mail, GError **error)
{
  gint64 organization = choose(preview, language);
  g_autofree char *subject = NULL;
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;

  if (organization == 0) {
    *ret_mail = json_null();
    return true;
  }
  if (!render(preview, organization, language, "subject", &subject, error) ||
      !render(preview, organization, language, "txt", &text, error) ||
      !render(preview, organization, language, "html", &html, error))
    return false;
  *ret_mail = json_pack("{s:s, s:s, s:s}", "subject", subject, "text", text, "html", html);
  return true;
}

static bool print_json(const Preview *preview, const char *language, GError **error)
{
  g_autoptr(Json) document = advisory_view_json(preview->row);
  Json *mails = json_object();

  json_object_set_new(document, "recipients", advisory_audience_json(preview->recipients));
  json_object_set_new(document, "mails", mails);
  for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
    Json *mail = NULL;

    if (language != NULL && strcmp(language, languages[i]) != 0)
      continue;
    if (!mail_json(preview, languages[i], &mail, error))
      return false;
    json_object_set_new(mails, languages[i], mail);
  }
  cli_print_json(document);
  return true;
}

static bool print(Cli *cli, const Args *args, const Preview *preview, GError **error)
{
  const char *language = args_text(args, "language"), *path = args_text(args, "html");
  g_autofree char *name = advisory_view_name(preview->row);

  if (path != NULL && !write_page(preview, language, path, error))
    return false;
  if (cli_json(cli))
    return print_json(preview, language, error);
  advisory_view_warn(preview->row);
  printf("%s (%s, %s): to %u %s\n", name, notice_kind_key(preview->row->content->kind), preview->row->state,
         preview->recipients->len, preview->recipients->len == 1 ? "organization" : "organizations");
  advisory_audience_print(preview->recipients);
  if (path == NULL)
    return print_mails(preview, language, error);
  printf("the page is in %s\n", path);
  return true;
}

static bool check_language(const Args *args, GError **error)
{
  const char *language = args_text(args, "language");

  if (language == NULL || strcmp(language, "ja") == 0 || strcmp(language, "en") == 0)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--language %s: ja or en?", language);
  return false;
}

/* All that is shown, as one state of the store. */
static bool show(Cli *cli, const Args *args, Preview *preview, GError **error)
{
  const char *whose = args_text(args, "for");

  return advisory_edit_find(preview->db, args_word(args, 0), &preview->row, error) &&
         (whose == NULL || organization_match_find(preview->db, whose, &preview->organization, error)) &&
         maker_store_load(preview->db, &preview->maker, error) &&
         setting_store_load(preview->db, &preview->setting, error) &&
         advisory_telling_recipients(preview->db, preview->row->id, preview->today, &preview->recipients,
                                     error) &&
         print(cli, args, preview, error);
}

static bool preview_run(Cli *cli, const Args *args, GError **error)
{
  g_auto(Preview) preview = { 0 };
  AuditContext context = { 0 };
  const Config *config = NULL;

  if (!check_language(args, error) || !cli_store(cli, DB_READ, &preview.db, error) ||
      !cli_config(cli, &config, error) || !cli_context(cli, args, &context, error) ||
      !template_set_load(&preview.templates, error) || !db_begin_read(preview.db, error))
    return false;
  if (config->mail.from != NULL)
    config_mail_split(config->mail.from, &preview.from_name, &preview.from_address);
  preview.today = context.today;
  preview.now = context.now;

  bool done = show(cli, args, &preview, error);

  db_end_read(preview.db);
  return done;
}

const Command cmd_advisory_preview = {
  .name = "preview",
  .summary = "Show whom an advisory goes to, and its mail",
  .words = "NUMBER",
  .min_words = 1,
  .max_words = 1,
  .options = { options },
  .help = help,
  .run = preview_run,
};
