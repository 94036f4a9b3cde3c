# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Who trades what with whom: all names and figures are invented."""

from dataclasses import dataclass, field
from decimal import Decimal

COMPANY = "远衡精密技术研发中心"
TAX = Decimal("0.13")
GOODS, TOOLS = "CP", "GZ"
WAREHOUSES = {GOODS: "成品仓", TOOLS: "工装仓"}
PASSWORD = "demo"

# login: (name, role of the desk)
USERS = {
    "clerk": ("陈晓雯", "clerk"),
    "supervisor": ("林志远", "supervisor"),
    "finance": ("赵敏华", "finance"),
    "warehouse": ("孙大勇", "warehouse"),
    "sales": ("周启明", "salesperson"),
    "auditor": ("吴审言", "auditor"),
}

# settlement class: (category, warehouse, unit as written, smallest and largest lot)
CLASSES = {
    "finished": ("成品", GOODS, "件", 20, 400),
    "semi_finished": ("半成品", GOODS, "件", 50, 800),
    "material": ("材料", GOODS, "公斤", 10, 200),
    "tooling": ("工装", TOOLS, "套", 1, 6),
    "project": ("项目件", TOOLS, "套", 1, 3),
}


@dataclass(frozen=True)
class Product:
    """One part: its drawing number, name, class and price without tax."""

    part: str
    name: str
    kind: str
    price: Decimal

    @property
    def warehouse(self):
        """The warehouse that ships it."""
        return CLASSES[self.kind][1]

    @property
    def unit(self):
        """The unit as people write it."""
        return CLASSES[self.kind][2]


@dataclass(frozen=True)
class Customer:
    """One affiliate or outside customer, with the parts it orders."""

    code: str
    name: str
    cutoff: int
    contact: str
    parts: tuple
    lines: int
    layout: str = ""
    mode: str = "statement_confirm"
    own_codes: dict = field(default_factory=dict)  # part: their code

    @property
    def is_affiliate(self):
        """Whether it belongs to the group."""
        return self.code.startswith("A")

    def code_of(self, part):
        """How the customer writes one of our parts."""
        return self.own_codes.get(part, part)


_NAMED = {
    "finished": (
        ("差速器壳体总成", "86.40"),
        ("转向节总成(左)", "132.50"),
        ("转向节总成(右)", "132.50"),
        ("电机端盖", "58.20"),
        ("减速器箱体", "214.00"),
        ("水泵壳体", "47.30"),
        ("节温器座", "23.80"),
        ("涡轮进气法兰", "76.90"),
        ("座椅滑轨组件", "64.50"),
        ("调角器核心件", "38.60"),
        ("制动卡钳支架", "92.70"),
        ("悬架控制臂", "148.00"),
        ("稳定杆连接杆", "31.40"),
        ("冷却液分配器", "119.50"),
        ("电池托盘角件", "83.10"),
        ("高压接线盒壳", "55.60"),
        ("仪表板横梁支座", "42.90"),
        ("门铰链总成", "28.70"),
    ),
    "semi_finished": (
        ("输入轴毛坯", "36.20"),
        ("输出轴毛坯", "41.80"),
        ("行星架半成品", "52.30"),
        ("齿圈粗车件", "27.60"),
        ("壳体压铸毛坯", "33.40"),
        ("支架冲压件", "4.80"),
        ("定位销", "0.86"),
        ("衬套", "1.35"),
        ("垫片组", "0.42"),
        ("锁紧螺母", "0.58"),
        ("卡簧", "0.24"),
        ("限位块", "2.15"),
        ("导向套", "6.70"),
        ("弹簧座", "3.90"),
    ),
    "material": (
        ("铝棒6061-φ60", "29.50"),
        ("铝板5052-t3", "31.20"),
        ("模具钢H13", "46.80"),
        ("模具钢P20", "28.90"),
        ("铜合金棒", "72.40"),
        ("工程塑料POM", "24.60"),
        ("尼龙66GF30", "27.30"),
        ("聚氨酯板", "38.70"),
    ),
    "tooling": (
        ("端盖压铸模", "26800.00"),
        ("支架级进模", "18600.00"),
        ("壳体精车夹具", "4350.00"),
        ("转向节检具", "7280.00"),
        ("滑轨铆接夹具", "3960.00"),
        ("焊接定位夹具", "5240.00"),
        ("同轴度检具", "2870.00"),
        ("气密测试工装", "6150.00"),
        ("专用铰刀", "860.00"),
        ("成型车刀", "420.00"),
        ("钻模板", "1380.00"),
        ("翻转吊具", "2190.00"),
    ),
    "project": (
        ("减速器样机开发", "48500.00"),
        ("轻量化托盘试制", "36200.00"),
        ("热管理阀体试制", "22800.00"),
        ("座椅骨架验证件", "15400.00"),
        ("转向管柱样件", "12600.00"),
        ("内饰件快速样件", "9800.00"),
        ("涡轮法兰试制件", "8600.00"),
        ("电驱端盖试制件", "11200.00"),
    ),
}
_SERIES = {
    "finished": 21,
    "semi_finished": 32,
    "material": 43,
    "tooling": 54,
    "project": 65,
}


