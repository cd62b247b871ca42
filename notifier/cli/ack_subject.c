#include "notifier/cli/ack_subject.h"

#include "db/maker_store.h"
#include "notifier/cli/advisory_edit.h"
#include "notifier/cli/code_match.h"
#include "notifier/cli/document_name.h"

#include <string.h>

/* Who says it, and what. */
typedef struct {
  Db *db;
  gint64 organization;
  const char *name, *word;
  AcknowledgementKind kind;
} Asked;

void ack_subject_clear(AckSubject *subject)
{
  acknowledgement_request_free(subject->request);
}

bool ack_subject_is_release(const char *word)
{
  return strchr(word, '/') != NULL;
}

/* As numbers are compared: 「ｋｇ－ａ０００１」 is KG-A0001. Own string. */
static char *plain(const char *word)
{
  g_autofree char *normal = g_utf8_normalize(word, -1, G_NORMALIZE_NFKC);

  return g_strstrip(g_utf8_strup(normal != NULL ? normal : word, -1));
}

/* What was made for them is not in their hands: `word` cannot be what they hold. */
static bool refuse_newer(const Asked *asked, const char *word, const AcknowledgementNewer *newer,
                         GError **error)
{
  g_set_error(
      error, CLI_ERROR, CLI_ERROR_REFUSED,
      "%s: the %s of revision %d has not come to %s: message %" G_GINT64_FORMAT
      " is %s (kigen outbox show %" G_GINT64_FORMAT "). Paper that went is recorded first (kigen outbox "
      "sent, handed); where they do hold it, its confirmation number (確認番号) says so: kigen outbox "
      "ack CODE",
      word, notice_kind_key(newer->kind), newer->revision, asked->name, newer->message,
      outbox_state_key(newer->state), newer->message);
  return false;
}

/* Nothing of `release` was made for them that they could confirm. */
static bool refuse_early(const Asked *asked, const char *release, bool concerned, GError **error)
{
  if (!concerned)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "no plan of %s that concerns %s is in force: kigen plan show %s", release, asked->name,
                release);
  else if (asked->kind == ACKNOWLEDGEMENT_RECEIPT)
    g_set_error(
        error, CLI_ERROR, CLI_ERROR_REFUSED,
        "neither announcement nor change of the plan of %s in force was addressed to %s: kigen outbox list "
        "--organization %s",
        release, asked->name, asked->name);
  else
    g_set_error(
        error, CLI_ERROR, CLI_ERROR_REFUSED,
        "no notice of EOS of %s was addressed to %s yet, so there is nothing to confirm: kigen schedule %s "
        "shows when one falls due",
        release, asked->name, release);
  return false;
}

static bool find_release(const Asked *asked, AckSubject *subject, GError **error)
{
  bool concerned = false;
  gint64 release = 0;

  if (!document_name_find_release(asked->db, asked->word, &release, error) ||
      !acknowledgement_store_find(asked->db, release, asked->organization, asked->kind, &subject->notice,
                                  &concerned, error))
    return false;
  if (subject->notice.notice != 0)
    return true;
  return subject->notice.newer.message != 0 ? refuse_newer(asked, asked->word, &subject->notice.newer, error)
                                            : refuse_early(asked, asked->word, concerned, error);
}

/* Of a product the one release that they were told of. */
static bool find_product(const Asked *asked, AckSubject *subject, GError **error)
{
  g_autofree char *all = g_strconcat(asked->word, "/*", NULL);
  g_autoptr(GPtrArray) releases = NULL;
  g_autoptr(GString) told = g_string_new(NULL);
  AcknowledgementNewer newer = { 0 };
  guint n = 0;

  if (!document_store_targets(asked->db, all, &releases, error))
    return false;
  for (guint i = 0; i < releases->len; i++) {
    const DocumentTarget *target = releases->pdata[i];
    AcknowledgementNotice notice = { 0 };
    bool concerned;

    if (!acknowledgement_store_find(asked->db, target->release, asked->organization, asked->kind, &notice,
                                    &concerned, error))
      return false;
    if (notice.notice == 0) {
      newer = notice.newer.message != 0 ? notice.newer : newer;
      continue;
    }

    g_autofree char *name = document_name_target(target);

    g_string_append_printf(told, "%s%s", n++ > 0 ? ", " : "", name);
    subject->notice = notice;
  }
  if (n == 0)
    return newer.message != 0 ? refuse_newer(asked, asked->word, &newer, error)
                              : refuse_early(asked, asked->word, true, error);
  if (n > 1)
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s: %s was told of %s: name one release of them",
                asked->word, asked->name, told->str);
  return n == 1;
}

static bool find_advisory(const Asked *asked, const char *number, AckSubject *subject, GError **error)
{
  if (asked->kind == ACKNOWLEDGEMENT_TRANSFER) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s is an advisory: it asks for a receipt, never for a transfer", number);
    return false;
  }
  if (!acknowledgement_store_find_advisory(asked->db, number, asked->organization, &subject->notice, error))
    return false;
  if (subject->notice.notice == 0 && subject->notice.newer.message != 0)
    return refuse_newer(asked, number, &subject->notice.newer, error);
  if (subject->notice.notice == 0)
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s was not addressed to %s: kigen outbox list --organization %s", number, asked->name,
                asked->name);
  return subject->notice.notice != 0;
}

