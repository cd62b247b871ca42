"""Contexts as templates/CONTEXT.md describes them, for check_letters.py: one invented hospital's letters."""

DATES = {
    "ja": {
        "sent": "2030年4月1日（令和12年4月1日・月）",
        "general_availability": "2019年10月1日（令和元年10月1日・火）",
        "end_of_sale": "2026年3月31日（令和8年3月31日・火）",
        "security_support_end": "2033年9月30日（令和15年9月30日・金）",
        "eol": "2031年3月31日（令和13年3月31日・月）",
        "eos": "2034年3月31日（令和16年3月31日・金）",
        "parts_until": "2034年3月31日（令和16年3月31日・金）",
        "repair_until": "2033年12月28日（令和15年12月28日・水）",
        "installed": "2021年6月7日（令和3年6月7日・月）",
        "tba": "未定",
    },
    "en": {
        "sent": "Monday, 1 April 2030",
        "general_availability": "Tuesday, 1 October 2019",
        "end_of_sale": "Tuesday, 31 March 2026",
        "security_support_end": "Friday, 30 September 2033",
        "eol": "Monday, 31 March 2031",
        "eos": "Friday, 31 March 2034",
        "parts_until": "Friday, 31 March 2034",
        "repair_until": "Wednesday, 28 December 2033",
        "installed": "Monday, 7 June 2021",
        "tba": "not announced",
    },
}
MILESTONES = [
    ("general_availability", "販売開始", "General availability"),
    ("end_of_sale", "販売終了", "End of sale"),
    ("security_support_end", "セキュリティサポート終了", "End of security support"),
    ("eol", "製品寿命終了（EOL）", "End of life (EOL)"),
    ("eos", "サポート終了（EOS）", "End of support (EOS)"),
    ("parts_until", "部品保有期間終了", "End of parts supply"),
    ("repair_until", "修理受付終了", "End of repair"),
]
KINDS = {
    "plan-announcement": ("サポート計画のご案内", "Support plan announcement"),
    "plan-change": ("サポート計画変更のお知らせ", "Support plan change"),
    "eol-reminder": ("製品寿命終了（EOL）のご案内", "End of life (EOL) reminder"),
    "limited-support-begins": ("限定的サポート開始のお知らせ", "Limited support begins"),
    "eos-reminder": ("サポート終了（EOS）のご案内", "End of support (EOS) reminder"),
    "eos-reached": ("サポート終了（EOS）のお知らせ", "End of support (EOS) reached"),
    "withdrawal": ("サポート計画取消しのお知らせ", "Withdrawal of a support plan"),
}
# As audit_head_format_lines writes it.
HEAD = """kigen-head 1 1234 2030-04-01T00:12:34Z
abcd000000000000000000000000000000000000000000000000000000000000
11qYAYKx Vvzg6P7JWL2QkeXQbC1cCB1nTCDRjxsO1rrGBGkO0Ql
e2cA7fBfWmJ9B2x0xOVrEvQjJ0wJ8mHq0hZlcdKnYAgQ"""
LINK = "https://kigen.suirei-medical.example/a/123-wV9n0lY4rN3n1g5bX2n7f8QmPZtJ0aKcE6sUo-hTR_Y"
CODE = "123-K7QM-9XHD"
REMINDERS = ("eol-reminder", "eos-reminder")
APOLOGIES = ("plan-change", "eos-reached", "withdrawal")


def pick(language, ja, en):
    return ja if language == "ja" else en


def maker(language):
    return {
        "name": pick(language, "翠嶺メディカルシステムズ株式会社", "Suirei Medical Systems Co., Ltd."),
        "postal_code": "220-0099",
        "address": pick(language, "神奈川県霞浜市港北台3丁目7番1号 翠嶺ビル",
                        "Suirei Building, 3-7-1 Kohokudai, Kasumihama, Kanagawa, Japan"),
        "licence_no": "14B1X99999",
        "department": pick(language, "品質保証本部 市販後安全管理部", "Post-Market Safety, Quality Assurance Division"),
        "title": pick(language, "安全管理責任者", "Safety Control Manager"),
        "person": pick(language, "早瀬 千景", "Chikage Hayase"),
        "phone": "03-0000-2100",
        "phone_hours": pick(language, "平日 9:00～17:30（12/29～1/3を除く）",
                            "Weekdays 9:00 to 17:30 JST, except 29 December to 3 January"),
        "email": "support-window@suirei-medical.example",
        "security_contact": "psirt@suirei-medical.example",
        "url": "https://www.suirei-medical.example/support/",
    }


