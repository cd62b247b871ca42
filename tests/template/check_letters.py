#!/usr/bin/env python3
"""Renders every letter and calendar event and checks what domain.md demands of them.

usage: check_letters.py RENDERER            RENDERER: the program of render_templates.c
       check_letters.py RENDERER --write FOLDER    writes them there, to be looked at
"""

import html.parser
import itertools
import json
import pathlib
import re
import subprocess
import sys

import letter_contexts as contexts

LANGUAGES = ("ja", "en")
VOID = {"meta", "br"}
FORBIDDEN = {
    "any": ["{{", "}}", "no_limited_support", "undefined", "null"],
    "ja": ["同意", "承諾", "円", "価格", "お得", "割引", "キャンペーン", "キャンセル", "貴院様", "各位"],
    "en": ["consent", "agree", "price", "discount", "offer", "upgrade now", "best-in-class"],
}
# What must be said, in the text part and in the HTML part. The rows are those of the table "Notices" in domain.md.
EVERYWHERE = {
    "ja": ["翠安-000123", "霞浜", "翠嶺メディカルシステムズ株式会社", "03-0000-2100", "support-window@suirei-medical.example",
           "psirt@suirei-medical.example", "psirt-ct@suirei-medical.example", "14B1X99999", "早瀬 千景",
           "全身用X線CT診断装置 SCT-6000シリーズ", "226ZZBZX00021000", "SCT-6128", "CT128-0042", "CT128-0043", "L2021-07",
           "放射線科", "096442", "2021年6月7日", "V4.1", "4台", "販売名", "一般的名称", "承認番号", "型式", "製造番号", "納入日",
           "拝啓", "敬具", "記", "以上", "お問い合わせ先", "製品寿命終了（EOL", "サポート終了（EOS：End of Support）", "をもって",
           "2031年3月31日（令和13年3月31日・月）", "2034年3月31日（令和16年3月31日・金）", "後から書き換えられていない", contexts.HEAD],
    "en": ["翠安-000123", "Kasumihama City", "Suirei Medical Systems Co., Ltd.", "03-0000-2100", "support-window@suirei-medical.example",
           "psirt@suirei-medical.example", "psirt-ct@suirei-medical.example", "14B1X99999", "Chikage Hayase",
           "SCT-6000 series whole-body X-ray CT", "226ZZBZX00021000", "SCT-6128", "CT128-0042", "CT128-0043", "L2021-07",
           "Radiology", "096442", "7 June 2021", "V4.1", "4 units", "Serial number", "Dear Sumie Takahashi", "Yours sincerely", "Contact",
           "nd of life (EOL)", "nd of support (EOS)", "last day of", "Monday, 31 March 2031", "Friday, 31 March 2034",
           "not changed afterwards", contexts.HEAD],
}
PLAN = {
    "ja": ["2019年10月1日", "2026年3月31日", "LS-SCT6128-02", "セキュリティ更新", "訪問修理", "2033年12月28日", "合理的に可能な範囲で提供",
           "適用は弊社の担当者が行います", "https://www.suirei-medical.example/lsp/LS-SCT6128-02.pdf?v=2&lang=ja",
           "ファイアウォールを併用", "後継製品は「SCT-6500」", "責任は、主としてご使用の医療機関に移ります"],
    "en": ["1 October 2019", "31 March 2026", "LS-SCT6128-02", "Security updates", "On-site repair", "28 December 2033",
           "as far as reasonably achievable", "applied by our engineers", "https://www.suirei-medical.example/lsp/LS-SCT6128-02.pdf?v=2&lang=ja",
           "Use the firewall", "successor of this product is SCT-6500", "esponsibility for the cybersecurity"],
}
POINTS = {
    "plan-announcement": {"ja": PLAN["ja"] + ["受領確認"], "en": PLAN["en"] + ["confirm receipt"]},
    "plan-change": {
        "ja": PLAN["ja"] + ["受領確認", "お詫び", "第2版", "変更の理由：主要部品の供給終了に伴う見直し", "承認者：早瀬 千景", "に代わるものです",
               "変更前 2035年3月31日（令和17年3月31日・土）"],
        "en": PLAN["en"] + ["confirm receipt", "apologise", "revision 2", "a main component is no longer supplied",
                            "approved by Chikage Hayase", "takes the place of",
                            "was Saturday, 31 March 2035"],
    },
    "eol-reminder": {"ja": PLAN["ja"] + ["あと12か月"], "en": PLAN["en"] + ["12 months left"]},
    "limited-support-begins": {
        "ja": ["継続するサービス", "セキュリティ更新", "訪問修理", "2033年12月28日", "残るリスク", "補完的対策", "ネットワークを他のシステムから分離",
               "ファイアウォールを併用", "後継製品は「SCT-6500」"],
        "en": ["Services that go on", "Security updates", "On-site repair", "28 December 2033", "Risks that remain", "Compensating controls",
               "apart from other systems", "Use the firewall", "SCT-6500"],
    },
    "eos-reminder": {
        "ja": ["あと12か月", "更新・移行の方法", "後継製品は「SCT-6500」", "責任の移転", "廃止（使用終了）の手順", "患者情報", "責任移転の確認",
               "ご署名のある書面", "安全性情報の収集を続けます"],
        "en": ["12 months left", "Upgrade path", "SCT-6500", "Transfer of responsibility", "Decommissioning", "Erase patient data",
               "confirm the transfer of responsibility", "on paper with a signature", "go on collecting safety information"],
    },
    "eos-reached": {
        "ja": ["引き継がれるリスク", "施設での対策", "ネットワークから切り離してください", "廃止（使用終了）の手順", "責任移転の確認", "お詫び",
               "安全性情報の収集を続けます"],
        "en": ["Risks that you inherit", "Controls on site", "take the product off the network", "Decommissioning",
               "confirm the transfer of responsibility", "apologise", "go on collecting safety information"],
    },
    "withdrawal": {
        "ja": ["取り消しました", "もはや有効ではありません", "お詫び", "取消しの理由：主要部品の供給終了に伴う見直し",
               "取消しの日：2026年12月1日"],
        "en": ["Withdrawn on: Tuesday, 1 December 2026", "have withdrawn the support plan", "no longer hold", "apologise", "a main component is no longer supplied"],
    },
}
ANSWER = {
    "ja": [contexts.LINK, "確認番号：" + contexts.CODE, "本メールにご返信", "ページを開いただけでは確認になりません", "「ご確認の方法」"],
    "en": [contexts.LINK, "Confirmation number: " + contexts.CODE, "reply to this mail", "Opening it alone confirms nothing", '"How to confirm"'],
}
TRANSFER_BY_MAIL = {"ja": "「責任者の氏名：」", "en": '"Responsible person:"'}
FORWARD = {
    "distributor": {"ja": ["貴社にお取り扱い", "転送のお願い", "お納めになった医療機関"], "en": ["forward this letter, unaltered", "you supplied"]},
    "lessor": {"ja": ["貴社にお取り扱い", "転送のお願い", "貸与先"], "en": ["forward this letter, unaltered", "lease"]},
    "repairer": {"ja": ["貴社にお取り扱い", "転送のお願い", "修理・保守"], "en": ["forward this letter, unaltered", "repair or maintain"]},
}
# What differs from the usual letter: (name, change of the context, what the text and the page then say in ja and en).
def software(notice):
    notice.update(is_software=True, release_kind="software", release="V4.1")


