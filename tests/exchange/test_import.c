#include <string.h>

#include "tests/exchange/importing.h"
#include "tests/support/run.h"

#define PRODUCTS "product,name_ja,name_en\nP-1,装置一,Device One\nP-2,装置二,\n"
#define LIFECYCLES "product,name,release\nP-1,装置一,1.0\nP-1,装置一,2.0\nP-2,装置二,A\n"
#define ORGANIZATIONS                                                                                        \
  "organization,name_ja,role\nH-1,第一病院,hospital\nH-2,第二病院,病院\nD-1,販売,販売業者\n"

static Db *store(void)
{
  Db *db = scratch_store("kigen.db");

  importing_all(db, IMPORT_PRODUCTS, PRODUCTS);
  importing_all(db, IMPORT_LIFECYCLES, LIFECYCLES);
  importing_all(db, IMPORT_ORGANIZATIONS, ORGANIZATIONS);
  return db;
}

/* Rows that are refused, each with its message: nothing of the file is stored. */
static const struct {
  const char *name;
  ImportKind kind;
  const char *csv;
  const char *problem; /* part of the list */
} refused[] = {
  { "row too short", IMPORT_PRODUCTS, "product,name_ja,name_en\nX,Y\n",
    "products.csv:2: \"X\": the row has 2 fields, the header 3" },
  { "row too long", IMPORT_PRODUCTS, "product,name_ja,name_en\nX,Y,Z,\n",
    "the row has 4 fields, the header 3" },
  { "required cell empty", IMPORT_PRODUCTS, "product,name_ja,name_en\nX, ,Z\n",
    "products.csv:2: name_ja: empty; every row needs it" },
  { "product twice", IMPORT_PRODUCTS, "product,name_ja,name_en\nX,Y,Z\n\nX,Y,Z\n",
    "products.csv:4: product \"X\": already on line 2" },
  { "years", IMPORT_PRODUCTS, "product,name_ja,name_en,useful_life_years\nX,Y,Z,ten\n",
    "useful_life_years \"ten\": not a whole number from 0 to 100" },
  { "art12_3", IMPORT_PRODUCTS, "product,name_ja,name_en,art12_3\nX,Y,Z,maybe\n",
    "use one of: yes (該当), no (非該当), unknown (不明)" },
  { "serious_harm", IMPORT_PRODUCTS, "product,name_ja,name_en,serious_harm\nX,Y,Z,maybe\n",
    "use one of: yes (あり), no (なし), unknown (不明)" },
  { "transition", IMPORT_PRODUCTS, "product,name_ja,name_en,transition\nX,Y,Z,maybe\n",
    "neither yes nor no" },
  { "web address", IMPORT_PRODUCTS, "product,name_ja,name_en,package_insert_url\nX,Y,Z,javascript:x\n",
    "not a web address" },
  { "line break in a code", IMPORT_PRODUCTS, "product,name_ja,name_en\n\"X\nY\",Y,Z\n",
    "products.csv:2: product \"X Y\": a line break" },
  { "Excel's exponent", IMPORT_PRODUCTS, "product,name_ja,name_en,approval_no\nX,Y,Z,1.23E+13\n",
    "approval_no \"1.23E+13\": Excel turned a long number" },
  { "Excel's error", IMPORT_PRODUCTS, "product,name_ja,name_en\nX,#NAME?,Z\n", "Excel wrote an error here" },
  { "no such day", IMPORT_LIFECYCLES, "product,name,release,eol\nX,Y,1,2031-02-29\n",
    "lifecycles.csv:2: eol \"2031-02-29\"" },
  { "day first", IMPORT_LIFECYCLES, "product,name,release,eol\nX,Y,1,31/03/2031\n", "eol \"31/03/2031\"" },
  { "year 0 of an era", IMPORT_LIFECYCLES, "product,name,release,eol\nX,Y,1,令和0年3月31日\n", "令和0年" },
  { "Excel's serial number", IMPORT_LIFECYCLES, "product,name,release,eol\nX,Y,1,48304\n", "Excel" },
  { "EOL = EOS", IMPORT_LIFECYCLES, "product,name,release,eol,eos\nX,Y,1,2031-03-31,2031-03-31\n",
    "lifecycles.csv:2: LSP-1: eos \"2031-03-31\"" },
  { "EOL = EOS, not declared", IMPORT_LIFECYCLES,
    "product,name,release,eol,eos,limited_support_doc,limited_support_duties,limited_support_lines\n"
    "X,Y,1,2031-03-31,2031-03-31,未定,何か,parts:2031-03-31\n",
    "LSP-1" },
  { "EOL after EOS", IMPORT_LIFECYCLES, "product,name,release,eol,eos\nX,Y,1,2032-03-31,2031-03-31\n",
    "ORD-1" },
  { "service lines", IMPORT_LIFECYCLES,
    "product,name,release,limited_support_lines\nX,Y,1,spares:2031-03-31\n", "limited_support_lines" },
  { "terms of no such service", IMPORT_LIFECYCLES,
    "product,name,release,limited_support_terms\nX,Y,1,spares:有償\n",
    "lifecycles.csv:2: limited_support_terms \"spares:有償\": terms \"spares:有償\": there is no such kind" },
  { "terms twice", IMPORT_LIFECYCLES,
    "product,name,release,limited_support_lines,limited_support_terms_en\n"
    "X,Y,1,parts:2031-03-31,parts:a;parts:b\n",
    "lifecycles.csv:2: limited_support_terms_en \"parts:a;parts:b\": terms \"parts:b\": parts stands there "
    "twice" },
  { "terms without a line", IMPORT_LIFECYCLES,
    "product,name,release,limited_support_lines,limited_support_terms\nX,Y,1,parts:2031-03-31,telephone:"
    "平日\n",
    "limited_support_terms \"telephone:平日\": terms of telephone, which is no service line of this plan" },
  { "address of the plan", IMPORT_LIFECYCLES,
    "product,name,release,limited_support_url\nX,Y,1,ftp://maker.example/plan\n",
    "limited_support_url \"ftp://maker.example/plan\": not a web address" },
  { "successor on two lines", IMPORT_LIFECYCLES, "product,name,release,successor\nX,Y,1,\"A\nB\"\n",
    "successor \"A B\": a line break" },
  { "release twice", IMPORT_LIFECYCLES, "product,name,release\nX,Y,1\nX,Y,1\n",
    "lifecycles.csv:3: release \"1\": "
    "already on line 2" },
  { "role", IMPORT_ORGANIZATIONS, "organization,name_ja,role\nX,Y,Hospitals\n",
    "use one of: hospital (病院), clinic (診療所), distributor (販売業者)" },
  { "budget month", IMPORT_ORGANIZATIONS, "organization,name_ja,role,budget_month\nX,Y,hospital,13\n",
    "not a whole number from 1 to 12" },
  { "time zone", IMPORT_ORGANIZATIONS, "organization,name_ja,role,time_zone\nX,Y,hospital,Tokyo/Japan\n",
    "not a time zone" },
  { "country", IMPORT_ORGANIZATIONS, "organization,name_ja,role,country\nX,Y,hospital,Japan\n",
    "not a country code" },
  { "parent unknown", IMPORT_ORGANIZATIONS, "organization,name_ja,role,parent\nX,Y,hospital,H-11\n",
    "organizations.csv:2: parent \"H-11\": unknown organization; is it \"H-1\"?" },
  { "its own parent", IMPORT_ORGANIZATIONS, "organization,name_ja,role,parent\nX,Y,hospital,X\n",
    "no organization is its own parent" },
  { "circle", IMPORT_ORGANIZATIONS, "organization,name_ja,role,parent\nX,Y,hospital,Z\nZ,Y,hospital,X\n",
    "organizations.csv:3: parent \"X\": the way up from here comes back to \"Z\"" },
  { "contact of nobody", IMPORT_CONTACTS, "organization,name\nH-9,山田\n",
    "contacts.csv:2: organization \"H-9\": unknown organization; is it \"H-1\"?" },
  { "address with CR LF", IMPORT_CONTACTS, "organization,name,email\nH-1,山田,\"a@example.com\r\nBcc: b\"\n",
    "contacts.csv:2: email" },
  { "address not ASCII", IMPORT_CONTACTS, "organization,name,email\nH-1,山田,山田@example.com\n",
    "contacts.csv:2: email" },
  { "contact twice", IMPORT_CONTACTS, "organization,name\nH-1,山田\nH-2,山田\nH-1,山田\n",
    "contacts.csv:4: name \"山田\": already on line 2" },
  { "term", IMPORT_CONTACTS, "organization,name,valid_from,valid_to\nH-1,山田,2026-04-01,2026-03-31\n",
    "valid_to \"2026-03-31\": before valid_from, 2026-04-01" },
  { "order", IMPORT_CONTACTS, "organization,name,order\nH-1,山田,0\n", "not a whole number from 1" },
  { "product unknown", IMPORT_DEVICES, "product,release,serial,organization\nP1,1.0,S1,H-1\n",
    "devices.csv:2: product \"P1\": unknown product; is it \"P-1\"?" },
  { "release unknown", IMPORT_DEVICES, "product,release,serial,organization\nP-1,1.1,S1,H-1\n",
    "devices.csv:2: release \"1.1\": unknown release of product \"P-1\"; is it \"1.0\"?" },
  { "organization unknown", IMPORT_DEVICES, "product,release,serial,organization\nP-1,1.0,S1,第一病院\n",
    "devices.csv:2: organization \"第一病院\": unknown organization; import it first" },
  { "organization empty", IMPORT_DEVICES, "product,release,serial,organization\nP-1,1.0,S1,\n",
    "organization: empty" },
  { "no organization", IMPORT_DEVICES, "product,release,serial\nP-1,1.0,S1\n",
    "a new device needs the organization" },
  { "no serial, no organization", IMPORT_DEVICES, "product,release,lot\nP-1,1.0,L1\n",
    "needs the column organization" },
  { "serial twice", IMPORT_DEVICES,
    "product,release,serial,organization\nP-1,1.0,sn 42,H-1\nP-1,1.0,ＳＮ４２,H-2\n",
    "devices.csv:3: serial \"ＳＮ４２\": already on line 2 with another organization" },
  { "serial twice, equal", IMPORT_DEVICES,
    "product,release,serial,organization\nP-1,1.0,SN42,H-1\nP-1,1.0,SN42,H-1\n",
    "devices.csv:3: serial \"SN42\": already on line 2 with the same organization" },
  { "lot twice", IMPORT_DEVICES,
    "product,release,lot,quantity,organization\nP-1,1.0,L1,5,H-1\nP-1,1.0,L1,6,H-1\n", "already on line 2" },
  { "quantity of a serial", IMPORT_DEVICES, "product,release,serial,quantity,organization\nP-1,1.0,S,2,H-1\n",
    "a serial is one unit" },
  { "Excel's serial", IMPORT_DEVICES, "product,release,serial,organization\nP-1,1.0,1.23E+13,H-1\n",
    "serial \"1.23E+13\": Excel" },
  { "software unknown", IMPORT_DEVICES,
    "product,release,serial,organization,software_product,software_release\nP-1,1.0,S,H-1,P-2,B\n",
    "software_release \"B\": unknown release of product \"P-2\"; is it \"A\"?" },
  { "software product alone", IMPORT_DEVICES,
    "product,release,serial,organization,software_product,software_release\nP-1,1.0,S,H-1,P-2,\n",
    "without a software_release" },
  { "status", IMPORT_DEVICES, "product,release,serial,organization,status\nP-1,1.0,S,H-1,used\n",
    "in-use (使用中), spare (予備), isolated (隔離)" },
  { "two problems in a row", IMPORT_DEVICES,
    "product,release,serial,organization,status\nP-9,1.0,S,H-9,in-use\n", "organization \"H-9\"" },
  { "custody of no device", IMPORT_CUSTODY, "product,serial,role,organization\nP-1,S1,owner,H-1\n",
    "custody.csv:2: serial \"S1\": no such device of product \"P-1\"" },
};

