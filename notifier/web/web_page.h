#ifndef KIGEN_NOTIFIER_WEB_WEB_PAGE_H
#define KIGEN_NOTIFIER_WEB_WEB_PAGE_H

/* The handlers of web_route.c that serve people. Each queues one answer. A customer's page is made anew for
 * every request and kept nowhere; a product's is kept as feeds are (web_feed.h). */

#include "notifier/web/web_call.h"

/* The page whose token is the word. */
enum MHD_Result web_page_hospital(WebCall *call);

/* Its devices as a CSV file: UTF-8, or with ?encoding=cp932 that. */
enum MHD_Result web_page_devices(WebCall *call);

/* Its record of receipt. */
enum MHD_Result web_page_receipt(WebCall *call);

/* The public page of the product whose code is the word. */
enum MHD_Result web_page_product(WebCall *call);

/* The stylesheet whose name is the word. */
enum MHD_Result web_page_style(WebCall *call);

#endif
