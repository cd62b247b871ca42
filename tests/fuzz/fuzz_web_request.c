/* Everything of ours that reads what a client sends, besides the conditional headers (fuzz_web_condition):
 * the path, the address a proxy tells, the encodings and languages that are asked for. A first line is the
 * path, the rest a header. */

#include "notifier/web/client_address.h"
#include "notifier/web/web_gzip.h"
#include "notifier/web/web_language.h"
#include "notifier/web/web_route.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_path(const char *path)
{
  g_autofree char *word = NULL;
  const char *allow = NULL;
  const WebRoute *route = web_route_find("GET", path, &word, &allow);

  g_assert(route == NULL || allow != NULL);
  if (word == NULL)
    return;
  g_assert(*word != '\0' && g_utf8_validate(word, -1, NULL));
  for (const char *p = word; *p != '\0'; p++)
    g_assert(!g_ascii_iscntrl(*p));
}

static void try_address(const char *text)
{
  g_autoptr(ClientNets) trusted = NULL;
  g_autoptr(ClientNets) nets = NULL;
  ClientAddress peer, client, again;

  g_assert(client_nets_parse("127.0.0.0/8 10.0.0.0/8", &trusted));
  g_assert(client_address_parse("127.0.0.1", &peer));
  client = client_address_behind(peer, trusted, text);

  g_autofree char *shown = client_address_text(&client);

  g_assert(client_address_parse(shown, &again) && client_address_equal(&client, &again));
  if (client_nets_parse(text, &nets))
    (void)client_nets_have(nets, &client);
}

static void try_language(const char *accept)
{
  const char *language = web_language_choose(NULL, accept, "ja");

  g_assert(g_str_equal(language, "ja") || g_str_equal(language, "en"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  char *header = strchr(text, '\n');

  if (header != NULL)
    *header++ = '\0';
  else
    header = text;
  try_path(text);
  try_address(header);
  try_language(header);
  if (web_gzip_is_asked(header))
    g_assert(strchr(header, 'z') != NULL || strchr(header, 'Z') != NULL);
  return 0;
}