START_TEST(test_import_refused)
{
  g_autoptr(Db) db = store();
  gint64 audit = scratch_number(db, "SELECT count(*) FROM audit");
  gint64 change = scratch_number(db, "SELECT sum(n) FROM change");
  g_autoptr(ImportReport) report = importing(db, refused[_i].kind, refused[_i].csv, NULL);
  g_autofree char *problems = importing_problems(report);

  ck_assert_msg(!report->stored, "%s: stored", refused[_i].name);
  ck_assert_msg(report->refused > 0, "%s: refused none", refused[_i].name);
  ck_assert_msg(strstr(problems, refused[_i].problem) != NULL, "%s: %s", refused[_i].name, problems);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM audit"), audit);
  ck_assert_int_eq(scratch_number(db, "SELECT sum(n) FROM change"), change);
  ck_assert_int_eq(scratch_number(db, "SELECT (SELECT count(*) FROM product) * 1000 + (SELECT count(*) FROM "
                                      "release) * 100 + (SELECT count(*) FROM organization) * 10 + (SELECT "
                                      "count(*) FROM contact) + (SELECT count(*) FROM device)"),
                   2330);
}
END_TEST

/* Files that are refused as a whole. */
static const struct {
  const char *name;
  ImportKind kind;
  const char *csv;
  ImportError code;
  const char *message;
} unreadable[] = {
  { "empty", IMPORT_PRODUCTS, "", IMPORT_ERROR_HEADER,
    "the file is empty; its first line names the columns" },
  { "blank lines only", IMPORT_PRODUCTS, "\n\n", IMPORT_ERROR_HEADER, "the file is empty" },
  { "unknown column", IMPORT_DEVICES, "product,release,serail\n", IMPORT_ERROR_HEADER,
    "devices.csv:1: unknown column \"serail\" (is it \"serial\"?)" },
  { "unknown column, nothing near", IMPORT_DEVICES, "product,release,備考\n", IMPORT_ERROR_HEADER,
    "unknown column \"備考\"; the columns of devices are: product, release, serial, lot" },
  { "missing column", IMPORT_DEVICES, "product,serial\n", IMPORT_ERROR_HEADER,
    "devices.csv:1: column \"release\" is missing" },
  { "column twice", IMPORT_DEVICES, "product,release,Product\n", IMPORT_ERROR_HEADER,
    "column \"product\" stands there twice" },
  { "semicolons", IMPORT_PRODUCTS, "product;name_ja;name_en\n", IMPORT_ERROR_HEADER, "separated by commas" },
  { "quote", IMPORT_PRODUCTS, "product,name_ja,name_en\nX,Y\"Z,W\n", IMPORT_ERROR_SYNTAX,
    "products.csv:2: column 4" },
  { "unclosed quote", IMPORT_PRODUCTS, "product,name_ja,name_en\nX,\"Y,W\nA,B,C\n", IMPORT_ERROR_SYNTAX,
    "products.csv:2: the row that begins here has a quote that is never closed" },
  { "broken UTF-8", IMPORT_PRODUCTS, "product,name_ja,name_en\nX,Y\xFF,W\n", IMPORT_ERROR_TEXT,
    "products.csv:2: column 4: byte 0xFF" },
};

