#!/usr/bin/env python3
"""Renders the letters of advisories and checks what domain.md demands of them, by the means of check_letters.py.

usage: check_advisories.py RENDERER            RENDERER: the program of render_templates.c
       check_advisories.py RENDERER --write FOLDER    writes them there, to be looked at
"""

import itertools
import sys

import advisory_contexts as contexts
import check_letters as letters
from check_letters import LANGUAGES, Renderer, check_layout, check_words, fail, html_text

EVERYWHERE = {
    "ja": ["翠安-000123", "翠嶺メディカルシステムズ株式会社", "03-0000-2100", "全身用X線CT診断装置 SCT-6000シリーズ", "226ZZBZX00021000", "型式", "SCT-6128",
           "バージョン", "V4.1", "CT128-0042", "CT128-0043", "L2021-07", "放射線科", "4台", "翠安-A0007", "記", "以上", "お問い合わせ先", "受領確認"],
    "en": ["翠安-000123", "Suirei Medical Systems Co., Ltd.", "03-0000-2100", "SCT-6000 series whole-body X-ray CT", "226ZZBZX00021000", "Model", "SCT-6128",
           "Version", "V4.1", "CT128-0042", "CT128-0043", "L2021-07", "Radiology", "4 units", "翠安-A0007", "Yours sincerely", "confirm receipt"],
}
BODY = {"ja": ["影響", "設定が変更される & 停止する。", "https://www.suirei-medical.example/csaf/7.json?a=1&b=2", "SMSA-2030-007", "早瀬 千景"],
        "en": ["Impact", "Settings may change & stop.", "https://www.suirei-medical.example/csaf/7.json?a=1&b=2", "SMSA-2030-007", "Chikage Hayase"]}
POINTS = {
    "security-advisory": {"ja": BODY["ja"] + ["遠隔保守を直ちに無効にしてください。", "影響、対策及び修正の見通し"],
                          "en": BODY["en"] + ["Switch remote maintenance off now.", "patch or compensating control"]},
    "stop-use-recommendation": {
        "ja": BODY["ja"] + ["直ちに、下記の対象機器の使用を中止してください。", "遠隔保守を直ちに無効に", "残留リスク", "代替の機器又は方法", "ネットワークから切り離し", "使用の再開は"],
        "en": BODY["en"] + ["Stop using the devices listed below at once.", "Switch remote maintenance off", "residual risk", "an alternative ready", "disconnect it",
                            "Do not resume use"]},
    "component-notice": {
        "ja": BODY["ja"] + ["OpenSSL 1.1.1", "OpenSSL Project", "2031年3月31日（令和13年3月31日・月）", "未定", "影響と緩和策", "「限定的サポート」となります", "拝啓", "敬具"],
        "en": BODY["en"] + ["OpenSSL 1.1.1", "OpenSSL Project", "Monday, 31 March 2031", "not announced", "Impact and mitigation", "Limited support"]},
    "withdrawal": {
        "ja": ["もはや有効ではありません", "遠隔保守機能の脆弱性", "再試験により誤りと判明", "取消しの日：2031年3月31日", "お詫び", "使用を再開される前に", "使用中止の勧告"],
        "en": ["no longer holds", "Vulnerability of remote maintenance", "a repeated test found no fault", "Withdrawn on: Monday, 31 March 2031", "apologise",
               "Before you use a device again"]},
}
FORWARD = {"ja": ["転送のお願い"], "en": ["forward this letter, unaltered"]}
GREETING = ("拝啓", "敬具", "時下")
PARTS = ("subject", "txt", "html")


