#include "notifier/exchange/words.h"

/* Each stored word stands first, its other spellings below it: the first of them is shown in messages. */
const ValueWord words_scope[] = {
  { "yes", "yes" },         { "該当", "yes" },     { "はい", "yes" },  { "1", "yes" },
  { "no", "no" },           { "非該当", "no" },    { "いいえ", "no" }, { "0", "no" },
  { "unknown", "unknown" }, { "不明", "unknown" }, { NULL, NULL },
};
const ValueWord words_harm[] = {
  { "yes", "yes" },         { "あり", "yes" },     { "はい", "yes" },  { "有", "yes" }, { "1", "yes" },
  { "no", "no" },           { "なし", "no" },      { "いいえ", "no" }, { "無", "no" },  { "0", "no" },
  { "unknown", "unknown" }, { "不明", "unknown" }, { NULL, NULL },
};
const ValueWord words_kind[] = {
  { "hardware", "hardware" }, { "ハードウェア", "hardware" }, { "機器", "hardware" },
  { "software", "software" }, { "ソフトウェア", "software" }, { NULL, NULL },
};
const ValueWord words_organization[] = {
  { "hospital", "hospital" },
  { "病院", "hospital" },
  { "clinic", "clinic" },
  { "診療所", "clinic" },
  { "クリニック", "clinic" },
  { "医院", "clinic" },
  { "distributor", "distributor" },
  { "販売業者", "distributor" },
  { "販売店", "distributor" },
  { "lessor", "lessor" },
  { "貸与業者", "lessor" },
  { "リース会社", "lessor" },
  { "repairer", "repairer" },
  { "修理業者", "repairer" },
  { "regulator", "regulator" },
  { "規制当局", "regulator" },
  { NULL, NULL },
};
const ValueWord words_language[] = {
  { "ja", "ja" },   { "日本語", "ja" },  { "Japanese", "ja" }, { "en", "en" },
  { "英語", "en" }, { "English", "en" }, { NULL, NULL },
};
const ValueWord words_contact[] = {
  { "device-safety-manager", "device-safety-manager" },
  { "医療機器安全管理責任者", "device-safety-manager" },
  { "clinical-engineering", "clinical-engineering" },
  { "臨床工学", "clinical-engineering" },
  { "臨床工学科", "clinical-engineering" },
  { "臨床工学技士", "clinical-engineering" },
  { "it-security", "it-security" },
  { "情報セキュリティ", "it-security" },
  { "情報システム", "it-security" },
  { "医療情報", "it-security" },
  { "procurement", "procurement" },
  { "購買", "procurement" },
  { "用度", "procurement" },
  { "other", "other" },
  { "その他", "other" },
  { NULL, NULL },
};
const ValueWord words_channel[] = {
  { "mail", "mail" },       { "メール", "mail" },   { "email", "mail" },     { "電子メール", "mail" },
  { "webhook", "webhook" }, { "letter", "letter" }, { "郵送", "letter" },    { "書面", "letter" },
  { "fax", "fax" },         { "ファクス", "fax" },  { "ファックス", "fax" }, { "hand", "hand" },
  { "手渡し", "hand" },     { "訪問", "hand" },     { "relay", "relay" },    { "販売業者経由", "relay" },
  { "転送", "relay" },      { NULL, NULL },
};
const ValueWord words_status[] = {
  { "in-use", "in-use" },
  { "使用中", "in-use" },
  { "稼働中", "in-use" },
  { "spare", "spare" },
  { "予備", "spare" },
  { "isolated", "isolated" },
  { "隔離", "isolated" },
  { "ネットワーク切離し", "isolated" },
  { "disposed", "disposed" },
  { "廃棄", "disposed" },
  { "廃棄済", "disposed" },
  { "transferred", "transferred" },
  { "譲渡", "transferred" },
  { "移管", "transferred" },
  { "unknown", "unknown" },
  { "不明", "unknown" },
  { NULL, NULL },
};
const ValueWord words_custody[] = {
  { "user", "user" },    { "使用者", "user" },       { "使用", "user" },         { "owner", "owner" },
  { "所有者", "owner" }, { "貸与業者", "owner" },    { "seller", "seller" },     { "販売業者", "seller" },
  { "販売", "seller" },  { "repairer", "repairer" }, { "修理業者", "repairer" }, { "修理", "repairer" },
  { NULL, NULL },
};
const ValueWord words_handover[] = {
  { "post", "post" },       { "郵送", "post" },      { "書面", "post" },  { "hand", "hand" },
  { "手渡し", "hand" },     { "持参", "hand" },      { "訪問", "hand" },  { "fax", "fax" },
  { "ファクス", "fax" },    { "ファックス", "fax" }, { "mail", "mail" },  { "メール", "mail" },
  { "電子メール", "mail" }, { "phone", "phone" },    { "電話", "phone" }, { "other", "other" },
  { "その他", "other" },    { NULL, NULL },
};
const ValueWord words_presentation[] = {
  { "hand-over", "hand-over" },
  { "手渡し", "hand-over" },
  { "持参", "hand-over" },
  { "訪問", "hand-over" },
  { "対面", "hand-over" },
  { "letter", "letter" },
  { "郵送", "letter" },
  { "書面", "letter" },
  { "手紙", "letter" },
  { "fax", "fax" },
  { "ファクス", "fax" },
  { "ファックス", "fax" },
  { NULL, NULL },
};