START_TEST(test_import_unreadable)
{
  g_autoptr(Db) db = store();
  g_autoptr(GError) error = importing_fails(db, unreadable[_i].kind, unreadable[_i].csv, -1, NULL);

  ck_assert_msg(g_error_matches(error, IMPORT_ERROR, (int)unreadable[_i].code), "%s: %s", unreadable[_i].name,
                error->message);
  ck_assert_msg(strstr(error->message, unreadable[_i].message) != NULL, "%s: %s", unreadable[_i].name,
                error->message);
  /* the transaction is over */
  importing_all(db, IMPORT_PRODUCTS, PRODUCTS);
}
END_TEST

START_TEST(test_import_header_only)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(ImportReport) report = importing(db, IMPORT_PRODUCTS, "product,name_ja,name_en\n", NULL);
  g_autofree char *summary = import_report_summary(report);

  ck_assert_int_eq(report->rows, 0);
  ck_assert(report->stored);
  ck_assert_ptr_nonnull(strstr(summary, "nothing changed"));
}
END_TEST

START_TEST(test_import_nul)
{
  static const char bytes[] = "product,name_ja,name_en\nX,\0,Z\n";
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GError) error = importing_fails(db, IMPORT_PRODUCTS, bytes, sizeof bytes - 1, NULL);

  ck_assert(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_TEXT));
  ck_assert_ptr_nonnull(strstr(error->message, "products.csv:2: column 3: a NUL byte"));
}
END_TEST

