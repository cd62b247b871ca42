#include "notifier/mail/smtp_traffic.h"

#include <string.h>

#define LINE_OCTETS 1024 /* kept of a reply line */

void smtp_traffic_init(SmtpTraffic *traffic)
{
  *traffic = (SmtpTraffic){ .line = g_string_new(NULL) };
}

void smtp_traffic_clear(SmtpTraffic *traffic)
{
  g_string_free(traffic->line, TRUE);
  g_free(traffic->refusal);
}

/* A reply line has ended: the last of its reply, or one before (250-…). */
static void end_line(SmtpTraffic *traffic, bool is_last)
{
  const char *line = traffic->line->str;

  if (is_last && (line[0] == '4' || line[0] == '5')) {
    g_free(traffic->refusal);
    traffic->refusal = g_strdup(line);
  }
  if (is_last && traffic->auth_sent)
    traffic->authenticated |= g_str_has_prefix(line, "235");
  if (traffic->line->len > SMTP_TRAFFIC_LINE_MAX)
    traffic->is_out_of_step = true;
  g_string_truncate(traffic->line, 0);
}

void smtp_traffic_read(SmtpTraffic *traffic, const char *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++) {
    if (traffic->line->len < LINE_OCTETS)
      g_string_append_c(traffic->line, bytes[i] != '\0' ? bytes[i] : ' ');
    if (bytes[i] != '\n')
      continue;

    bool is_last = traffic->line->len < 4 || traffic->line->str[3] != '-';

    end_line(traffic, is_last);
    traffic->is_injected |= traffic->starttls_sent && is_last && i + 1 < size;
  }
}

bool smtp_traffic_is_overlong(const SmtpTraffic *traffic)
{
  return traffic->is_out_of_step || traffic->line->len >= SMTP_TRAFFIC_LINE_MAX;
}

static bool begins(const char *bytes, gsize size, const char *word)
{
  return size >= strlen(word) && memcmp(bytes, word, strlen(word)) == 0;
}

void smtp_traffic_write(SmtpTraffic *traffic, const char *bytes, gsize size)
{
  traffic->starttls_sent = begins(bytes, size, "STARTTLS");
  if (begins(bytes, size, "AUTH "))
    traffic->auth_sent = true;
  if (begins(bytes, size, "MAIL FROM:"))
    traffic->mail_sent = true;
}
