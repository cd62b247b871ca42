"""Advisories as templates/CONTEXT.md describes them, for check_advisories.py: put into the letters of letter_contexts.py."""

import letter_contexts as contexts
from letter_contexts import pick

KINDS = {
    "security-advisory": ("セキュリティに関するお知らせ", "Security advisory"),
    "stop-use-recommendation": ("使用中止の勧告", "Recommendation to stop use"),
    "component-notice": ("構成部品のサポート終了に関するお知らせ", "Component notice"),
    "withdrawal": ("通知取消しのお知らせ", "Withdrawal"),
}
URGENT = ("security-advisory", "stop-use-recommendation")


def advisory(language, kind):
    result = {
        "number": "翠安-A0007",
        "revision": 1,
        "title": pick(language, "遠隔保守機能の脆弱性", "Vulnerability of remote maintenance"),
        "action": pick(language, "遠隔保守を直ちに無効にしてください。", "Switch remote maintenance off now."),
        "html": pick(language, "<h3>影響</h3>\n<p>設定が<strong>変更</strong>される &amp; 停止する。</p>\n", "<h3>Impact</h3>\n<p>Settings may <strong>change</strong> &amp; stop.</p>\n"),
        "text": pick(language, "■影響\n設定が変更される & 停止する。", "Impact\n------\nSettings may change & stop."),
        "published_on": contexts.DATES[language]["sent"],
        "approved_by": pick(language, "早瀬 千景", "Chikage Hayase"),
        "csaf": {"url": "https://www.suirei-medical.example/csaf/7.json?a=1&b=2", "reference": "SMSA-2030-007"},
    }
    if kind == "component-notice":
        result.update(component={"name": "OpenSSL 1.1.1", "supplier": "OpenSSL Project", "eol": pick(language, "未定", "not announced"),
                                 "eos": contexts.DATES[language]["eol"]},
                      stage=pick(language, "限定的サポート", "Limited support"))
    if kind == "withdrawal":
        result["withdrawn"] = {"kind_name": pick(language, *KINDS["stop-use-recommendation"]), "stop_use_recommendation": True,
                               "on": contexts.DATES[language]["eol"], "reason": pick(language, "再試験により誤りと判明", "a repeated test found no fault")}
    return result


def notice(language, kind, number=1):
    whole = contexts.notice(language, "plan-announcement")
    part = {key: whole[key] for key in ("product", "release", "release_kind", "devices", "device_count")}
    flag = "advisory_withdrawal" if kind == "withdrawal" else kind.replace("-", "_")
    return {
        "number": number,
        "kind": kind,
        flag: True,
        "is_advisory": True,
        **({"is_urgent": True} if kind in URGENT else {}),
        "kind_name": pick(language, *KINDS[kind]),
        "organization": {"name": contexts.recipient(language)["organization"]},
        "advisory": advisory(language, kind),
        "affected": [part, dict(part, release="V4.1", release_kind="software", is_software=True)],
        "asks_receipt": True,
    }


def letter(language, kinds, role="hospital", plans=()):
    """Advisories of `kinds`, then notices of the plan kinds `plans`."""
    context = contexts.letter(language, list(plans) or ["plan-announcement"], role)
    notices = [notice(language, kind, number) for number, kind in enumerate(kinds, 1)]
    notices += [dict(item, number=len(notices) + number) for number, item in enumerate(context["notices"] if plans else [], 1)]
    for key in ("single", "digest", "apology"):
        context.pop(key, None)
    context.update(notices=notices, count=len(notices), first={"kind_name": notices[0]["kind_name"], "title": notices[0]["advisory"]["title"]})
    context["single" if len(notices) == 1 else "digest"] = True
    if any(kind in URGENT for kind in kinds):
        context["urgent"] = True
    if "withdrawal" in kinds:
        context["apology"] = True
    return context


def corrected(language, kind):
    context = letter(language, [kind])
    item = context["notices"][0]
    item["advisory"]["revision"] = 2
    item["advisory"]["correction"] = {
        "revision": 1, "published_on": contexts.DATES[language]["sent"], "text_changed": True,
        "reason": pick(language, "範囲の訂正", "its range was wrong"),
        "changes": [{"name": pick(language, "件名", "Title"), "was": pick(language, "旧題", "old title"), "now": pick(language, "新題", "new title")}],
    }
    return context


def sparse(language, kind):
    """The same letter with everything gone that may be absent."""
    context = letter(language, [kind])
    for key in ("department", "title", "name"):
        context["recipient"].pop(key)
    context["recipient"]["unnamed"] = True
    context.pop("audit_head")
    context["maker"] = {key: context["maker"][key] for key in ("name", "phone")}
    item = context["notices"][0]
    item.pop("asks_receipt")
    for key in ("action", "published_on", "approved_by", "csaf", "stage"):
        item["advisory"].pop(key, None)
    if kind == "component-notice":
        item["advisory"]["component"] = {"name": "OpenSSL 1.1.1"}
    if kind == "withdrawal":
        item["advisory"]["withdrawn"] = {"kind_name": pick(language, *KINDS["component-notice"]), "component_notice": True}
    item["affected"] = []
    return context
