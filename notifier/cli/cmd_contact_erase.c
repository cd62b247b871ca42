#include "db/contact_erase.h"
#include "db/contact_record.h"
#include "db/proof_retention.h"
#include "notifier/cli/cmd.h"
#include "notifier/cli/contact_retention.h"

#define RETENTION_REASON "retention period over"

static const ArgOption options[] = {
  { "expired", NULL, "everybody whom kigen contact list --expired shows and who may go" },
  { "all-organizations", NULL, "the same person (by e-mail address) in every organization" },
  { "dry-run", NULL, "say what would go, and change nothing" },
  { NULL },
};

static const char help[] = "For good. Refused while the person looks after a unit in use, nobody else is "
                           "reached there, or a message to "
                           "them is\n"
                           "under way. What goes: name, address and all else in the contact's row; what "
                           "their messages were rendered "
                           "from; their\n"
                           "name in a relay's answers, in confirmations and in the audit trail. What stays: "
                           "that somebody was told what and "
                           "when,\n"
                           "with the mail's digest; the trail still verifies. What waits for them goes to "
                           "who is reached in their place.\n"
                           "\n"
                           "The store's file is written anew, so that nothing is left in it. Backups, "
                           "exports and delivered mails are yours to "
                           "delete.\n"
                           "An import refuses a row that brings them back, unless its valid_from lies after "
                           "the day they were erased.";

/* What a run erases, and what it did. */
typedef struct {
  GPtrArray *rows;  /* ContactRow, not owned unless `found` is them */
  GPtrArray *found; /* owned: what was looked up by name */
  ContactRetention retention;
  const char *reason;
  ContactErased erased;
  gint64 proofs;
} Erasure;

static void erasure_clear(Erasure *erasure)
{
  g_clear_pointer(&erasure->rows, g_ptr_array_unref);
  g_clear_pointer(&erasure->found, g_ptr_array_unref);
  contact_retention_clear(&erasure->retention);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Erasure, erasure_clear)

static bool refuse_usage(const char *why, GError **error)
{
  g_set_error_literal(error, CLI_ERROR, CLI_ERROR_USAGE, why);
  return false;
}

static bool check_words(const Args *args, GError **error)
{
  bool expired = args_flag(args, "expired");

  if (expired && (args_count(args) > 0 || args_flag(args, "all-organizations")))
    return refuse_usage("--expired says whom: give no name with it", error);
  if (!expired && args_count(args) != 2)
    return refuse_usage("expected ORGANIZATION NAME, or --expired", error);
  if (!expired && args_text(args, "reason") == NULL)
    return refuse_usage("--reason TEXT: why they are erased, without their name (\"request of 2027-03-01\")",
                        error);
  return true;
}

/* The contact that the words name, and with --all-organizations the same person elsewhere. */
static bool find_named(Db *db, const Args *args, Erasure *erasure, GError **error)
{
  g_autoptr(ContactRow) row = NULL;
  g_autoptr(GPtrArray) same = NULL;

  if (!contact_list_find(db, args_word(args, 0), args_word(args, 1), &row, error) ||
      !contact_list_same(db, row, &same, error))
    return false;
  if (!args_flag(args, "all-organizations")) {
    for (guint i = 0; i < same->len; i++) {
      const ContactRow *other = same->pdata[i];

      cli_warn("the same address is a contact of %s too (%s): --all-organizations erases it everywhere",
               other->organization_code, other->name);
    }
    g_ptr_array_set_size(same, 0);
  }
  g_ptr_array_insert(same, 0, g_steal_pointer(&row));
  erasure->found = g_steal_pointer(&same);
  erasure->rows = g_ptr_array_ref(erasure->found);
  return true;
}

static bool find(Cli *cli, Db *db, const Args *args, Day today, Erasure *erasure, GError **error)
{
  if (!args_flag(args, "expired"))
    return find_named(db, args, erasure, error);
  if (!contact_retention_load(cli, db, today, &erasure->retention, error))
    return false;
  erasure->rows = g_ptr_array_ref(erasure->retention.free);
  for (guint i = 0; i < erasure->retention.kept->len; i++)
    if (erasure->retention.kept->pdata[i] != NULL)
      cli_warn("kept: %s", (const char *)erasure->retention.kept->pdata[i]);
  return true;
}

/* Without the key an erased person cannot be known again: erased they are all the same. */
static LinkKey *load_key(const Db *db)
{
  g_autofree char *path = link_key_path(db_path(db));
  g_autoptr(GError) error = NULL;
  LinkKey *key = NULL;

  if (!link_key_load(path, &key, &error))
    cli_warn("a file that names them still could bring them back: %s", error->message);
  return key;
}

/* Says which texts name them and stay: what was published, agreed or assessed never changes. */
static bool warn_of_mentions(Db *db, const Erasure *erasure, GError **error)
{
  for (guint i = 0; i < erasure->rows->len; i++) {
    const ContactRow *row = erasure->rows->pdata[i];
    g_autoptr(Person) person = person_new(row->name, row->email);
    g_autoptr(GPtrArray) mentions = NULL;

    if (!contact_record_mentions(db, person, &mentions, error))
      return false;
    for (guint j = 0; j < mentions->len; j++)
      cli_warn("%s names them, and stays as it is", ((const ContactMention *)mentions->pdata[j])->where);
  }
  return true;
}