def tba(notice):
    notice["eos"] = {"text": contexts.DATES["en" if "units" in notice["device_count"] else "ja"]["tba"], "tba": True}


def escalated(notice):
    notice["escalated"] = True


def confirmed(notice):
    notice.pop("asks_transfer")
    notice["transfer_given"] = True


def other_site(notice):
    notice["organization"] = {"name": "霞浜市立南分院", "other": True}


def many_devices(notice):
    notice["devices_more"] = 312


def budget(notice):
    notice.pop("remaining", None)
    notice["budget"] = True


def no_devices(notice):
    for key in ("devices", "device_count"):
        notice.pop(key)


def markup(notice):
    notice["product"]["name"] = "<b>A&B</b>"


def long_terms(notice):
    for line in notice["limited_support"]["lines"]:
        line["terms"] = contexts.terms("長い" * 250 + "A" * 250, "次の行")


def long_change(notice):
    notice["changes"].append({"key": "terms.parts", "name": "部品の条件", "was": "短い", "now": "長い" * 50, "below": True})


def no_period(notice):
    notice["eos"] = notice["eol"]
    notice["limited_support"]["no_period"] = True


def no_terms(notice):
    for line in notice["limited_support"]["lines"]:
        line.pop("terms", None)
    notice["limited_support"].pop("url")


