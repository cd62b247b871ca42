#ifndef KIGEN_NOTIFIER_MAIL_SMTP_TRAFFIC_H
#define KIGEN_NOTIFIER_MAIL_SMTP_TRAFFIC_H

/* What goes over the line of an SMTP session, as libesmtp's monitor shows it: replies line by line, and the
 * commands that matter. It sees what the library hides: whether the relay let us in, what was slipped in
 * behind STARTTLS, and a reply line longer than the library's buffer, whose rest it would take for the next
 * reply. Pure. */

#include <glib.h>
#include <stdbool.h>

#define SMTP_TRAFFIC_LINE_MAX                                                                                \
  1023 /* octets of a reply line that the library reads; RFC 5321 4.5.3.1.5 says 512 */

typedef struct {
  GString *line;       /* the reply line being read */
  char *refusal;       /* the last line of the last 4xx or 5xx reply, or NULL */
  bool starttls_sent;  /* and its reply not read yet */
  bool auth_sent;      /* likewise */
  bool authenticated;  /* 235 came */
  bool mail_sent;      /* a transaction was begun */
  bool is_injected;    /* something stood behind the reply to STARTTLS, in clear */
  bool is_out_of_step; /* a reply line was too long: what the library reads from here on is not to be trusted
                        */
} SmtpTraffic;

void smtp_traffic_init(SmtpTraffic *traffic);
void smtp_traffic_clear(SmtpTraffic *traffic);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SmtpTraffic, smtp_traffic_clear)

/* `size` octets came from the relay. */
void smtp_traffic_read(SmtpTraffic *traffic, const char *bytes, gsize size);
/* True when the relay said a line too long for the library, which has ended, or is still being read: that is
 * where the library gives the session up. */
bool smtp_traffic_is_overlong(const SmtpTraffic *traffic);
/* `size` octets are about to go to it: commands, not data. */
void smtp_traffic_write(SmtpTraffic *traffic, const char *bytes, gsize size);

#endif