/* Inside the transaction. */
static bool erase(Cli *cli, Db *db, const Args *args, const AuditContext *context, Erasure *erasure,
                  GError **error)
{
  g_autoptr(LinkKey) key = load_key(db);

  erasure->reason = args_text(args, "reason") != NULL ? args_text(args, "reason") : RETENTION_REASON;
  return find(cli, db, args, context->today, erasure, error) && warn_of_mentions(db, erasure, error) &&
         contact_erase(db, context, erasure->rows, key, erasure->reason, &erasure->erased, error) &&
         (erasure->retention.proofs == 0 || proof_retention_erase(db, context, erasure->retention.proof_limit,
                                                                  erasure->reason, &erasure->proofs, error));
}

/* The pages that hold what is gone. */
static bool wipe(Db *db, const Erasure *erasure, GError **error)
{
  const ContactRow *row = erasure->rows->len > 0 ? erasure->rows->pdata[0] : NULL;
  g_autofree char *again = row != NULL ? g_strdup_printf("kigen contact erase %s " CONTACT_ERASED_PREFIX
                                                         "%" G_GINT64_FORMAT " --reason ...",
                                                         row->organization_code, row->id)
                                       : g_strdup("kigen contact erase of anybody who is erased");
  bool clean = false;

  if (!db_wipe(db, &clean, error)) {
    g_prefix_error(
        error,
        "they are erased, but what was overwritten is still in the file (write it anew by %s): ", again);
    return false;
  }
  if (clean)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_ENVIRONMENT,
              "they are erased, but a program that reads the store keeps what was overwritten in its log: "
              "end it, then %s",
              again);
  return false;
}

static Json *people_json(const Erasure *erasure)
{
  Json *list = json_array();

  for (guint i = 0; i < erasure->rows->len; i++) {
    const ContactRow *row = erasure->rows->pdata[i];
    g_autofree char *name = g_strdup_printf(CONTACT_ERASED_PREFIX "%" G_GINT64_FORMAT, row->id);

    json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:b}", "contact", (json_int_t)row->id,
                                          "organization", row->organization_code, "name", name, "before",
                                          row->erased_on != DAY_NONE));
  }
  return list;
}

static void print_json(const Erasure *erasure, bool dry_run)
{
  const ContactErased *erased = &erasure->erased;
  g_autoptr(Json) document =
      json_pack("{s:b, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "dry_run", dry_run, "erased",
                people_json(erasure), "messages", (json_int_t)erased->messages, "contexts",
                (json_int_t)erased->contexts, "details", (json_int_t)erased->details, "deeds",
                (json_int_t)erased->deeds, "payloads", (json_int_t)erased->payloads, "readdressed",
                (json_int_t)erased->readdressed, "expired_contexts", (json_int_t)erasure->proofs);

  cli_print_json(document);
}

static void print_text(const Erasure *erasure, bool dry_run)
{
  const ContactErased *erased = &erasure->erased;
  const struct {
    gint64 count;
    const char *one, *many;
  } lines[] = {
    { erased->contexts, "message's content", "messages' contents" },
    { erased->details, "answer of a relay", "answers of a relay" },
    { erased->deeds, "name in a confirmation", "names in confirmations" },
    { erased->payloads, "payload of the audit trail", "payloads of the audit trail" },
    { erasure->proofs, "content of a message whose time was over",
      "contents of messages whose time was over" },
  };

  for (guint i = 0; i < erasure->rows->len; i++) {
    const ContactRow *row = erasure->rows->pdata[i];

    printf("%s %s: %s" CONTACT_ERASED_PREFIX "%" G_GINT64_FORMAT "\n", row->organization_code, row->name,
           row->erased_on != DAY_NONE ? "was erased before, is "
           : dry_run                  ? "would be "
                                      : "is now ",
           row->id);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
    if (lines[i].count > 0)
      printf("%s: %" G_GINT64_FORMAT " %s\n", dry_run ? "would go" : "gone", lines[i].count,
             lines[i].count == 1 ? lines[i].one : lines[i].many);
  if (erased->readdressed > 0)
    printf("to others: %" G_GINT64_FORMAT " %s that waited\n", erased->readdressed,
           erased->readdressed == 1 ? "message" : "messages");
  if (erased->people + erasure->proofs == 0 && erasure->rows->len == 0)
    printf("nobody and nothing to erase\n");
  else if (!dry_run)
    printf("The store's file was written anew. Delete or replace yourself: backups made before, exports, and "
           "mails "
           "in a maildir.\n");
}

static bool run(Cli *cli, const Args *args, GError **error)
{
  g_auto(Erasure) erasure = { 0 };
  bool dry_run = args_flag(args, "dry-run");
  AuditContext context = { 0 };
  Db *db = NULL;

  if (!check_words(args, error) || !cli_write(cli, args, &db, &context, error) || !db_begin(db, error) ||
      !erase(cli, db, args, &context, &erasure, error))
    return false;
  if (dry_run)
    db_rollback(db);
  else if (!db_commit(db, error) ||
           (erasure.rows->len + (guint)erasure.proofs > 0 && !wipe(db, &erasure, error)))
    return false;
  if (cli_json(cli))
    print_json(&erasure, dry_run);
  else
    print_text(&erasure, dry_run);
  return true;
}

const Command cmd_contact_erase = {
  .name = "erase",
  .summary = "Erase a person, for good; or everybody whose time is over",
  .words = "ORGANIZATION NAME | --expired",
  .max_words = 2,
  .options = { options, cli_by_option, cli_reason_option },
  .help = help,
  .roles = ROLE_BIT(ROLE_ADMIN),
  .run = run,
};