START_TEST(test_import_huge_field)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GString) csv = g_string_new("product,name_ja,name_en\nX,");

  while (csv->len < 10 * 1024 * 1024)
    g_string_append(csv, "0123456789");
  g_string_append(csv, ",Z\n");
  g_autoptr(GError) error = importing_fails(db, IMPORT_PRODUCTS, csv->str, (gssize)csv->len, NULL);

  ck_assert(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX));
  ck_assert_ptr_nonnull(
      strstr(error->message, "products.csv:2: the row that begins here has a field of more"));
}
END_TEST

START_TEST(test_import_missing)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  ImportOptions options = importing_options();
  g_autofree char *missing = scratch_path("no-such.csv");
  g_autofree char *folder = scratch_path("");
  ImportReport *report = NULL;
  g_autoptr(GError) error = NULL;

  ck_assert(!import_run(db, IMPORT_PRODUCTS, missing, &options, &report, &error));
  ck_assert(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_FILE));
  g_clear_error(&error);
  ck_assert(!import_run(db, IMPORT_PRODUCTS, folder, &options, &report, &error));
  ck_assert(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_FILE));
  ck_assert_ptr_nonnull(strstr(error->message, "is a directory"));
}
END_TEST

/* The same file again changes nothing and moves no counter; one cell moves it. */
START_TEST(test_import_again)
{
  static const char changed[] = "product,name_ja,name_en\nP-1,装置一改,Device One\nP-2,装置二,\n";
  g_autoptr(Db) db = store();
  gint64 change = scratch_number(db, "SELECT n FROM change WHERE scope = 'plan'");
  g_autoptr(ImportReport) same = importing(db, IMPORT_PRODUCTS, PRODUCTS, NULL);
  g_autofree char *summary = import_report_summary(same);

  ck_assert_int_eq(same->unchanged, 2);
  ck_assert_int_eq(same->added + same->changed, 0);
  ck_assert(same->stored);
  ck_assert_ptr_nonnull(strstr(summary, "2 unchanged; nothing changed"));
  ck_assert_int_eq(scratch_number(db, "SELECT n FROM change WHERE scope = 'plan'"), change);
  g_autoptr(ImportReport) other = importing(db, IMPORT_PRODUCTS, changed, NULL);

  ck_assert_int_eq(other->changed, 1);
  ck_assert_int_eq(other->unchanged, 1);
  ck_assert_int_eq(scratch_number(db, "SELECT n FROM change WHERE scope = 'plan'"), change + 1);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM product WHERE name_ja = '装置一改'"), 1);
}
END_TEST