def recipient(language, role="hospital"):
    organizations = {
        "hospital": ("霞浜市立総合病院", "Kasumihama City General Hospital"),
        "distributor": ("霞浜医療器株式会社", "Kasumihama Medical Supplies Inc."),
        "lessor": ("みなとリース株式会社", "Minato Lease Inc."),
        "repairer": ("港北メディカルサービス株式会社", "Kohoku Medical Service Inc."),
    }
    return {
        "organization": pick(language, *organizations[role]),
        "department": pick(language, "医療安全管理室", "Office of Medical Safety"),
        "title": pick(language, "医療機器安全管理責任者", "Medical Device Safety Manager"),
        "name": pick(language, "髙橋 澄江", "Sumie Takahashi"),
        "attention": "-",
        role: True,
        "second_person": "貴院" if role == "hospital" else "貴社",
    }


def devices(language):
    place = pick(language, "全身用X線CT診断装置 SCT-6000シリーズ", "SCT-6000 series whole-body X-ray CT")
    common = {"product": place, "generic_name": "全身用X線CT診断装置", "approval_no": "226ZZBZX00021000"}
    return [
        dict(common, model="SCT-6128", serial="CT128-0042", department=pick(language, "放射線科", "Radiology"),
             location=pick(language, "本館1階 CT室1", "Main building 1F, CT room 1"), asset_no="096442",
             installed_on=DATES[language]["installed"], software="V4.1"),
        dict(common, model="SCT-6128", serial="CT128-0043", location=pick(language, "救急棟 CT室", "Emergency CT room")),
        dict(common, lot="L2021-07", quantity="2"),
    ]


def terms(*lines):
    return [{"text": line, "first_line": number == 0} for number, line in enumerate(lines)]


def notice(language, kind, number=1):
    text = DATES[language]
    dates = {key: {"text": text[key]} for key, _, _ in MILESTONES}
    result = {
        "number": number,
        "kind": kind,
        kind.replace("-", "_"): True,
        "kind_name": pick(language, *KINDS[kind]),
        "organization": {"name": recipient(language)["organization"]},
        "product": {
            "code": "SCT-6000",
            "name": pick(language, "全身用X線CT診断装置 SCT-6000シリーズ", "SCT-6000 series whole-body X-ray CT"),
            "generic_name": "全身用X線CT診断装置",
            "approval_no": "226ZZBZX00021000",
            "class": "II",
            "jmdn": "37618010",
            "security_contact": "psirt-ct@suirei-medical.example",
            "package_insert_url": "https://www.suirei-medical.example/ifu/sct-6000/?a=1&b=2",
        },
        "release": "SCT-6128",
        "release_kind": "hardware",
        "plan": {"revision": 2, "published_on": text["sent"]},
        "dates": [{"key": key, key: True, "name": pick(language, ja, en), "text": text[key]} for key, ja, en in MILESTONES],
        **dates,
        "successor": "SCT-6500",
        "limited_support": {
            "doc": "LS-SCT6128-02",
            "url": "https://www.suirei-medical.example/lsp/LS-SCT6128-02.pdf?v=2&lang=ja",
            "duties": [pick(language, "限定的サポート期間中は弊社指定のファイアウォールを併用してください。",
                            "Use the firewall that we specify throughout limited support.")],
            "lines": [
                {"key": "security-updates", "name": pick(language, "セキュリティ更新", "Security updates"),
                 "until": text["eos"],
                 "terms": terms(pick(language, "合理的に可能な範囲で提供", "as far as reasonably achievable"),
                                pick(language, "適用は弊社の担当者が行います", "applied by our engineers"))},
                {"key": "on-site-repair", "name": pick(language, "訪問修理", "On-site repair"),
                 "until": text["repair_until"]},
            ],
        },
        "devices": devices(language),
        "device_count": pick(language, "4台", "4 units"),
    }
    if kind in REMINDERS:
        result.update(remaining=pick(language, "あと12か月", "12 months left"), lead_months=12)
    if kind in ("plan-change", "withdrawal"):
        result["plan"].update(reason=pick(language, "主要部品の供給終了に伴う見直し", "a main component is no longer supplied"),
                              approved_by=pick(language, "早瀬 千景", "Chikage Hayase"))
    if kind == "withdrawal":
        result["plan"]["withdrawn_on"] = pick(language, "2026年12月1日（令和8年12月1日・火）", "Tuesday, 1 December 2026")
    if kind == "plan-change":
        result["changes"] = [{"key": "eos", "name": pick(language, "サポート終了（EOS）", "End of support (EOS)"),
                              "was": pick(language, "2035年3月31日（令和17年3月31日・土）", "Saturday, 31 March 2035"),
                              "now": result["eos"]["text"]}]
    if kind in ("plan-announcement", "plan-change"):
        result["asks_receipt"] = True
    if kind in ("eos-reminder", "eos-reached"):
        result["asks_transfer"] = True
        result["told_eos"] = text["eos"]
    return result