EXTENDED = {"ja": "2036年3月31日（令和18年3月31日・月）", "en": "Monday, 31 March 2036"}


def language_of(notice):
    return "en" if "units" in notice["device_count"] else "ja"


def extended(notice):
    """The organization's contract, which the notice tells, and that of a device."""
    day = EXTENDED[language_of(notice)]
    notice.update(told_eos=day, told_extended=True, extension={"until": day, "plan": notice["eos"]["text"]},
                  own_extensions=[{"count": contexts.pick(language_of(notice), "1台", "1 unit"), "until": day, "overtaken": True}])


def ends(notice):
    notice["ends_differ"] = True
    notice["devices"][0]["ends"] = [{"end_name": "EOL", "text": "2029-03-31", "software_first": True},
                                    {"end_name": "EOS", "text": "2036-03-31", "by_contract": True}]
    notice["devices"][1]["ends"] = [{"end_name": "EOS", "text": "2031-03-31", "at_latest": True, "in_doubt_unknown": True}]


ODD = [
    ("extended", "eos-reminder", extended,
     ["2036年3月31日（令和18年3月31日・月）をもってサポート終了", "計画上の期日 2034年3月31日（令和16年3月31日・金） から延長", "契約による期日",
      "1台 2036年", "計画の期日のほうが後"],
     ["ends on Monday, 31 March 2036, the day to which your contract extended it (by the plan Friday, 31 March 2034)",
      "by your contract", "1 unit until Monday", "lies later and holds"]),
    ("extended", "eos-reached", extended, ["2036年3月31日（令和18年3月31日・月）をもってサポート終了", "から延長された期日です"],
     ["Monday, 31 March 2036 was end of support (EOS)", "by the plan Friday, 31 March 2034"]),
    ("ends", "eol-reminder", ends,
     ["EOL 2029-03-31", "ソフトウェアが先に終了", "契約により延長", "遅くとも2031-03-31", "一方の期日が不明", "当該機器の最終日です"],
     ["EOL 2029-03-31", "its software ends first", "extended by contract", "2031-03-31 at the latest", "is unknown", "that is its last day"]),
    ("escalated", "plan-announcement", escalated, ["先に別のご連絡先にもお送りいたしました"], ["to another address of your organization before"]),
    ("confirmed", "eos-reached", confirmed, ["すでにご確認をいただいております"], ["have confirmed the transfer of responsibility"]),
    ("long_terms", "limited-support-begins", long_terms, ["長い" * 250 + "A" * 250, "次の行"], ["長い" * 250 + "A" * 250, "次の行"]),
    ("long_change", "plan-change", long_change, ["部品の条件：変更いたしました（下記", "変更前 2035年3月31日"],
     ['部品の条件: changed, as "Limited-support plan" below', "was Saturday, 31 March 2035"]),
    ("no_period", "eol-reminder", no_period, ["同じく2031年3月31日", "EOLとEOSは同じ日です"], ["EOS) is on the same day", "EOL and EOS are the same day"]),
    ("no_period", "plan-announcement", no_period, ["EOLとEOSは同じ日です"], ["EOL and EOS are the same day"]),
    ("no_terms", "plan-announcement", no_terms, ["訪問修理"], ["On-site repair"]),
    ("software", "eol-reminder", software, ["バージョン V4.1"], ["version V4.1"]),
    ("tba", "eol-reminder", tba, ["未定", "決まり次第ご案内"], ["not announced"]),
    ("tba", "limited-support-begins", tba, ["未定", "決まり次第ご案内"], ["not announced"]),
    ("other_site", "eos-reached", other_site, ["対象施設", "霞浜市立南分院"], ["Site", "霞浜市立南分院"]),
    ("many_devices", "eos-reminder", many_devices, ["ほか312件"], ["nd 312 more"]),
    ("budget", "eol-reminder", budget, ["ご予算の編成に先立ち"], ["next budget"]),
    ("budget", "eos-reminder", budget, ["ご予算の編成に先立ち"], ["next budget"]),
    ("no_devices", "plan-change", no_devices, ["変更後の期日"], ["Dates after the change"]),
    ("markup", "plan-announcement", markup, ["<b>A&B</b>"], ["<b>A&B</b>"]),
]
SUMMARIES = {
    "general_availability": ("販売開始日", "First day on sale"),
    "end_of_sale": ("販売最終日", "Last day of sale"),
    "security_support_end": ("セキュリティ", "Last day of security"),
    "eol": ("製品寿命終了日（EOL）", "EOL: last day of full support"),
    "eos": ("サポート最終日（EOS）", "EOS: last day of support"),
    "parts_until": ("部品", "Last day of parts"),
    "repair_until": ("修理", "Last day of repair"),
}

