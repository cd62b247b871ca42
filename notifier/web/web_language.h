#ifndef KIGEN_NOTIFIER_WEB_WEB_LANGUAGE_H
#define KIGEN_NOTIFIER_WEB_WEB_LANGUAGE_H

/* Which of the two languages a page is shown in. Pure; what comes in are foreign bytes. */

/* "ja" or "en": what the switch says (`chosen`, the argument lang; NULL or another word: nothing), else the
 * one that Accept-Language (`accept`, RFC 9110 §12.5.4; NULL: none) likes better, the first of two liked
 * alike. Where it names neither, nor any language ("*"), English is for who asked for another one, and
 * `otherwise` for who asked for none. */
const char *web_language_choose(const char *chosen, const char *accept, const char *otherwise);

#endif
