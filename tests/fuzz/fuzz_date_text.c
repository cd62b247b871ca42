/* The text of a date, of service lines, or of their terms, from a file that anybody wrote. What is taken
 * comes back the same from its own plain form; what is refused says why, shortly. */

#include "planner/date_text.h"
#include "planner/service_terms.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_refused(const GError *error, GQuark domain)
{
  g_assert(error != NULL && error->domain == domain);
  g_assert(g_utf8_validate(error->message, -1, NULL) && strlen(error->message) < 2000);
}

static void fuzz_date(const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *warning = NULL;
  PlanDate date, again;
  char buffer[DAY_TEXT_SIZE];

  if (!date_text_parse(text, &date, &warning, &error)) {
    check_refused(error, DATE_TEXT_ERROR);
    return;
  }
  g_assert(error == NULL);
  g_assert(date_text_parse(plan_date_to_store(date, buffer), &again, NULL, NULL));
  g_assert(plan_date_equal(date, again));
  if (date.state == DATE_KNOWN) {
    g_autofree char *japanese = date_text_japanese(date.day);
    g_autofree char *english = date_text_english(date.day);

    g_assert(strstr(japanese, "年") != NULL && strchr(english, ',') != NULL);
  }
}

static void fuzz_lines(const char *text)
{
  g_autoptr(GError) error = NULL;
  LimitedSupport plan = { 0 }, again = { 0 };

  if (limited_support_parse_lines(text, &plan, &error)) {
    g_autofree char *plain = limited_support_format_lines(&plan);

    g_assert(limited_support_parse_lines(plain, &again, NULL));
    g_assert(limited_support_equal(&plan, &again));
  } else {
    check_refused(error, DATE_TEXT_ERROR);
  }
  limited_support_clear(&plan);
  limited_support_clear(&again);
}

static void fuzz_terms(const char *text)
{
  g_autoptr(GError) error = NULL;
  LimitedSupport plan = { 0 }, again = { 0 };

  if (service_terms_parse(text, "en", &plan, &error)) {
    g_autofree char *plain = service_terms_format(&plan, "en");

    g_assert(service_terms_parse(plain, "en", &again, NULL));
    g_assert(limited_support_equal(&plan, &again));
  } else {
    check_refused(error, SERVICE_TERMS_ERROR);
  }
  limited_support_clear(&plan);
  limited_support_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);

  fuzz_date(text);
  fuzz_lines(text);
  fuzz_terms(text);
  (void)limited_support_doc_counts(text);
  return 0;
}