failures = []


def fail(where, what):
    failures.append(f"{where}: {what}")


class Renderer:
    """One run of the program for all requests."""

    def __init__(self, program):
        self.program, self.requests = program, []

    def add(self, template, context, *where):
        self.requests.append((template, context, " ".join(str(part) for part in (template, *where))))

    def run(self):
        lines = "".join(json.dumps({"template": template, "context": context}) + "\n" for template, context, _ in self.requests)
        result = subprocess.run([self.program], input=lines, capture_output=True, text=True)
        texts = [json.loads(line) for line in result.stdout.splitlines()]
        if result.returncode != 0 or len(texts) != len(self.requests):
            sys.exit(f"{self.program}: {result.stderr}")
        return zip(self.requests, texts)


class Checker(html.parser.HTMLParser):
    """Elements close in order, nothing comes from elsewhere, tables have headings with a scope."""

    def __init__(self, where):
        super().__init__(convert_charrefs=True)
        self.where, self.open, self.text = where, [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("script", "img", "link", "iframe", "form", "object") or any(name.startswith("on") for name in attributes):
            fail(self.where, f"<{tag}> does not belong into a letter")
        if tag == "th" and attributes.get("scope") not in ("col", "row"):
            fail(self.where, "<th> without scope")
        if "src" in attributes or "url(" in attributes.get("style", ""):
            fail(self.where, f"<{tag}> loads something")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            fail(self.where, f"</{tag}> closes what is not open, line {self.getpos()[0]}")

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


def html_text(text, where):
    checker = Checker(where)
    checker.feed(text)
    checker.close()
    if checker.open:
        fail(where, f"not closed: {checker.open}")
    return "".join(checker.text)


def squeeze(text):
    return re.sub(r"[\s　]+", " ", text)


def check_layout(text, where):
    for pattern, what in ((r"[ \t　]$", "white space at the end of a line"), (r"\n\n\n", "two empty lines"), (r"\A\n", "begins with an empty line"),
                          (r"\n\n\Z", "ends with an empty line")):
        found = re.search(pattern, text, re.M if what.startswith("white") else 0)
        if found:
            fail(where, f"{what}, line {text.count(chr(10), 0, found.start()) + 1}")


def check_words(text, language, where, wanted):
    for word in FORBIDDEN["any"] + FORBIDDEN[language]:
        if re.search(re.escape(word) if language == "ja" else r"\b" + re.escape(word) if word[0].isalpha() else re.escape(word), text):
            fail(where, f"says «{word}»")
    for word in wanted:
        if squeeze(word) not in squeeze(text):
            fail(where, f"does not say «{word}»")


def wanted_points(language, kinds, role):
    points = list(EVERYWHERE[language]) + [point for kind in kinds for point in POINTS[kind][language]]
    if role != "hospital":
        name = contexts.recipient(language, role)["organization"]
        points = [name if point in ("霞浜", "Kasumihama City") else point for point in points] + FORWARD[role][language]
        if len(kinds) == 1 and kinds[0] in ("plan-change", "withdrawal"):
            points = [point for point in points if not point.startswith("貴社")]
    elif language == "ja":
        points += ["髙橋 澄江　様", "医療機器安全管理責任者"]
    return points


def answer_points(context):
    """How to confirm, exactly where something is asked."""
    language = context["language"]
    points = list(ANSWER[language])
    if "asks_transfer" in context["answer"]:
        points.append(TRANSFER_BY_MAIL[language])
    for item in context["notices"]:
        if "own_code" in item and ("asks_receipt" in item or "asks_transfer" in item):
            points.append(item["own_code"])
    return points


def check_letter(renderer, language, kinds, role):
    context = contexts.letter(language, kinds, role)
    for part in ("subject", "txt", "html"):
        renderer.add(f"mail/{language}/letter.{part}", context, "+".join(kinds), role)


def check_sparse(renderer, language, kinds):
    context = contexts.strip_optional(contexts.letter(language, kinds))
    for part in ("subject", "txt", "html"):
        renderer.add(f"mail/{language}/letter.{part}", context, "+".join(kinds), "sparse")


def check_odd(renderer, language):
    for name, kind, change, ja, en in ODD:
        context = contexts.letter(language, [kind])
        change(context["notices"][0])
        if name == "confirmed":
            context.pop("answer")
            context["unwanted"] = ["お役職とお名前をお定めのうえ", "Please name the person"]
        context["wanted"] = ja if language == "ja" else en
        for part in ("txt", "html"):
            renderer.add(f"mail/{language}/letter.{part}", context, kind, name)


def check_urgent(renderer):
    """Urgent letters skip the greeting (domain.md, Letters in Japanese)."""
    for part in ("txt", "html"):
        context = contexts.letter("ja", ["withdrawal"])
        context.update(urgent=True, wanted=["取り消しました"], unwanted=["拝啓", "敬具", "時下"])
        renderer.add(f"mail/ja/letter.{part}", context, "withdrawal", "urgent")


def check_part(request, text):
    template, context, where = request
    language, part = context["language"], template.rsplit(".", 1)[-1]
    kinds = [item["kind"] for item in context["notices"]]
    role = next(role for role in ("hospital", "distributor", "lessor", "repairer") if role in context["recipient"])
    sparse = "unnamed" in context["recipient"]

    if part == "subject":
        if "\n" in text or not text.strip() or len(text) > 120:
            fail(where, f"not one short line: «{text}»")
        check_words(text, language, where, ["SCT-6128"])
        return
    plain = text if part == "txt" else html_text(text, where)
    if part == "txt":
        check_layout(text, where)
    for word in context.get("unwanted", []):
        if word in plain:
            fail(where, f"says «{word}»")
    if "wanted" in context:
        check_words(plain, language, where, context["wanted"])
        if where.endswith("no_terms") and any(word in plain for word in ("条件：", "Terms:", "ウェブサイトでも", "on the web")):
            fail(where, "has a label without what it is for")
        if where.endswith("no_period") and any(word in plain for word in ("EOLの翌日から", "day after EOL", "It lasts until")):
            fail(where, "promises a time between EOL and EOS")
        if where.endswith("long_change") and "長い" in plain:
            fail(where, "tells long terms twice")
        if "未定をもって" in plain or "not announced (last" in plain:
            fail(where, "gives a date not announced as a last day")
    elif sparse:
        if "電子署名" in plain or "signature over" in plain:
            fail(where, "explains a head that it does not carry")
        check_words(plain, language, where, ["03-0000-2100", "CT128-0042", *(["ご担当者様"] if language == "ja" else ["Dear Sir or Madam"])])
    else:
        check_words(plain, language, where, wanted_points(language, kinds, role))
        if "answer" in context:
            check_words(plain, language, where, answer_points(context))
    if "answer" not in context and ("確認番号" in plain or "onfirmation number" in plain or "責任者の氏名" in plain):
        fail(where, "explains a confirmation number that it does not carry")
    for word in ("御中",) + (("様様",) if not sparse else ("　様",)):
        if word in plain:
            fail(where, f"says «{word}»")
    if role == "hospital" and ("転送のお願い" in plain or "forward this letter" in plain or "貴社" in plain):
        fail(where, "asks a hospital to forward, or says 貴社")
    if role != "hospital" and "貴院" in plain:
        fail(where, "says 貴院 to a company")
    if len(kinds) > 1:
        for item in context["notices"]:
            mark = f"【{item['number']}】" if language == "ja" else f"[{item['number']}]"
            if plain.count(mark) != 2:
                fail(where, f"{mark} must stand in the list and above its notice")


def check_parts_agree(letters):
    """Every line of words in the text part stands in the HTML part too: neither says what the other does not."""
    for where, (text, page) in letters.items():
        flat = re.sub(r"\s+", "", page)
        for line in text.splitlines():
            if re.match(r"[ 　]*([・-] |・)?\S+.*[。.]$", line) and re.sub(r"\s+", "", line) not in flat:
                fail(where, f"the HTML part lacks: {line}")


def check_event(request, text):
    template, context, where = request
    language, key = context["language"], context["milestone"]["key"]
    wanted = [context["release"], context["product"]["name"], context["count"]]
    if template.endswith("summary"):
        wanted.append(SUMMARIES[key][0 if language == "ja" else 1])
        if "\n" in text or len(text) > 100:
            fail(where, f"not one short line: «{text}»")
    else:
        wanted += [context["date"], "03-0000-2100", "psirt-ct@suirei-medical.example", contexts.DATES[language]["eos"]]
        if key != "general_availability":
            wanted.append("最終日" if language == "ja" else "last day")
        wanted += ["SCT-6500", "as far as reasonably" if language == "en" else "条件：合理的に", "LS-SCT6128-02.pdf",
                   "Use the firewall" if language == "en" else "ファイアウォールを併用"]
        if "no_period" in context["limited_support"]:
            wanted.remove(contexts.DATES[language]["eos"])
            wanted.append("も同じ日です" if language == "ja" else "on the same day")
            if "翌日から限定的" in text or "EOLの翌日から" in text or "day after" in text:
                fail(where, "promises a time between EOL and EOS")
        check_layout(text + "\n", where)
    check_words(text, language, where, wanted)


def all_requests(renderer):
    kinds = list(contexts.KINDS)
    for language in LANGUAGES:
        for kind, role in itertools.product(kinds, ("hospital", "distributor", "lessor", "repairer")):
            check_letter(renderer, language, [kind], role)
        for kind in kinds:
            check_sparse(renderer, language, [kind])
        check_letter(renderer, language, ["eol-reminder", "eos-reminder", "plan-change"], "hospital")
        check_letter(renderer, language, kinds, "distributor")
        check_sparse(renderer, language, kinds)
        check_odd(renderer, language)
        for key, _, _ in contexts.MILESTONES:
            for name in ("summary", "description"):
                renderer.add(f"calendar/{language}/{name}", contexts.calendar(language, key), key)
        one_day = contexts.calendar(language, "eol")
        one_day["eos"] = one_day["eol"]
        one_day["limited_support"]["no_period"] = True
        renderer.add(f"calendar/{language}/description", one_day, "eol one day")
    check_urgent(renderer)


def write(folder, results):
    for (template, _, where), text in results:
        name = re.sub(r"[^\w.+-]+", "_", where.replace(template, "")).strip("_")
        stem, _, kind = template.replace("/", "-").partition(".")
        path = pathlib.Path(folder) / f"{stem}-{name}.{kind or 'txt'}"
        path.write_text(text, encoding="utf-8")


def main(program, *arguments):
    renderer = Renderer(program)
    all_requests(renderer)
    results = list(renderer.run())
    if arguments:
        return write(arguments[1], results)

    letters = {}
    for request, text in results:
        template, _, where = request
        if template.startswith("calendar/"):
            check_event(request, text)
            continue
        check_part(request, text)
        if not template.endswith("subject"):
            letters.setdefault(where.split(" ", 1)[1] + where[:8], []).append(text if template.endswith("txt") else html_text(text, where))
    check_parts_agree(letters)
    print("\n".join(failures) if failures else f"{len(results)} renderings")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
