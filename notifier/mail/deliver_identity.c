#include "notifier/mail/deliver_identity.h"

#include "db/audit_head.h"
#include "db/maker_store.h"
#include "db/setting_store.h"
#include "notifier/mail/verp.h"
#include "planner/email_address.h"

static bool check_address(const char *what, const char *address, bool (*check)(const char *, GError **),
                          GError **error)
{
  g_autoptr(GError) inner = NULL;

  if (address == NULL || check(address, &inner))
    return true;
  g_set_error(error, DELIVER_ERROR, DELIVER_ERROR_SENDER, "%s: %s", what, inner->message);
  return false;
}

/* Own string: as given, else the maker's, else one of the store's domain. */
static char *choose_sender(const DeliverOptions *options, GHashTable *maker, const Setting *setting)
{
  const char *email = g_hash_table_lookup(maker, "email");

  if (options->from_address != NULL)
    return g_strdup(options->from_address);
  if (email != NULL && email_address_check(email, NULL))
    return g_strdup(email);
  return g_strconcat("kigen@", setting->uid_domain, NULL);
}

/* The trail's end as it is now; NULL without a key. */
static bool sign_head(Db *db, const DeliverOptions *options, const AuditContext *audit, char **ret_lines,
                      GError **error)
{
  AuditPoint end;

  if (options->sign_key == NULL)
    return true;
  if (!audit_load_end(db, &end, error))
    return false;

  AuditHead head = audit_head_sign(options->sign_key, &end, audit->now);

  *ret_lines = audit_head_format_lines(&head);
  return true;
}

bool deliver_identity_style(Db *db, const DeliverOptions *options, const AuditContext *audit,
                            DeliverStyle **ret_style, GError **error)
{
  g_auto(Setting) setting = { 0 };
  g_autoptr(GHashTable) maker = NULL;
  g_autofree char *head = NULL;
  g_autofree char *from = NULL;

  if (!setting_store_load(db, &setting, error) || !maker_store_load(db, &maker, error) ||
      !sign_head(db, options, audit, &head, error))
    return false;
  from = choose_sender(options, maker, &setting);
  if (!check_address("mail.from", from, email_address_check, error))
    return false;

  bool verp = options->bounce_address != NULL && options->key != NULL;
  DeliverStyleOptions style = { .today = audit->today,
                                .from_name = options->from_name,
                                .from_address = from,
                                .return_path = verp ? options->bounce_address : from,
                                .verp = verp,
                                .base_url = options->base_url,
                                .key = options->key,
                                .reply_to = options->reply_to,
                                .uid_domain = setting.uid_domain,
                                .audit_head = head,
                                .maker = maker,
                                .templates = options->templates };

  *ret_style = deliver_style_new(&style);
  return true;
}

bool deliver_identity_check(Db *db, const DeliverOptions *options, GError **error)
{
  g_autoptr(DeliverStyle) style = NULL;

  return check_address("mail.reply_to", options->reply_to, email_address_check, error) &&
         check_address("mail.bounces", options->bounce_address, verp_check_mailbox, error) &&
         deliver_identity_style(db, options, &options->actor, &style, error);
}
