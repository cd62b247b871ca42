#include "notifier/exchange/columns.h"

#include "db/contact_store.h"
#include "db/custody_store.h"
#include "db/device_store.h"
#include "db/organization_store.h"
#include "db/product_store.h"
#include "notifier/exchange/words.h"
#include "planner/plan.h"

G_STATIC_ASSERT((int)LIFECYCLES_PRODUCT >= (int)MILESTONE_COUNT);
G_STATIC_ASSERT((int)DEVICES_SOFTWARE_PRODUCT == (int)DEVICE_FIELDS);
G_STATIC_ASSERT((int)CUSTODY_PRODUCT_CODE >= (int)CUSTODY_FIELDS);

static const ValueRange years = { 0, 100 };
static const ValueRange months = { 1, 12 };
static const ValueRange orders = { 1, 1000 };
static const ValueRange messages = { 1, G_MAXINT32 };
static const ValueRange quantities = { 1, 10000000 };

static const ImportColumn products[] = {
  { "product", COLUMN_FILLED, PRODUCT_CODE, values_code, NULL },
  { "name_ja", COLUMN_FILLED, PRODUCT_NAME_JA, values_line, NULL },
  { "name_en", COLUMN_PRESENT, PRODUCT_NAME_EN, values_line, NULL },
  { "generic_name", COLUMN_OPTIONAL, PRODUCT_GENERIC_NAME, values_line, NULL },
  { "jmdn", COLUMN_OPTIONAL, PRODUCT_JMDN, values_code, NULL },
  { "class", COLUMN_OPTIONAL, PRODUCT_CLASS, values_line, NULL },
  { "approval_no", COLUMN_OPTIONAL, PRODUCT_APPROVAL_NO, values_code, NULL },
  { "security_contact", COLUMN_OPTIONAL, PRODUCT_SECURITY_CONTACT, values_line, NULL },
  { "update_policy_doc", COLUMN_OPTIONAL, PRODUCT_UPDATE_POLICY_DOC, values_line, NULL },
  { "useful_life_years", COLUMN_OPTIONAL, PRODUCT_USEFUL_LIFE_YEARS, values_integer, &years },
  { "art12_3", COLUMN_OPTIONAL, PRODUCT_ART12_3, values_word, words_scope },
  { "art12_3_reason", COLUMN_OPTIONAL, PRODUCT_ART12_3_REASON, values_line, NULL },
  { "transition", COLUMN_OPTIONAL, PRODUCT_TRANSITION, values_boolean, NULL },
  { "successor", COLUMN_OPTIONAL, PRODUCT_SUCCESSOR, values_line, NULL },
  { "package_insert_url", COLUMN_OPTIONAL, PRODUCT_PACKAGE_INSERT_URL, values_url, NULL },
  { "serious_harm", COLUMN_OPTIONAL, PRODUCT_SERIOUS_HARM, values_word, words_harm },
};

static const ImportColumn lifecycles[] = {
  { "product", COLUMN_FILLED, LIFECYCLES_PRODUCT, values_code, NULL },
  { "name", COLUMN_FILLED, LIFECYCLES_NAME, values_line, NULL },
  { "release", COLUMN_FILLED, LIFECYCLES_RELEASE, values_code, NULL },
  { "kind", COLUMN_OPTIONAL, LIFECYCLES_KIND, values_word, words_kind },
  { "udi_di", COLUMN_OPTIONAL, LIFECYCLES_UDI_DI, values_code, NULL },
  { "general_availability", COLUMN_OPTIONAL, MILESTONE_GENERAL_AVAILABILITY, values_plan_date, NULL },
  { "end_of_sale", COLUMN_OPTIONAL, MILESTONE_END_OF_SALE, values_plan_date, NULL },
  { "security_support_end", COLUMN_OPTIONAL, MILESTONE_SECURITY_SUPPORT_END, values_plan_date, NULL },
  { "eol", COLUMN_OPTIONAL, MILESTONE_EOL, values_plan_date, NULL },
  { "eos", COLUMN_OPTIONAL, MILESTONE_EOS, values_plan_date, NULL },
  { "parts_until", COLUMN_OPTIONAL, MILESTONE_PARTS_UNTIL, values_plan_date, NULL },
  { "repair_until", COLUMN_OPTIONAL, MILESTONE_REPAIR_UNTIL, values_plan_date, NULL },
  { "limited_support_doc", COLUMN_OPTIONAL, LIFECYCLES_DOC, values_line, NULL },
  { "limited_support_duties", COLUMN_OPTIONAL, LIFECYCLES_DUTIES, values_text, NULL },
  { "limited_support_duties_en", COLUMN_OPTIONAL, LIFECYCLES_DUTIES_EN, values_text, NULL },
  { "limited_support_lines", COLUMN_OPTIONAL, LIFECYCLES_LINES, values_service_lines, NULL },
  { "limited_support_terms", COLUMN_OPTIONAL, LIFECYCLES_TERMS, values_service_terms, NULL },
  { "limited_support_terms_en", COLUMN_OPTIONAL, LIFECYCLES_TERMS_EN, values_service_terms, NULL },
  { "limited_support_url", COLUMN_OPTIONAL, LIFECYCLES_URL, values_url, NULL },
  { "limited_support_rationale", COLUMN_OPTIONAL, LIFECYCLES_RATIONALE, values_text, NULL },
  { "successor", COLUMN_OPTIONAL, LIFECYCLES_SUCCESSOR, values_line, NULL },
  { "announced_on", COLUMN_OPTIONAL, LIFECYCLES_ANNOUNCED_ON, values_plan_date, NULL },
  { "presented_on", COLUMN_OPTIONAL, LIFECYCLES_PRESENTED_ON, values_plan_date, NULL },
  { "market", COLUMN_OPTIONAL, LIFECYCLES_MARKET, values_code, NULL },
};

