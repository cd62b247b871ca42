#include <string.h>

#include "tests/exchange/importing.h"
#include "tests/support/run.h"

static char *parents(Db *db)
{
  return scratch_text(db,
                      "SELECT group_concat(o.code || '<' || coalesce(p.code, ''), ' ') FROM (SELECT * FROM "
                      "organization ORDER BY code) o LEFT JOIN organization p ON p.id = o.parent");
}

START_TEST(test_import_organizations_parent_later)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  importing_all(db, IMPORT_ORGANIZATIONS,
                "organization,name_ja,role,parent\nC,病棟,hospital,B\nB,病院,hospital,A\nA,法人,hospital,\n"
                "D,診療所,clinic,A\n");
  g_autofree char *text = parents(db);

  ck_assert_str_eq(text, "A< B<A C<B D<A");
  /* a file without the column leaves parents alone; with it they can change */
  importing_all(db, IMPORT_ORGANIZATIONS, "organization,name_ja,role\nC,病棟,hospital\n");
  importing_all(db, IMPORT_ORGANIZATIONS,
                "organization,name_ja,role,parent\nD,診療所,clinic,\nB,病院,hospital,D\n");
  g_autofree char *moved = parents(db);

  ck_assert_str_eq(moved, "A< B<D C<B D<");
}
END_TEST

/* With --keep-going a refused row takes its children along, circles included; the rest goes in. */
START_TEST(test_import_organizations_keep_going)
{
  g_autoptr(Db) db = scratch_store("kigen.db");
  ImportOptions options = importing_options();

  options.keep_going = true;
  g_autoptr(ImportReport) report = importing(db, IMPORT_ORGANIZATIONS,
                                             "organization,name_ja,role,parent\n"
                                             "A,a,hospital,\n"
                                             "B,b,hospital,C\n"
                                             "C,c,hospital,NOBODY\n"
                                             "D,d,hospital,E\n"
                                             "E,e,hospital,D\n"
                                             "F,f,hospital,E\n"
                                             "G,g,wrong,\n"
                                             "H,h,hospital,A\n",
                                             &options);
  g_autofree char *text = parents(db);
  g_autofree char *problems = importing_problems(report);

  ck_assert_str_eq(text, "A< H<A");
  ck_assert_int_eq(report->refused, 6);
  ck_assert_int_eq(report->added, 2);
  ck_assert_ptr_nonnull(strstr(problems,
                               "organizations.csv:3: parent \"C\": line 4, which says what that is, is "
                               "refused"));
  ck_assert_ptr_nonnull(strstr(problems, "organizations.csv:7: parent \"E\": line 6"));
}
END_TEST

/* A circle through what is stored already. */
START_TEST(test_import_organizations_circle)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  importing_all(db, IMPORT_ORGANIZATIONS,
                "organization,name_ja,role,parent\nA,a,hospital,\nB,b,hospital,A\nC,c,clinic,B\n");
  g_autoptr(ImportReport) report =
      importing(db, IMPORT_ORGANIZATIONS, "organization,name_ja,role,parent\nA,a,hospital,C\n", NULL);

  ck_assert(!report->stored);
  ck_assert_int_eq(report->refused, 1);
}
END_TEST

START_TEST(test_import_organizations_contacts)
{
  g_autoptr(Db) db = scratch_store("kigen.db");

  importing_all(
      db, IMPORT_ORGANIZATIONS,
      "organization,name_ja,role,country,language,time_zone,budget_month,disclosed,postal_code,address\n"
      "H,病院,医院,日本,日本語,Asia/Tokyo,４,いいえ,=\"0010001\",\"東京都\n千代田区\"\n");
  g_autofree char *organization = scratch_text(
      db, "SELECT role || country || language || time_zone || budget_month || disclosed || postal_code FROM "
          "organization");

  ck_assert_str_eq(organization, "clinicJPjaAsia/Tokyo400010001");
  importing_all(db, IMPORT_CONTACTS,
                "organization,name,email,role,channel,order,valid_to\n"
                "H,山田,yamada@example.com,医療機器安全管理責任者,,2,99991231\n"
                "H,鈴木,,,,,\n"
                "H,佐藤,,procurement,ＦＡＸ,,2027-03-31\n");
  g_autofree char *contacts =
      scratch_text(db, "SELECT group_concat(name || ' ' || coalesce(role, '-') || ' ' || channel || ' ' || "
                       "escalation_order || ' ' || coalesce(valid_to, '-'), '; ') FROM contact");

  ck_assert_str_eq(
      contacts, "山田 device-safety-manager mail 2 -; 鈴木 - letter 1 -; 佐藤 procurement fax 1 2027-03-31");
  ck_assert_int_eq(scratch_number(db, "SELECT n FROM change WHERE scope = 'organization'"), 2);
  g_autoptr(ImportReport) mail =
      importing(db, IMPORT_CONTACTS, "organization,name,email,channel\nH,鈴木,,mail\n", NULL);

  ck_assert_int_eq(mail->warnings, 1);
  ck_assert_int_eq(mail->changed, 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("import_organizations");
  TCase *tests = tcase_create("import_organizations");

  tcase_add_checked_fixture(tests, scratch_setup, scratch_teardown);
  tcase_add_test(tests, test_import_organizations_parent_later);
  tcase_add_test(tests, test_import_organizations_keep_going);
  tcase_add_test(tests, test_import_organizations_circle);
  tcase_add_test(tests, test_import_organizations_contacts);
  suite_add_tcase(suite, tests);
  return run_suite(suite);
}