START_TEST(test_import_products_answers)
{
  static const struct {
    const char *csv, *stored, *problems;
  } steps[] = {
    { "art12_3,art12_3_reason,serious_harm\nno,院内に閉じた単体装置,あり\n", "no|院内に閉じた単体装置|yes",
      "" },
    { "art12_3,serious_harm\n非該当,\n", "no|院内に閉じた単体装置|unknown",
      "" }, /* the reason is there already */
    { "serious_harm\nなし\n", "no|院内に閉じた単体装置|no", "" },
    { "art12_3,art12_3_reason\nno,\n", "no|-|no",
      "products.csv:2: warning: art12_3 \"no\": out of scope without a reason; say why in the column "
      "art12_3_reason\n" },
    { "serious_harm\nunknown\n", "no|-|unknown", "" }, /* not this file's business */
    { "art12_3_reason\n未定\n", "no|未定|unknown",
      "products.csv:2: warning: art12_3_reason \"未定\": out of scope without a reason; say why in the "
      "column "
      "art12_3_reason\n" },
    { "art12_3,art12_3_reason\nyes,\n", "yes|-|unknown", "" },
  };
  g_autoptr(Db) db = scratch_store("kigen.db");

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_auto(GStrv) lines = g_strsplit(steps[i].csv, "\n", -1);
    g_autofree char *csv =
        g_strdup_printf("product,name_ja,name_en,%s\nP,装置,Device,%s\n", lines[0], lines[1]);
    g_autoptr(ImportReport) report = importing(db, IMPORT_PRODUCTS, csv, NULL);
    g_autofree char *problems = importing_problems(report);
    g_autofree char *stored = scratch_text(
        db, "SELECT art12_3 || '|' || coalesce(art12_3_reason, '-') || '|' || serious_harm FROM product");

    ck_assert_msg(report->stored, "row %zu", i);
    ck_assert_msg(strcmp(stored, steps[i].stored) == 0, "row %zu: %s", i, stored);
    ck_assert_msg(strcmp(problems, steps[i].problems) == 0, "row %zu: %s", i, problems);
  }
}
END_TEST

