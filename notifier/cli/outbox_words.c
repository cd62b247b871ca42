#include "notifier/cli/outbox_words.h"

#include "notifier/cli/suggest.h"
#include "planner/notice_kind.h"

#include <string.h>

const ArgOption outbox_words_options[] = {
  { "state", "S", "only messages in that state (pending, accepted, failed …)" },
  { "organization", "CODE", "only messages to that organization" },
  { "channel", "C", "only messages over that channel (mail, letter …)" },
  { "kind", "K", "only messages with a notice of that kind (eol-reminder …)" },
  { "release", "P[/R]", "only messages about that product or release" },
  { "due-from", "DAY", "only messages due on that day or later" },
  { "due-to", "DAY", "only messages due on that day or earlier" },
  { NULL },
};

static const char *const channels[] = { "mail", "webhook", "letter", "fax", "hand", "relay", NULL };

/* Refuses a word that `key_of` does not give for any number below `n`. */
static bool refuse(const char *option, const char *word, const char *const *known, GError **error)
{
  g_autofree char *hint = suggest_hint(word, known);

  g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "--%s %s: %s", option, word, hint);
  return false;
}

static bool check_state(const char *word, OutboxState *ret_state, GError **error)
{
  const char *known[OUTBOX_STATE_COUNT + 1] = { NULL };

  if (word == NULL || outbox_state_parse(word, ret_state))
    return true;
  for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
    known[i] = outbox_state_key((OutboxState)i);
  return refuse("state", word, known, error);
}

static bool check_kind(const char *word, GError **error)
{
  const char *known[NOTICE_KIND_COUNT + 1] = { NULL };
  NoticeKind kind;

  if (word == NULL || notice_kind_parse(word, &kind))
    return true;
  for (int i = 0; i < NOTICE_KIND_COUNT; i++)
    known[i] = notice_kind_key((NoticeKind)i);
  return refuse("kind", word, known, error);
}

static bool check_channel(const char *word, GError **error)
{
  return word == NULL || g_strv_contains(channels, word) || refuse("channel", word, channels, error);
}

bool outbox_words_read(const Args *args, OutboxWords *ret_words, GError **error)
{
  OutboxFilter filter = OUTBOX_FILTER_NONE;
  const char *state = args_text(args, "state");

  filter.organization = args_text(args, "organization");
  filter.channel = args_text(args, "channel");
  filter.kind = args_text(args, "kind");
  filter.release = args_text(args, "release");
  if (!check_state(state, &ret_words->state, error) || !check_kind(filter.kind, error) ||
      !check_channel(filter.channel, error) || !cli_day_option(args, "due-from", &filter.due_from, error) ||
      !cli_day_option(args, "due-to", &filter.due_to, error))
    return false;
  filter.state = state != NULL ? &ret_words->state : NULL;
  ret_words->filter = filter;
  ret_words->is_given = filter.state != NULL || filter.organization != NULL || filter.channel != NULL ||
                        filter.kind != NULL || filter.release != NULL || filter.due_from != DAY_NONE ||
                        filter.due_to != DAY_NONE;
  return true;
}

bool outbox_words_id(const char *word, gint64 *ret_id, GError **error)
{
  guint64 id = 0;

  if (!g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &id, NULL)) {
    g_set_error(error, CLI_ERROR, CLI_ERROR_USAGE, "%s is no message's number: kigen outbox list shows them",
                word);
    return false;
  }
  *ret_id = (gint64)id;
  return true;
}
