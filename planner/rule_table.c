#include "planner/rule.h"
#include "planner/rule_change.h"
#include "planner/rule_dates.h"
#include "planner/rule_duties.h"
#include "planner/rule_lsp.h"

#define WARNING_EVERYWHERE                                                                                   \
  {                                                                                                          \
    SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_WARNING                                                     \
  }
#define ERROR_EVERYWHERE                                                                                     \
  {                                                                                                          \
    SEVERITY_ERROR, SEVERITY_ERROR, SEVERITY_ERROR                                                           \
  }

#define QA "厚生労働省事務連絡 令和5年7月20日（QA）"
#define QA2 "厚生労働省事務連絡 令和6年1月31日（QA2）"
#define CONFORMITY "薬生機審発0523第1号 令和5年5月23日（適合性確認通知）"
#define HANDBOOK "医療機器のサイバーセキュリティ導入に関する手引書 2021年"
#define N70 "IMDRF/CYBER WG/N70:2023"

/* domain.md, Rules, in its order. */
static const Rule rules[] = {
  { "LSP-1", GATE_STORE, ERROR_EVERYWHERE,
    "EOLとEOSが同じ日なのに、限定的サポート計画が宣言されていません。医療機関が買替えや更新をする期間がなくな"
    "ります。",
    "EOL and EOS are the same day and no limited-support plan is declared: hospitals get no time to replace "
    "or update.",
    QA2 " Q10",
    "EOSをEOLより後の日にするか、限定的サポート計画（文書番号・顧客の実施事項・サービス項目と最終日）を記入し"
    "てください。",
    "Set EOS later than EOL, or fill in the limited-support plan (document number, customer duties, a "
    "service line with "
    "its last day).",
    rule_lsp_1 },
  { "LSP-2a", GATE_PUBLISH, ERROR_EVERYWHERE,
    "EOLまたはEOSが決まっているのに、限定的サポート計画が宣言されていません。計画は立案し、医療機関にあらかじ"
    "め提示する必要があります。",
    "EOL or EOS is known but no limited-support plan is declared: it must be drawn up and shown to hospitals "
    "beforehand.",
    QA2 " Q10",
    "限定的サポート計画の文書番号・顧客の実施事項・サービス項目（最終日つき）を記入してください。",
    "Fill in the limited-support plan's document number, customer duties and at least one service line with "
    "its last day.",
    rule_lsp_2a },
  { "LSP-2b", GATE_PUBLISH, ERROR_EVERYWHERE,
    "EOSは決まっていますが、EOLがありません。EOLが空のままでは、EOLとEOSが同じ日でないことを確かめられません"
    "。",
    "EOS is known but EOL is not: an empty EOL would evade the rule that EOL and EOS differ.",
    QA2 " Q10; " N70 " §5.2, §5.3", "EOLの日付を記入してください。", "Set the EOL date.", rule_lsp_2b },
  { "LSP-2c", GATE_PUBLISH, WARNING_EVERYWHERE,
    "EOLは決まっていますが、EOSが未定です。EOSは遅くともEOLまでに知らせます（EOL当日からはエラーになります）"
    "。",
    "EOL is known but EOS is not announced: EOS is told by EOL at the latest (an error from EOL on).",
    HANDBOOK " p.16", "EOSの日付を決めて記入してください。公開する場合は理由を添えてください。",
    "Decide and set the EOS date; to publish without it, give a reason.", rule_lsp_2c },
  { "LSP-3", GATE_PUBLISH, ERROR_EVERYWHERE,
    "限定的サポート計画は宣言されていますが、EOLとEOSが同じ日です。その日までに全ての医療機関が買替え・更新で"
    "きることを示す必要があります。",
    "A limited-support plan is declared, but EOL and EOS are the same day: every hospital must be replaced "
    "or updated by "
    "then.",
    QA2 " Q10",
    "EOSをEOLより後の日にしてください。同じ日とする場合は、別の責任者が署名した例外承認が必要です。",
    "Set EOS later than EOL; to keep one day, a second person must sign an override that says how every "
    "hospital is "
    "served.",
    rule_lsp_3 },
  { "LSP-4", GATE_FINDING, WARNING_EVERYWHERE,
    "EOLまでに限定的サポート計画を提示した記録のない医療機関があります（EOL当日からはエラーになります）。",
    "There are hospitals without a recorded presentation of the limited-support plan before EOL (an error "
    "from EOL on).",
    QA2 " Q10「あらかじめ提示」",
    "計画を公開して届けるか、手渡しなどの提示日（presented_"
    "on）を記録してください。遅れた提示には理由を添えてください。",
    "Publish the plan and deliver it, or record the day it was presented (presented_on); a late presentation "
    "needs a "
    "reason.",
    rule_lsp_4 },
  { "ORD-1", GATE_STORE, ERROR_EVERYWHERE, "EOLがEOSより後の日になっています。", "EOL lies after EOS.",
    N70 " §5.2, §5.3", "EOLをEOSより前の日にしてください。列の取り違えがないか確認してください。",
    "Set EOL before EOS; see whether the two columns were mixed up.", rule_dates_ord_1 },
  { "ORD-2", GATE_PUBLISH, ERROR_EVERYWHERE,
    "日付の順序が正しくありません（販売開始≦販売終了≦EOL、セキュリティサポート終了≦EOS）。",
    "Dates are out of order (general availability ≤ end of sale ≤ EOL; security support end ≤ EOS).",
    N70 " §5; OpenEoX §7.1", "順序が逆の日付を直してください。",
    "Correct the dates that are the wrong way round.", rule_dates_ord_2 },
  { "LEAD-1", GATE_PUBLISH, WARNING_EVERYWHERE,
    "最初の公表からEOLまたはEOSまでが24か月未満です。医療機関は予算を立てて買い替えるため、2年以上前の公表が"
    "求められます。",
    "Less than 24 months lie between the first publication and EOL or EOS: hospitals need 2 years to plan "
    "and buy.",
    N70 " §7.1.1",
    "日付を後にするか、理由を添えて公開してください。以前に公表済みなら公表日（announced_"
    "on）を記入してください。",
    "Set a later date, or publish with a reason; if customers were told before, enter the day "
    "(announced_on).",
    rule_dates_lead_1 },
  { "LEAD-2", GATE_FINDING, WARNING_EVERYWHERE,
    "EOSが近いのに、顧客への責任移転が始まっていません（36か月前から警告、24か月前からエラー）。",
    "EOS is near and the transfer of responsibility to customers has not begun (warning from 36 months, "
    "error from 24).",
    N70 " §7.3.1", "サポート計画を公開し、EOSのお知らせで責任移転の確認を依頼してください。",
    "Publish the plan and ask customers, by the EOS reminders, to confirm the transfer.", rule_dates_lead_2 },
  { "CHG-1", GATE_PUBLISH, ERROR_EVERYWHERE,
    "公開済みの日付を、理由なしに変更しようとしています。変更には新しい改訂・理由・旧日付を受け取った全員への"
    "通知が必要です。",
    "A published date changes without a reason: it takes a new revision, a reason, and a notice to all who "
    "got the old "
    "date.",
    N70 " §7.1.1", "変更の理由を添えて公開してください。", "Publish the change with its reason.",
    rule_change_chg_1 },
  { "CHG-2", GATE_PUBLISH, ERROR_EVERYWHERE,
    "公開済みの日付を前倒しし、顧客に残る期間が24か月未満になります。",
    "A published date moves earlier and leaves customers less than 24 months.",
    N70 " §7.1.1（LEAD-1から導く）", "日付を今日から24か月以上先にするか、署名された例外承認を得てください。",
    "Set a date at least 24 months from today, or obtain a signed override.", rule_change_chg_2 },
  { "PLAN-1", GATE_FINDING, ERROR_EVERYWHERE,
    "販売中の製品に、サポート計画（製品寿命の計画・脆弱性の監視・更新の通知方法）が揃っていません。",
    "The product is on sale without a complete support plan: lifetime plan, vulnerability monitoring, how "
    "updates are "
    "notified.",
    CONFORMITY " 1(3), 2(3)",
    "EOLと更新方針の文書（update_policy_doc）を記入し、サポート計画を公開してください。",
    "Set EOL and the update policy's document (update_policy_doc), and publish the support plan.",
    rule_duties_plan_1 },
  { "DOC-1", GATE_PUBLISH, ERROR_EVERYWHERE,
    "緊急時に応答できるセキュリティ窓口（security_contact）が製品に登録されていません。",
    "The product has no security contact (security_contact) that answers urgently.",
    CONFORMITY " 2(1); " QA " Q4", "製品のsecurity_contactに、緊急時に連絡の取れる窓口を記入してください。",
    "Enter a contact that can be reached urgently as the product's security_contact.", rule_duties_doc_1 },
  { "DOC-2",
    GATE_FINDING,
    { SEVERITY_ERROR, SEVERITY_OFF, SEVERITY_OFF },
    "適合性確認通知の1(1)～(6)・2(1)～(4)のいずれかに、対応する社内文書が特定されていません。",
    "No internal document is named for one of the items 1(1)–(6), 2(1)–(4) of the conformity notification.",
    QA " Q2; " QA2 " Q8",
    "項目ごとに社内文書の番号を記録してください。",
    "Record the number of the internal document for each item.",
    rule_duties_doc_2 },
  { "SBOM-1",
    GATE_FINDING,
    { SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_WARNING },
    "ソフトウェア部品表（SBOM）がない（エラー）か、部品の7項目のいずれかが欠けています（警告）。",
    "The SBOM is missing (an error), or a component lacks one of the seven attributes (a warning).",
    QA " Q6; " QA2 " Q9; us: FDA 2026 §V.A.4(b)",
    "SBOMを登録してください。2017年11月25日より前の設計では、リスクマネジメントの記録で代えられます。",
    "Supply the SBOM; for designs before 2017-11-25 a risk-management record answers it.",
    rule_duties_sbom_1 },
  { "CMP-1", GATE_FINDING, WARNING_EVERYWHERE,
    "構成部品のサポートがリリースのEOSより前に終わるのに、置換えや緩和策の記録がありません。",
    "A component's support ends before the release's EOS and no replacement or mitigation is recorded.",
    N70 " §5.5; " HANDBOOK " p.13", "部品の置換え計画または緩和策を記録してください。",
    "Record how the component is replaced or its risk mitigated.", rule_duties_cmp_1 },
  { "TRN-1", GATE_FINDING, ERROR_EVERYWHERE,
    "トランジションヘルスソフトウェアに、版ごとの根拠または移行計画がありません。",
    "A transition release has no rationale for its version or no migration plan.",
    QA " Q3; " QA2 " Q8; JIS T 81001-5-1 附属書F", "版ごとの根拠と移行計画を記録してください。",
    "Record the rationale of each version and the migration plan.", rule_duties_trn_1 },
  { "PARTS-1", GATE_FINDING, WARNING_EVERYWHERE,
    "部品の供給・修理・サービス項目のいずれかがEOSより後まで続いています。EOSでは商業的サービスも終わります"
    "。",
    "Parts, repair or a service line go on after EOS, but commercial service ends with EOS too.", QA2 " Q10",
    "EOSを後にするか、EOS後に何が続くのかを顧客向けの文書で明らかにしてください。",
    "Set EOS later, or state in the customers' document what goes on after EOS.", rule_dates_parts_1 },
  { "PARTS-2", GATE_FINDING, WARNING_EVERYWHERE,
    "部品の供給がEOSより前に終わります。EOSまでの修理ができなくなるおそれがあります。",
    "Parts end before EOS: repairs may become impossible before support ends.", N70 " §9.1.1.1",
    "parts_untilをEOS以降にするか、部品終了後の対応を顧客に知らせてください。",
    "Set parts_until to EOS or later, or tell customers what happens when parts have run out.",
    rule_dates_parts_2 },
  { "LIFE-1", GATE_FINDING, WARNING_EVERYWHERE,
    "EOLが「販売終了＋耐用期間」より前です。最後に購入した顧客は耐用期間の途中でサポートを失います。",
    "EOL is earlier than end of sale plus useful life: the last buyers lose support within the useful life.",
    HANDBOOK " p.16", "EOLを「販売終了＋耐用期間」以降にするか、根拠を記録してください。",
    "Set EOL to end of sale plus useful life or later, or record why not.", rule_dates_life_1 },
  { "LEASE-1", GATE_FINDING, WARNING_EVERYWHERE, "リースまたは保守契約の終了より前にEOSを迎えます。",
    "EOS comes before the end of a lease or maintenance contract.", "実務 / practice",
    "EOSを契約の終了以降にするか、契約先と更新・買替えを取り決めてください。",
    "Set EOS to the end of the contract or later, or agree on an update or replacement with the customer.",
    rule_dates_lease_1 },
  { "REACH-1", GATE_PUBLISH, WARNING_EVERYWHERE,
    "連絡の取れる担当者がいない対象機関があります。未到達として数え、郵送の手紙を用意します。",
    "Affected organizations have no contact that can be reached: they count as unreached and a letter is "
    "queued.",
    "実務 / practice", "担当者の連絡先を登録するか、理由を添えて公開してください。",
    "Enter a contact for each of them, or publish with a reason.", rule_duties_reach_1 },
  { "EU-1",
    GATE_PUBLISH,
    { SEVERITY_OFF, SEVERITY_OFF, SEVERITY_ERROR },
    "重大な危害のおそれがある供給終了の予告が6か月未満です。",
    "A discontinuation that risks serious harm is announced less than 6 months ahead.",
    "Regulation (EU) 2017/745 (MDR) art. 10a",
    "販売終了を予告から6か月以上先にしてください。",
    "Set the end of sale at least 6 months after its announcement.",
    rule_dates_eu_1 },
  { "ACK-1", GATE_FINDING, WARNING_EVERYWHERE, "EOSの責任移転をまだ確認していない顧客があります。",
    "A customer has not confirmed the transfer of responsibility at EOS.", N70 " §8.3",
    "責任者による責任移転の確認を、返信・電話・書面のいずれかで得て記録してください。",
    "Obtain and record the confirmation of a responsible person: by link, reply, telephone or paper.",
    rule_duties_ack_1 },
  { "STALE-1", GATE_FINDING, WARNING_EVERYWHERE, "サポート状況の評価が古くなっています。",
    "The support assessment is older than the profile's threshold.", "実務 / practice",
    "サポート状況を評価し直し、その日付を記録してください。", "Assess the support again and record the day.",
    rule_duties_stale_1 },
};

const Rule *rule_table(gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS(rules);
  return rules;
}