/* A column that the file lacks keeps what is stored; an empty cell empties it. */
START_TEST(test_import_columns_kept)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  importing_all(db, IMPORT_PRODUCTS, "product,name_ja,name_en,jmdn,class\nP,装置,Device,=\"00123\",II\n");
  importing_all(db, IMPORT_PRODUCTS, "class,product,name_ja,name_en\n,P,装置,Device\n");
  g_autofree char *row = scratch_text(db, "SELECT jmdn || coalesce(class, '-') || art12_3 FROM product");

  ck_assert_str_eq(row, "00123-unknown");
}
END_TEST

START_TEST(test_import_audit)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  importing_all(db, IMPORT_PRODUCTS, PRODUCTS);
  g_autofree char *action = scratch_text(db, "SELECT action FROM audit ORDER BY id DESC LIMIT 1");
  g_autofree char *payload =
      scratch_text(db, "SELECT payload FROM audit_payload ORDER BY audit DESC LIMIT 1");
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, PRODUCTS, -1);
  g_autofree char *expected = g_strdup_printf(
      "{\"actor\":\"test\",\"added\":2,\"changed\":0,\"encoding\":\"utf-8\",\"file\":\"products.csv\","
      "\"keep_going\":false,\"refused\":0,\"rows\":2,\"sha256\":\"%s\",\"unchanged\":0}",
      hash);

  ck_assert_str_eq(action, "import.products");
  ck_assert_str_eq(payload, expected);
}
END_TEST

START_TEST(test_import_dry_run)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  ImportOptions options = importing_options();

  options.dry_run = true;
  g_autoptr(ImportReport) report = importing(db, IMPORT_PRODUCTS, PRODUCTS, &options);

  ck_assert(!report->stored);
  ck_assert_int_eq(report->added, 2);
  ck_assert_int_eq(scratch_number(db, "SELECT (SELECT count(*) FROM product) + (SELECT count(*) FROM audit)"),
                   0);
}
END_TEST

START_TEST(test_import_ignore_unknown)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  ImportOptions options = importing_options();

  options.ignore_unknown = true;
  g_autoptr(ImportReport) report =
      importing(db, IMPORT_PRODUCTS, "備考,product,name_ja,name_en,担当\nx,P,装置,Device,\n", &options);

  ck_assert(report->stored);
  ck_assert_int_eq(report->ignored_columns->len, 2);
  ck_assert_str_eq(g_ptr_array_index(report->ignored_columns, 0), "備考");
}
END_TEST

