# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What the demo company keeps for others: the story of its register, as data."""

# (owner, kind, description, drawing, their mark, pieces, place)
CARDS = (
    ("A02", "mould", "转向节锻模", "XL-2043-B", "岫岭资产 0417", 1, "模具库 A-03"),
    ("A02", "gauge", "转向节综合检具", "XL-2043-J", "岫岭资产 0418", 1, "计量室 2 柜"),
    (
        "A06",
        "fixture",
        "座椅骨架焊接夹具",
        "JY-118-F",
        "霁云 F-118",
        2,
        "焊接车间 3 区",
    ),
    ("A06", "packaging", "可折叠围板箱", "JY-PK-01", False, 60, "成品库 C 区"),
    (
        "A01",
        "drawing",
        "减速器壳体图纸 V3",
        "LZ-660-V3",
        "澜渚受控",
        1,
        "资料室 5 号柜",
    ),
    ("A03", "sample", "前盖外观封样件", "QW-071-S", False, 3, "样件室 1-2"),
)
OWNED = ("A06", 40.0)
RELEASED = 6.0
# kind: what it needs, and every so many months; the gauge's is due by now
UPKEEP = {"gauge": ("calibrate", 2), "mould": ("maintain", 6)}
# What was kept in a spreadsheet until now; one row is there twice, one is nobody's.
HEADS = (
    "编号",
    "客户",
    "名称",
    "规格/图号",
    "数量",
    "提供日期",
    "验证结果",
    "存放地点",
    "类别",
)
KEPT = (
    (
        "KH-2019-07",
        "A03",
        "前盖压铸模",
        "QW-071-M",
        1,
        "2019-07-02",
        "合格",
        "模具库 B-11",
        "模具",
    ),
    (
        "KH-2021-15",
        "A03",
        "前盖综合检具",
        "QW-071-J",
        1,
        "2021-03-18",
        "合格",
        "计量室",
        "检具",
    ),
    (
        "KH-2021-15",
        "A03",
        "前盖综合检具",
        "QW-071-J",
        1,
        "2021-03-18",
        "",
        "计量室",
        "检具",
    ),
    ("KH-2016-02", "旧客户", "钻模", "ZM-2", 1, "2016-05-01", "", "待查", "夹具"),
)
TAKEN_OVER = {"taken": 2, "known": 1, "dismissed": 1}
LETTERS = {"A02": "sent", "A03": "confirmed"}
