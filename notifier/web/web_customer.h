#ifndef KIGEN_NOTIFIER_WEB_WEB_CUSTOMER_H
#define KIGEN_NOTIFIER_WEB_WEB_CUSTOMER_H

/* The handlers of web_route.c for what customers enter: each serves its page (GET) and takes its form (POST,
 * to the same address). What a form has, how it is checked and what it writes is a row of
 * web_customer_form.h. A form that was stored is answered by 303 to its page, so that a reload sends nothing
 * again. */

#include "notifier/web/web_call.h"

/* /a/<token>: the acknowledgement link of a message. */
enum MHD_Result web_customer_message(WebCall *call);

/* /h/<token>/acknowledge, /decide, /correct. */
enum MHD_Result web_customer_acknowledge(WebCall *call);
enum MHD_Result web_customer_decide(WebCall *call);
enum MHD_Result web_customer_correct(WebCall *call);

#endif