/* Good rows go in, the others into a file that, corrected, can be imported as it is. */
START_TEST(test_import_keep_going)
{
  g_autoptr(Db) db = store();
  ImportOptions options = importing_options();
  g_autofree char *rejects = scratch_path("rejects.csv");
  g_autofree char *text = NULL;

  options.keep_going = true;
  options.rejects = rejects;
  g_autoptr(ImportReport) report = importing(db, IMPORT_DEVICES,
                                             "product,release,serial,organization,department\n"
                                             "P-1,1.0,S1,H-1,\"放射線科, \"\"本館\"\"\n2階\"\n"
                                             "P-9,1.0,S2,H-1,\"放射線科, \"\"本館\"\"\n2階\"\n"
                                             "P-1,1.0,S3,H-1\n"
                                             "P-1,1.0,S4,H-1,\n",
                                             &options);

  ck_assert_int_eq(report->rows, 4);
  ck_assert_int_eq(report->refused, 3);
  ck_assert_int_eq(report->added, 1);
  ck_assert(report->stored);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM device"), 1);
  ck_assert(g_file_get_contents(rejects, &text, NULL, NULL));
  ck_assert_msg(
      g_str_has_prefix(text, "\xEF\xBB\xBF\"product\",\"release\",\"serial\",\"organization\","
                             "\"department\",\"reject_reason\"\r\n"
                             "\"P-1\",\"1.0\",\"S1\",\"H-1\",\"放射線科, \"\"本館\"\"\n2階\",\"department: a "
                             "line break"),
      "%s", text);
  ck_assert_ptr_nonnull(
      strstr(text, "\r\n\"P-1\",\"1.0\",\"S3\",\"H-1\",,\"the row has 4 fields, the header 5"));
  g_autoptr(ImportReport) again = NULL;

  options.rejects = NULL;
  assert_done(import_run(db, IMPORT_DEVICES, rejects, &options, &again, ERR));
  ck_assert_int_eq(again->rows, 3);
  ck_assert_int_eq(again->added, 1); /* the short row has its comma now */
}
END_TEST

START_TEST(test_import_rejects_is_source)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  ImportOptions options = importing_options();
  g_autofree char *path = scratch_path("products.csv");

  options.keep_going = true;
  options.rejects = path;
  g_autoptr(GError) error = importing_fails(db, IMPORT_PRODUCTS, PRODUCTS, -1, &options);

  ck_assert(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_REJECTS));
  ck_assert_ptr_nonnull(strstr(error->message, "is the file being imported"));
}
END_TEST

START_TEST(test_import_no_rejects)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  ImportOptions options = importing_options();
  g_autofree char *path = scratch_path("rejects.csv");

  options.keep_going = true;
  options.rejects = path;
  g_autoptr(ImportReport) report = importing(db, IMPORT_PRODUCTS, PRODUCTS, &options);

  ck_assert(report->stored);
  ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(test_import_interrupted)
{
  static const volatile sig_atomic_t stop = 1;
  g_autoptr(Db) db = scratch_store("kigen.db");
  ImportOptions options = importing_options();

  options.interrupted = &stop;
  g_autoptr(GError) error = importing_fails(db, IMPORT_PRODUCTS, PRODUCTS, -1, &options);

  ck_assert_msg(g_error_matches(error, IMPORT_ERROR, IMPORT_ERROR_INTERRUPTED), "%s", error->message);
  ck_assert_int_eq(scratch_number(db, "SELECT count(*) FROM product"), 0);
}
END_TEST

typedef struct {
  gint64 done, total;
  int calls;
  int problems;
} Watch;

static void on_progress(gint64 done, gint64 total, void *data)
{
  Watch *watch = data;

  ck_assert_int_ge(done, watch->done);
  watch->done = done;
  watch->total = total;
  watch->calls++;
}

static void on_problem(const ImportProblem *problem, const char *file, void *data)
{
  ((Watch *)data)->problems++;
}