def requests(renderer):
    """What is rendered: (template, context, where), with what each must say in context["wanted"]."""
    for language, kind in itertools.product(LANGUAGES, contexts.KINDS):
        for role in ("hospital", "distributor", "lessor", "repairer"):
            context = contexts.letter(language, [kind], role)
            context["wanted"] = EVERYWHERE[language] + POINTS[kind][language] + (FORWARD[language] if role != "hospital" else [])
            add(renderer, language, context, kind, role)
        context = contexts.sparse(language, kind)
        context["wanted"] = ["03-0000-2100", "翠安-A0007", "現在、対象の機器をお持ちではありません" if language == "ja" else "none of the devices concerned now"]
        add(renderer, language, context, kind, "sparse")
    for language, kind in itertools.product(LANGUAGES, ("security-advisory", "component-notice")):
        context = contexts.corrected(language, kind)
        context["wanted"] = {"ja": ["第1版からの変更点", "件名：変更前 旧題　→　変更後 新題", "本文：改めました", "訂正の理由：範囲の訂正", "第2版"],
                             "en": ["what changed since revision 1", "Title: was old title, now new title", "Text: revised", "its range was wrong", "revision 2"]}[language]
        add(renderer, language, context, kind, "correction")
    for language in LANGUAGES:
        context = contexts.letter(language, ["stop-use-recommendation", "security-advisory", "withdrawal"], plans=["eol-reminder"])
        context["wanted"] = [word for kind in ("stop-use-recommendation", "security-advisory", "withdrawal") for word in POINTS[kind][language]]
        add(renderer, language, context, "digest", "urgent")
        context = contexts.letter(language, ["component-notice"], plans=["eol-reminder", "eos-reminder"])
        context["wanted"] = POINTS["component-notice"][language]
        add(renderer, language, context, "digest", "calm")


def add(renderer, language, context, *where):
    for part in PARTS:
        renderer.add(f"mail/{language}/letter.{part}", context, *where)


def check_order(plain, language, where):
    """An urgent letter begins with what to do: before anything else that it says."""
    action = "ください。" if language == "ja" else ("at once." if "at once." in plain else "now.")
    first = plain.find(action)
    other = plain.find("お知らせいたします" if language == "ja" else "This is a cybersecurity notice")
    if first < 0 or (0 <= other < first):
        fail(where, "does not begin with what to do")


def check(request, text):
    template, context, where = request
    language, part = context["language"], template.rsplit(".", 1)[-1]
    title = contexts.advisory(language, "security-advisory")["title"]

    if part == "subject":
        if "\n" in text or len(text) > 160:
            fail(where, f"not one short line: «{text}»")
        check_words(text, language, where, [title])
        if context.get("urgent") and not text.startswith(("【重要】", "【至急", "IMPORTANT", "URGENT")):
            fail(where, f"does not begin as urgent: «{text}»")
        return
    plain = text if part == "txt" else html_text(text, where)
    if part == "txt":
        check_layout(text, where)
    check_words(plain, language, where, context["wanted"])
    if context.get("urgent"):
        if "sparse" not in where:
            check_order(plain, language, where)
        for word in GREETING:
            if word in plain:
                fail(where, f"greets: «{word}»")
    if "hospital" in context["recipient"] and ("転送のお願い" in plain or "貴社" in plain):
        fail(where, "asks a hospital to forward, or says 貴社")
    if "hospital" not in context["recipient"] and "貴院" in plain:
        fail(where, "says 貴院 to a company")
    for item in context["notices"] if len(context["notices"]) > 1 else []:
        mark = f"【{item['number']}】" if language == "ja" else f"[{item['number']}]"
        if plain.count(mark) != 2:
            fail(where, f"{mark} must stand in the list and above its notice")


def main(program, *arguments):
    renderer = Renderer(program)
    requests(renderer)
    results = list(renderer.run())
    if arguments:
        return letters.write(arguments[1], results)
    pairs = {}
    for request, text in results:
        template, _, where = request
        check(request, text)
        if not template.endswith("subject"):
            pairs.setdefault(where.split(" ", 1)[1] + where[:8], []).append(text if template.endswith("txt") else html_text(text, where))
    letters.check_parts_agree(pairs)
    print("\n".join(letters.failures) if letters.failures else f"{len(results)} renderings")
    return 1 if letters.failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