static const ImportColumn organizations[] = {
  { "organization", COLUMN_FILLED, ORGANIZATION_CODE, values_code, NULL },
  { "name_ja", COLUMN_FILLED, ORGANIZATION_NAME_JA, values_line, NULL },
  { "role", COLUMN_FILLED, ORGANIZATION_ROLE, values_word, words_organization },
  { "name_en", COLUMN_OPTIONAL, ORGANIZATION_NAME_EN, values_line, NULL },
  { "kana", COLUMN_OPTIONAL, ORGANIZATION_KANA, values_line, NULL },
  { "country", COLUMN_OPTIONAL, ORGANIZATION_COUNTRY, values_country, NULL },
  { "language", COLUMN_OPTIONAL, ORGANIZATION_LANGUAGE, values_word, words_language },
  { "time_zone", COLUMN_OPTIONAL, ORGANIZATION_TIME_ZONE, values_time_zone, NULL },
  { "parent", COLUMN_OPTIONAL, ORGANIZATION_PARENT, values_code, NULL },
  { "postal_code", COLUMN_OPTIONAL, ORGANIZATION_POSTAL_CODE, values_code, NULL },
  { "address", COLUMN_OPTIONAL, ORGANIZATION_ADDRESS, values_text, NULL },
  { "phone", COLUMN_OPTIONAL, ORGANIZATION_PHONE, values_code, NULL },
  { "fax", COLUMN_OPTIONAL, ORGANIZATION_FAX, values_code, NULL },
  { "corporate_no", COLUMN_OPTIONAL, ORGANIZATION_CORPORATE_NO, values_code, NULL },
  { "facility_code", COLUMN_OPTIONAL, ORGANIZATION_FACILITY_CODE, values_code, NULL },
  { "budget_month", COLUMN_OPTIONAL, ORGANIZATION_BUDGET_MONTH, values_integer, &months },
  { "disclosed", COLUMN_OPTIONAL, ORGANIZATION_DISCLOSED, values_boolean, NULL },
};

static const ImportColumn contacts[] = {
  { "organization", COLUMN_FILLED, CONTACT_ORGANIZATION, values_code, NULL },
  { "name", COLUMN_FILLED, CONTACT_NAME, values_line, NULL },
  { "kana", COLUMN_OPTIONAL, CONTACT_KANA, values_line, NULL },
  { "department", COLUMN_OPTIONAL, CONTACT_DEPARTMENT, values_line, NULL },
  { "title", COLUMN_OPTIONAL, CONTACT_TITLE, values_line, NULL },
  { "email", COLUMN_OPTIONAL, CONTACT_EMAIL, values_email, NULL },
  { "phone", COLUMN_OPTIONAL, CONTACT_PHONE, values_code, NULL },
  { "role", COLUMN_OPTIONAL, CONTACT_ROLE, values_word, words_contact },
  { "language", COLUMN_OPTIONAL, CONTACT_LANGUAGE, values_word, words_language },
  { "channel", COLUMN_OPTIONAL, CONTACT_CHANNEL, values_word, words_channel },
  { "order", COLUMN_OPTIONAL, CONTACT_ORDER, values_integer, &orders },
  { "valid_from", COLUMN_OPTIONAL, CONTACT_VALID_FROM, values_day, NULL },
  { "valid_to", COLUMN_OPTIONAL, CONTACT_VALID_TO, values_day, NULL },
  { "webhook", COLUMN_OPTIONAL, CONTACT_WEBHOOK, values_https, NULL },
};