def answer(notices):
    """Link and codes, where a notice asks for something."""
    if not any("asks_receipt" in item or "asks_transfer" in item for item in notices):
        return {}
    if len(notices) > 1:
        for item in notices:
            item["own_code"] = f"123-OWN{item['number']}-9XHD"
    transfer = {"asks_transfer": True} if any("asks_transfer" in item for item in notices) else {}
    return {"answer": {"link": LINK, "code": CODE, **transfer}}


def letter(language, kinds, role="hospital"):
    notices = [notice(language, kind, number) for number, kind in enumerate(kinds, 1)]
    first = notices[0]
    return {
        "language": language,
        "document_no": "翠安-000123",
        "sent_on": DATES[language]["sent"],
        "single" if len(kinds) == 1 else "digest": True,
        "count": len(kinds),
        "first": {"kind_name": first["kind_name"], "product": first["product"]["name"], "release": first["release"]},
        "maker": maker(language),
        "recipient": recipient(language, role),
        **({"transfer_request": True} if role != "hospital" else {}),
        **({"apology": True} if any(kind in APOLOGIES for kind in kinds) else {}),
        "notices": notices,
        **answer(notices),
        "audit_head": HEAD,
    }


def strip_optional(context):
    """The same letter with everything gone that may be absent."""
    for key in ("department", "title", "name"):
        context["recipient"].pop(key)
    context["recipient"]["unnamed"] = True
    context.pop("audit_head")
    context.pop("answer", None)
    context["maker"] = {key: context["maker"][key] for key in ("name", "phone")}
    for item in context["notices"]:
        item["product"] = {"code": item["product"]["code"], "name": item["product"]["name"]}
        for key in ("general_availability", "end_of_sale", "security_support_end", "parts_until", "repair_until",
                    "limited_support", "successor", "plan", "remaining", "asks_receipt", "asks_transfer", "own_code"):
            item.pop(key, None)
        item["no_limited_support"] = True
        item["devices"] = [{"serial": "CT128-0042"}, {}]
    return context


def calendar(language, key):
    text = DATES[language]
    return {
        "language": language,
        "milestone": {"key": key, key: True, "name": next(pick(language, ja, en) for k, ja, en in MILESTONES if k == key)},
        "date": text[key],
        "product": notice(language, "plan-announcement")["product"],
        "release": "SCT-6128",
        "organization": {"name": recipient(language)["organization"]},
        "count": pick(language, "4台", "4 units"),
        **{key: {"text": text[key]} for key, _, _ in MILESTONES},
        "limited_support": notice(language, "plan-announcement")["limited_support"],
        "successor": notice(language, "plan-announcement")["successor"],
        "maker": maker(language),
    }