/* More refused rows than a report keeps; progress comes to the end. */
START_TEST(test_import_many_problems)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(GString) csv = g_string_new("product,name_ja,name_en\n");
  ImportOptions options = importing_options();
  Watch watch = { 0 };

  for (int i = 0; i < IMPORT_REPORT_PROBLEMS + 500; i++)
    g_string_append_printf(csv, "P-%d,,\n", i);
  options.on_progress = on_progress;
  options.on_problem = on_problem;
  options.data = &watch;
  g_autoptr(ImportReport) report = importing(db, IMPORT_PRODUCTS, csv->str, &options);

  ck_assert_int_eq(report->refused, IMPORT_REPORT_PROBLEMS + 500);
  ck_assert_int_eq(report->problems->len, IMPORT_REPORT_PROBLEMS);
  ck_assert_int_eq(report->problems_left_out, 500);
  ck_assert_int_eq(watch.problems, IMPORT_REPORT_PROBLEMS + 500);
  ck_assert_int_gt(watch.calls, 10);
  ck_assert_int_eq(watch.done, watch.total);
  ck_assert_int_eq(watch.total, (gint64)csv->len);
}
END_TEST

/* As Excel in Japan saves it: CP932, CRLF. */
START_TEST(test_import_cp932)
{
  static const char bytes[] = "product,name_ja,name_en\r\n\x83\x7B,\x95\x61\x89\x40\xC3\xBD\xC4,x\r\n";
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(ImportReport) report = importing(db, IMPORT_PRODUCTS, bytes, NULL);

  ck_assert(report->stored);
  ck_assert(report->encoding_guessed);
  ck_assert_str_eq(report->encoding, "cp932");
  g_autofree char *name = scratch_text(db, "SELECT code || name_ja FROM product");

  ck_assert_str_eq(name, "ボ病院ﾃｽﾄ");
}
END_TEST

START_TEST(test_import_line_ends)
{
  static const char *const files[] = {
    "\xEF\xBB\xBFproduct,name_ja,name_en\r\nP,\"装\r\n置\",x\r\n\r\nQ,装,x\r\n",
    "product,name_ja,name_en\rP,\"装\r置\",x\r\rQ,装,x\r",
    " Product ,Ｎａｍｅ＿ＪＡ,name-en\nP,\"装\n置\",x\n\nQ,装,x\n",
  };
  g_autoptr(Db) db = scratch_store("kigen.db");
  g_autoptr(ImportReport) report = importing(db, IMPORT_PRODUCTS, files[_i], NULL);
  g_autofree char *problems = importing_problems(report);

  ck_assert_int_eq(report->rows, 2);
  ck_assert_msg(strstr(problems, "products.csv:2: name_ja") != NULL, "%s", problems);
  ck_assert_int_eq(report->refused, 1); /* a name is one line */
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("import");
  TCase *tests = tcase_create("import");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_loop_test(tests, test_import_refused, 0, G_N_ELEMENTS(refused));
  tcase_add_loop_test(tests, test_import_unreadable, 0, G_N_ELEMENTS(unreadable));
  tcase_add_test(tests, test_import_header_only);
  tcase_add_test(tests, test_import_nul);
  tcase_add_test(tests, test_import_huge_field);
  tcase_add_test(tests, test_import_missing);
  tcase_add_test(tests, test_import_again);
  tcase_add_test(tests, test_import_products_answers);
  tcase_add_test(tests, test_import_columns_kept);
  tcase_add_test(tests, test_import_audit);
  tcase_add_test(tests, test_import_dry_run);
  tcase_add_test(tests, test_import_ignore_unknown);
  tcase_add_test(tests, test_import_keep_going);
  tcase_add_test(tests, test_import_rejects_is_source);
  tcase_add_test(tests, test_import_no_rejects);
  tcase_add_test(tests, test_import_interrupted);
  tcase_add_test(tests, test_import_many_problems);
  tcase_add_test(tests, test_import_cp932);
  tcase_add_loop_test(tests, test_import_line_ends, 0, 3);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