static const ImportColumn devices[] = {
  { "product", COLUMN_FILLED, DEVICE_PRODUCT, values_code, NULL },
  { "release", COLUMN_FILLED, DEVICE_RELEASE, values_code, NULL },
  { "serial", COLUMN_OPTIONAL, DEVICE_SERIAL, values_code, NULL },
  { "lot", COLUMN_OPTIONAL, DEVICE_LOT, values_code, NULL },
  { "quantity", COLUMN_OPTIONAL, DEVICE_QUANTITY, values_integer, &quantities },
  { "software_product", COLUMN_OPTIONAL, DEVICES_SOFTWARE_PRODUCT, values_code, NULL },
  { "software_release", COLUMN_OPTIONAL, DEVICE_SOFTWARE_RELEASE, values_code, NULL },
  { "udi", COLUMN_OPTIONAL, DEVICE_UDI, values_code, NULL },
  { "organization", COLUMN_OPTIONAL, DEVICE_ORGANIZATION, values_code, NULL },
  { "department", COLUMN_OPTIONAL, DEVICE_DEPARTMENT, values_line, NULL },
  { "location", COLUMN_OPTIONAL, DEVICE_LOCATION, values_line, NULL },
  { "asset_no", COLUMN_OPTIONAL, DEVICE_ASSET_NO, values_code, NULL },
  { "shipped_on", COLUMN_OPTIONAL, DEVICE_SHIPPED_ON, values_day, NULL },
  { "installed_on", COLUMN_OPTIONAL, DEVICE_INSTALLED_ON, values_day, NULL },
  { "disposed_on", COLUMN_OPTIONAL, DEVICE_DISPOSED_ON, values_day, NULL },
  { "contract_until", COLUMN_OPTIONAL, DEVICE_CONTRACT_UNTIL, values_day, NULL },
  { "status", COLUMN_OPTIONAL, DEVICE_STATUS, values_word, words_status },
};

static const ImportColumn custody[] = {
  { "product", COLUMN_FILLED, CUSTODY_PRODUCT_CODE, values_code, NULL },
  { "serial", COLUMN_FILLED, CUSTODY_SERIAL, values_code, NULL },
  { "role", COLUMN_FILLED, CUSTODY_ROLE, values_word, words_custody },
  { "organization", COLUMN_FILLED, CUSTODY_ORGANIZATION, values_code, NULL },
  { "since", COLUMN_OPTIONAL, CUSTODY_SINCE, values_day, NULL },
  { "until", COLUMN_OPTIONAL, CUSTODY_UNTIL, values_day, NULL },
  { "lease_end", COLUMN_OPTIONAL, CUSTODY_LEASE_END, values_day, NULL },
  { "reference", COLUMN_OPTIONAL, CUSTODY_REFERENCE, values_line, NULL },
};

static const ImportColumn presentations[] = {
  { "product", COLUMN_FILLED, PRESENTATIONS_PRODUCT, values_code, NULL },
  { "release", COLUMN_FILLED, PRESENTATIONS_RELEASE, values_code, NULL },
  { "organization", COLUMN_FILLED, PRESENTATIONS_ORGANIZATION, values_code, NULL },
  { "how", COLUMN_FILLED, PRESENTATIONS_HOW, values_word, words_presentation },
  { "on", COLUMN_FILLED, PRESENTATIONS_ON, values_day, NULL },
  { "note", COLUMN_OPTIONAL, PRESENTATIONS_NOTE, values_line, NULL },
};

static const ImportColumn relay_reports[] = {
  { "message", COLUMN_FILLED, RELAY_REPORTS_MESSAGE, values_integer, &messages },
  { "customer", COLUMN_FILLED, RELAY_REPORTS_CUSTOMER, values_code, NULL },
  { "name", COLUMN_OPTIONAL, RELAY_REPORTS_NAME, values_line, NULL },
  { "told_on", COLUMN_OPTIONAL, RELAY_REPORTS_TOLD_ON, values_day, NULL },
  { "by", COLUMN_OPTIONAL, RELAY_REPORTS_BY, values_line, NULL },
  { "how", COLUMN_OPTIONAL, RELAY_REPORTS_HOW, values_word, words_handover },
  { "note", COLUMN_OPTIONAL, RELAY_REPORTS_NOTE, values_line, NULL },
};

#define KIND(kind, table) [kind] = { kind, G_N_ELEMENTS(table), table }

static const ImportColumns kinds[IMPORT_KIND_COUNT] = {
  KIND(IMPORT_PRODUCTS, products),
  KIND(IMPORT_LIFECYCLES, lifecycles),
  KIND(IMPORT_ORGANIZATIONS, organizations),
  KIND(IMPORT_CONTACTS, contacts),
  KIND(IMPORT_DEVICES, devices),
  KIND(IMPORT_CUSTODY, custody),
  KIND(IMPORT_PRESENTATIONS, presentations),
  KIND(IMPORT_RELAY_REPORTS, relay_reports),
};

const ImportColumns *columns_for(ImportKind kind)
{
  g_assert(kind < IMPORT_KIND_COUNT);
  return &kinds[kind];
}

const ImportColumn *columns_target(const ImportColumns *columns, int target)
{
  for (gsize i = 0; i < columns->n; i++) {
    if (columns->column[i].target == target)
      return &columns->column[i];
  }
  g_assert_not_reached();
}

char *columns_list(const ImportColumns *columns)
{
  g_autoptr(GString) list = g_string_new(NULL);

  for (gsize i = 0; i < columns->n; i++)
    g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", columns->column[i].name);
  return g_string_free(g_steal_pointer(&list), FALSE);
}