def _products():
    return {
        part: Product(part, name, kind, Decimal(price))
        for kind, entries in _NAMED.items()
        for number, (name, price) in enumerate(entries, start=1)
        for part in [f"YH{_SERIES[kind]}-{number:02d}1{number % 7}"]
    }


PRODUCTS = _products()
_BY_KIND = {
    kind: [item.part for item in PRODUCTS.values() if item.kind == kind]
    for kind in CLASSES
}
# Parts that come without a price: one agreed in time, one not.
PRICED_LATE, NEVER_PRICED = "YH21-9001", "YH21-9002"
PRODUCTS[PRICED_LATE] = Product(
    PRICED_LATE, "电控盒支架(新)", "finished", Decimal("61.50")
)
PRODUCTS[NEVER_PRICED] = Product(NEVER_PRICED, "逆变器壳体(新)", "finished", Decimal(0))
NEW_PARTS = (PRICED_LATE, NEVER_PRICED)


def _share(start, **counts):
    """Return some parts of each class, beginning at a place of its list."""
    parts = []
    for kind, count in counts.items():
        pool = _BY_KIND[kind]
        parts += [pool[(start + index) % len(pool)] for index in range(count)]
    return tuple(parts)


def _many(start, **more):
    counts = {"finished": 5, "semi_finished": 4, "material": 1, "tooling": 2}
    return _share(start, **counts, project=1, **more)


def _own(prefix, parts):
    return {part: f"{prefix}{part[2:4]}{part[5:]}" for part in parts}


_A5_PARTS = _many(9)
_A10_PARTS = _many(21)
_A5_SMALL = next(part for part in _A5_PARTS if PRODUCTS[part].price < 1)

AFFILIATES = (
    Customer("A01", "澜渚传动系统有限公司", 25, "郭美玲", _many(0), 56, "formal"),
    Customer("A02", "岫岭底盘部件有限公司", 26, "何建平", _many(3), 60, "receipts"),
    Customer("A03", "青芜车身制造有限公司", 31, "谢雨桐", _many(5), 52, "untaxed_xls"),
    Customer("A04", "泷川电驱科技有限公司", 25, "邓浩然", _many(7), 48, "bilingual"),
    Customer(
        "A05",
        "沧屿精密铸造有限公司",
        31,
        "罗小燕",
        _A5_PARTS,
        46,
        "csv",
        own_codes={_A5_SMALL: "CYJ-88012"},
    ),
    Customer("A06", "霁云座椅系统有限公司", 28, "梁思敏", _many(11), 44, "remark"),
    Customer(
        "A07",
        "鹿溪转向机械有限公司",
        31,
        "宋文博",
        _many(13),
        40,
        mode="statement_sent",
    ),
    Customer("A08", "铭堤模具工业有限公司", 26, "唐国栋", _many(15), 50, "subtotals"),
    Customer("A09", "磐桥热管理部件有限公司", 31, "许静怡", _many(17), 50, "sheets"),
    Customer(
        "A10",
        "沅汀内饰件有限公司",
        25,
        "韩立新",
        _A10_PARTS,
        46,
        "own_codes",
        own_codes=_own("YT-", _A10_PARTS),
    ),
)
OUTSIDERS = (
    Customer(
        "K01",
        "启砚检测设备有限公司",
        31,
        "冯永康",
        _share(2, finished=3, tooling=3),
        26,
        mode="order",
    ),
    Customer(
        "K02",
        "柏墟农机股份有限公司",
        31,
        "曹丽娟",
        _share(6, finished=4, semi_finished=3),
        34,
        mode="order",
    ),
    Customer(
        "K03",
        "瑾川医疗器械有限公司",
        31,
        "袁子墨",
        _share(10, finished=3, material=2),
        24,
        mode="order",
    ),
    Customer(
        "K04",
        "屹朗自动化有限公司",
        31,
        "蒋海涛",
        _share(4, semi_finished=4, tooling=2),
        24,
        mode="order",
    ),
)
CUSTOMERS = {item.code: item for item in (*AFFILIATES, *OUTSIDERS)}
# Shipped before its order was entered (first month), and an order nobody has seen.
LATE_CUSTOMER, LATE_PART, LATE_ORDER = "A10", "YH21-0212", "PO4510307"
UNKNOWN_ORDER = "PO4510407"
SMALL_PART = _A5_SMALL  # A05 counts it in thousands


def order_of(customer, part):
    """Return (their order number, their line) under which a part is ordered."""
    if (customer.code, part) == (LATE_CUSTOMER, LATE_PART):
        return LATE_ORDER, "10"
    number = int(customer.code[1:]) + (50 if customer.code[0] == "K" else 0)
    group = 1 if PRODUCTS[part].warehouse == GOODS else 2
    parts = [item for item in ordered_parts(customer) if in_group(item, group)]
    return f"PO45{number:02d}{group}07", str(10 * (parts.index(part) + 1))


def in_group(part, group):
    """Whether a part stands on the first or the second order of a customer."""
    return (PRODUCTS[part].warehouse == GOODS) == (group == 1)


def ordered_parts(customer):
    """Return all parts of a customer's orders."""
    return (*customer.parts, *(NEW_PARTS if customer.code == "A04" else ()))
