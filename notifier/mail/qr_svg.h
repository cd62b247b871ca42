#ifndef KIGEN_NOTIFIER_MAIL_QR_SVG_H
#define KIGEN_NOTIFIER_MAIL_QR_SVG_H

/* A QR code (ISO/IEC 18004, by libqrencode) as an inline SVG picture, so that a sheet needs no other file. */

#include <glib.h>

/* The picture of `text`, with the quiet zone of four modules that 18004 asks for, as wide as what holds it;
 * black on white. Error correction level M: a fold or a stamp across it may hide a seventh. The same text
 * gives the same picture. Own string; NULL when `text` is longer than a code can be (some 2,300 octets). */
char *qr_svg(const char *text);

#endif
