#include "notifier/cli/code_match.h"

#include "notifier/cli/cli_error.h"

bool code_match_find(Cli *cli, Db *db, const char *word, AcknowledgementRequest **ret_request, GError **error)
{
  g_autofree char *path = link_key_path(cli_store_path(cli));
  g_autoptr(AcknowledgementRequest) request = NULL;
  g_autoptr(LinkKey) key = NULL;
  ShortCode code;

  if (!short_code_parse(word, &code)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s: no confirmation number, or misheard: it is the message's number and two groups of four, "
                "like 123-K7QM-9XHD, without 0, 1, 2, 5, 8, B, I, L, O, S, U, V or Z in the groups; have it "
                "read out again. The number of an advisory or of a letter goes with who confirms it: "
                "kigen outbox ack ORGANIZATION NUMBER",
                word);
    return false;
  }
  if (!link_key_load(path, &key, error) || !acknowledgement_request_by_code(db, key, &code, &request, error))
    return false;
  if (request == NULL) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED,
                "%s: no letter of this store has that confirmation number: have it read out again", word);
    return false;
  }
  *ret_request = g_steal_pointer(&request);
  return true;
}

/* Why none is open. */
static const char *why_not(const AcknowledgementRequest *request, AcknowledgementKind kind)
{
  bool asked = false, given = false;

  for (guint i = 0; i < request->items->len; i++) {
    const AcknowledgementItem *item = request->items->pdata[i];

    asked |= item->asked[kind] || kind == ACKNOWLEDGEMENT_RECEIPT;
    given |= item->given[kind];
  }
  if (!asked)
    return "nothing in this letter asks for it";
  return given ? "it was confirmed already, and nothing is recorded twice"
               : "a newer revision has another EOS, which another letter tells";
}

bool code_match_check_open(const char *word, const AcknowledgementRequest *request, AcknowledgementKind kind,
                           GError **error)
{
  if (acknowledgement_request_any_open(request, kind))
    return true;
  g_set_error(error, CLI_ERROR, CLI_ERROR_REFUSED, "%s, %s: %s (kigen outbox show %" G_GINT64_FORMAT ")",
              word, acknowledgement_kind_key(kind), why_not(request, kind), request->message);
  return false;
}