/* The message that `word`, in plain, is the document number of; 0: it looks like none. */
static bool read_document(Db *db, const char *word, gint64 *ret_message, GError **error)
{
  const char *dash = strrchr(word, '-');
  g_autoptr(GHashTable) maker = NULL;
  gint64 id = 0;

  *ret_message = 0;
  if (dash == NULL || strlen(dash + 1) < strlen("000000") || dash[1 + strspn(dash + 1, "0123456789")] != '\0')
    return true;
  if (!maker_store_load(db, &maker, error))
    return false;

  const char *series = g_hash_table_lookup(maker, "document_series");
  g_autofree char *ours = plain(series != NULL ? series : ADVISORY_SERIES);
  g_autofree char *theirs = g_strndup(word, (gsize)(dash - word));

  if (strcmp(ours, theirs) == 0 && g_ascii_string_to_signed(dash + 1, 10, 0, G_MAXINT64, &id, NULL))
    *ret_message = id;
  return true;
}

/* Whether anybody can read the number of a letter in `state` from it: of what is printed somebody may have
 * posted it and not said so. */
static bool is_out(OutboxState state)
{
  static const bool out[OUTBOX_STATE_COUNT] = {
    [OUTBOX_SENDING] = true, [OUTBOX_ACCEPTED] = true, [OUTBOX_UNKNOWN] = true,
    [OUTBOX_PRINTED] = true, [OUTBOX_SENT] = true,     [OUTBOX_HANDED] = true,
  };

  return out[state];
}

static bool check_out(const Asked *asked, const AcknowledgementRequest *letter, GError **error)
{
  if (is_out(letter->state))
    return true;
  g_set_error(
      error, CLI_ERROR, CLI_ERROR_REFUSED,
      "%s: that letter is %s (kigen outbox show %" G_GINT64_FORMAT "), so it is not known to be with %s: "
      "have the number read out again; where they do hold it, its confirmation number (確認番号) says "
      "so: kigen outbox ack CODE",
      asked->word, outbox_state_key(letter->state), letter->message, asked->name);
  return false;
}

static bool find_letter(const Asked *asked, gint64 message, AckSubject *subject, GError **error)
{
  g_autoptr(AcknowledgementRequest) request = NULL;

  if (!acknowledgement_request_load(asked->db, message, &request, error))
    return false;
  if (request != NULL)
    acknowledgement_request_keep(request, asked->organization);
  if (request == NULL || request->items->len == 0) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s: no letter of that number told %s anything: have it read out again, or look: kigen "
                "outbox list --organization %s",
                asked->word, asked->name, asked->name);
    return false;
  }
  if (!check_out(asked, request, error))
    return false;
  subject->request = g_steal_pointer(&request);
  return code_match_check_open(asked->word, subject->request, asked->kind, error);
}

/* "KG-A0001", or "A0001". */
static bool looks_like_advisory(const char *number)
{
  const char *dash = strrchr(number, '-');
  const char *last = dash != NULL ? dash + 1 : number;

  return last[0] == 'A' && last[1] != '\0' && last[1 + strspn(last + 1, "0123456789")] == '\0';
}

/* What is neither product nor advisory: a letter. */
static bool find_number(const Asked *asked, const char *number, gint64 message, AckSubject *subject,
                        GError **error)
{
  if (message != 0)
    return find_letter(asked, message, subject, error);
  if (looks_like_advisory(number)) {
    g_autoptr(AdvisoryRow) none = NULL;

    return advisory_edit_find(asked->db, number, &none, error); /* refused, with the nearest */
  }
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
              "%s is no product, no advisory and no letter's document number: PRODUCT/RELEASE names a "
              "release (kigen plan show), kigen advisory list the advisories",
              asked->word);
  return false;
}

/* A product, and a number that is given too. */
static bool refuse_ambiguous(const Asked *asked, const char *advisory, const char *letter, GError **error)
{
  g_set_error(
      error, CLI_ERROR, CLI_ERROR_USAGE,
      "%s is a product%s%s: say PRODUCT/RELEASE for the product, the confirmation number (確認番号) of "
      "their letter, alone, for the %s",
      asked->word, advisory, letter, advisory[0] != '\0' ? "advisory" : "letter");
  return false;
}

static bool find_word(const Asked *asked, AckSubject *subject, GError **error)
{
  g_autofree char *number = plain(asked->word);
  g_autoptr(AcknowledgementRequest) letter = NULL;
  g_autoptr(AdvisoryRow) advisory = NULL;
  g_autoptr(GPtrArray) products = NULL;
  gint64 message = 0;

  if (!document_store_targets(asked->db, asked->word, &products, error) ||
      !advisory_edit_find_any(asked->db, number, &advisory, error) ||
      !read_document(asked->db, number, &message, error) ||
      (message != 0 && !acknowledgement_request_load(asked->db, message, &letter, error)))
    return false;
  if (products->len > 0 && (advisory != NULL || letter != NULL))
    return refuse_ambiguous(asked, advisory != NULL ? " and an advisory" : "",
                            letter != NULL ? " and the document number of a letter" : "", error);
  if (products->len > 0)
    return find_product(asked, subject, error);
  return advisory != NULL ? find_advisory(asked, advisory->number, subject, error)
                          : find_number(asked, number, message, subject, error);
}

/* Who confirms, confirms one thing. */
static bool check_one(const char *word, GError **error)
{
  if (strpbrk(word, "*?") == NULL)
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE,
              "%s: no wildcards here: say the one release, advisory or letter that is confirmed", word);
  return false;
}

bool ack_subject_find(Db *db, gint64 organization, const char *name, const char *word,
                      AcknowledgementKind kind, AckSubject *ret_subject, GError **error)
{
  const Asked asked = { db, organization, name, word, kind };
  g_auto(AckSubject) subject = { 0 };

  if (!check_one(word, error))
    return false;
  if (!(ack_subject_is_release(word) ? find_release(&asked, &subject, error)
                                     : find_word(&asked, &subject, error)))
    return false;
  *ret_subject = subject;
  subject = (AckSubject){ 0 };
  return true;
}
