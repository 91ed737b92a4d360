#!/usr/bin/env python3
"""Makes the people, firms and departments' data of the made-up county Yunxi (packs/yunxi): 2,000 people in households, about
300 firms, and what four departments hold of them. The same files on every run.

    tools/make_yunxi.py            writes them
    tools/make_yunxi.py --check    says which of them differ, and fails if any does

Nobody here is real: every citizen id and credit code begins with 332021, which is no place (GB/T 2260 knows no prefecture 3320),
and every telephone number begins with 102, which no network has. The check digits are right (GB 11643, GB 11714, GB 32100).
"""
import argparse
import csv
import datetime
import io
import pathlib
import random
import re
import sys

COUNTY = "332021"
TODAY = datetime.date(2026, 11, 1)
PEOPLE = 2000
FIRMS = 300
PACK = pathlib.Path(__file__).resolve().parent.parent / "packs" / "yunxi"

# key, name, name in Latin letters, born on, sex, where she lives (division, address), telephone. accounts.yaml gives some of them accounts.
STORY = [
    ("wang-fang", "王芳", "Wang Fang", "1988-03-05", "f", "332021100001", "溪口镇老街23号", "10255510001"),
    ("chen-jianguo", "陈建国", "Chen Jianguo", "1969-10-01", "m", "332021100001", "溪口镇老街41号", "10255510002"),
    ("li-na", "李娜", "Li Na", "1994-07-18", "f", "332021100201", "溪口镇溪口村2组6号", "10255510003"),
    ("zhang-wei", "张伟", "Zhang Wei", "1990-11-23", "m", "332021001003", "清源街道文庙路8号2幢301室", "10255510011"),
    ("liu-yang", "刘洋", "Liu Yang", "1978-05-09", "f", "332021001002", "清源街道西关大街77号1幢602室", "10255510012"),
    ("chen-jie", "陈洁", "Chen Jie", "1992-01-30", "f", "332021001004", "清源街道东门路15号3幢201室", "10255510021"),
    ("zhao-lei", "赵磊", "Zhao Lei", "1981-08-12", "m", "332021001006", "清源街道北山路102号1幢402室", "10255510022"),
    ("sun-hao", "孙浩", "Sun Hao", "1995-12-02", "m", "332021001006", "清源街道北山路102号2幢103室", "10255510023"),
    ("zhou-min", "周敏", "Zhou Min", "1985-04-27", "f", "332021001001", "清源街道官前街5号1幢501室", "10255510031"),
    ("huang-lei", "黄蕾", "Huang Lei", "1986-09-14", "f", "332021001003", "清源街道文庙路30号1幢202室", "10255510041"),
    ("wu-gang", "吴刚", "Wu Gang", "1980-02-20", "m", "332021001007", "清源街道新城大道60号4幢1101室", "10255510051"),
    ("zheng-yan", "郑燕", "Zheng Yan", "1983-06-06", "f", "332021001005", "清源街道和平路18号2幢401室", "10255510061"),
    ("lin-wenbo", "林文博", "Lin Wenbo", "1972-12-19", "m", "332021001001", "清源街道官前街1号2幢302室", "10255510071"),
    ("he-jing", "何静", "He Jing", "1989-10-10", "f", "332021001002", "清源街道西关大街12号1幢303室", "10255510081"),
    ("ma-chao", "马超", "Ma Chao", "1987-07-07", "m", "332021001005", "清源街道和平路44号1幢502室", "10255510091"),
    ("xu-mei", "徐梅", "Xu Mei", "1991-03-21", "f", "332021100201", "溪口镇溪口村1组11号", "10255510101"),
    # Names that a system must be able to hold: beyond the usual planes, with a dot, of two characters of a family.
    ("chen-hong", "陈𬭎", "Chen Hong", "1975-05-16", "m", "332021102201", "枫林镇红叶村4组9号", "10255510111"),
    ("liu-yan", "刘䶮", "Liu Yan", "2001-08-08", "f", "332021101203", "石桥镇青塘村1组3号", "10255510112"),
    ("ayguli-mamat", "阿依古丽·买买提", "Ayguli Mamat", "1993-09-25", "f", "332021001007", "清源街道新城大道88号3幢702室", "10255510113"),
    ("tashi-dondup", "扎西顿珠", "Tashi Dondup", "1984-02-11", "m", "332021001007", "清源街道新城大道88号5幢204室", "10255510114"),
    ("ouyang-xue", "欧阳雪", "Ouyang Xue", "1999-11-30", "f", "332021200201", "白鹭乡白鹭村3组21号", "10255510115"),
]

SURNAMES = """王 Wang 李 Li 张 Zhang 刘 Liu 陈 Chen 杨 Yang 黄 Huang 赵 Zhao 吴 Wu 周 Zhou 徐 Xu 孙 Sun 马 Ma 朱 Zhu 胡 Hu 郭 Guo 何 He
林 Lin 高 Gao 罗 Luo 郑 Zheng 梁 Liang 谢 Xie 宋 Song 唐 Tang 许 Xu 韩 Han 邓 Deng 冯 Feng 曹 Cao 彭 Peng 曾 Zeng 肖 Xiao 田 Tian 董 Dong
潘 Pan 袁 Yuan 蔡 Cai 蒋 Jiang 余 Yu 于 Yu 杜 Du 叶 Ye 程 Cheng 魏 Wei 苏 Su 吕 Lyu 丁 Ding 任 Ren 卢 Lu 姚 Yao 沈 Shen 钟 Zhong 姜 Jiang
崔 Cui 谭 Tan 陆 Lu 范 Fan 汪 Wang 廖 Liao 石 Shi 金 Jin 韦 Wei 贾 Jia 夏 Xia 付 Fu 方 Fang 邹 Zou 熊 Xiong 白 Bai 孟 Meng 秦 Qin 邱 Qiu
侯 Hou 江 Jiang 尹 Yin 薛 Xue 闫 Yan 段 Duan 雷 Lei 龙 Long 黎 Li 史 Shi 陶 Tao 贺 He 毛 Mao 郝 Hao 顾 Gu 龚 Gong 邵 Shao 万 Wan 覃 Qin
武 Wu 钱 Qian 戴 Dai 严 Yan 莫 Mo 孔 Kong 向 Xiang 常 Chang 汤 Tang 康 Kang 易 Yi 乔 Qiao 文 Wen 庞 Pang 樊 Fan 兰 Lan 殷 Yin 施 Shi
洪 Hong 翟 Zhai 安 An 颜 Yan 倪 Ni 牛 Niu 温 Wen 芦 Lu 季 Ji 俞 Yu 章 Zhang 鲁 Lu 葛 Ge 伍 Wu 柳 Liu 蓝 Lan 畲 She 欧阳 Ouyang 上官 Shangguan"""

# By generation: the characters of men's and of women's given names.
GIVEN = {
    ("m", 1960): """建 Jian 国 Guo 明 Ming 德 De 福 Fu 根 Gen 水 Shui 土 Tu 金 Jin 富 Fu 贵 Gui 荣 Rong 生 Sheng 发 Fa 兴 Xing 志 Zhi 忠 Zhong
        勇 Yong 平 Ping 华 Hua 林 Lin 祥 Xiang 宝 Bao 庆 Qing 善 Shan 良 Liang""",
    ("f", 1960): """秀 Xiu 英 Ying 兰 Lan 桂 Gui 凤 Feng 珍 Zhen 玉 Yu 梅 Mei 香 Xiang 莲 Lian 菊 Ju 翠 Cui 素 Su 淑 Shu 芬 Fen 芳 Fang 琴 Qin
        仙 Xian 彩 Cai 娥 E 巧 Qiao 银 Yin 月 Yue 花 Hua 美 Mei""",
    ("m", 1985): """伟 Wei 强 Qiang 磊 Lei 军 Jun 勇 Yong 杰 Jie 涛 Tao 斌 Bin 波 Bo 辉 Hui 刚 Gang 健 Jian 峰 Feng 鹏 Peng 飞 Fei 凯 Kai 超 Chao
        俊 Jun 亮 Liang 海 Hai 宁 Ning 文 Wen 晓 Xiao 东 Dong 浩 Hao 龙 Long 旭 Xu""",
    ("f", 1985): """丽 Li 敏 Min 静 Jing 燕 Yan 艳 Yan 娟 Juan 霞 Xia 玲 Ling 婷 Ting 雪 Xue 慧 Hui 莉 Li 倩 Qian 蓉 Rong 琳 Lin 洁 Jie 萍 Ping
        红 Hong 丹 Dan 颖 Ying 晶 Jing 佳 Jia 璐 Lu 薇 Wei 云 Yun""",
    ("m", 2010): """子 Zi 轩 Xuan 浩 Hao 宇 Yu 泽 Ze 睿 Rui 梓 Zi 涵 Han 博 Bo 文 Wen 俊 Jun 熙 Xi 辰 Chen 天 Tian 佑 You 一 Yi 诺 Nuo 铭 Ming
        皓 Hao 然 Ran 逸 Yi 晨 Chen 哲 Zhe 昊 Hao 安 An""",
    ("f", 2010): """欣 Xin 怡 Yi 诗 Shi 涵 Han 梓 Zi 萱 Xuan 雨 Yu 桐 Tong 可 Ke 馨 Xin 语 Yu 嫣 Yan 若 Ruo 彤 Tong 思 Si 琪 Qi 佳 Jia 瑶 Yao
        悦 Yue 晴 Qing 婉 Wan 清 Qing 芷 Zhi 墨 Mo 安 An 禾 He""",
}

# Signs of shops, and what they are: name, in English, kind, industry (GB/T 4754), share.
SIGNS = """福源 Fuyuan 鑫旺 Xinwang 老街 Laojie 清溪 Qingxi 云溪 Yunxi 好邻居 Haolinju 天天 Tiantian 顺发 Shunfa 聚香 Juxiang 同心 Tongxin 瑞丰 Ruifeng
古桥 Guqiao 绿野 Lyuye 金穗 Jinsui 晨光 Chenguang 阿婆 Apo 三味 Sanwei 乡里 Xiangli 竹韵 Zhuyun 白鹭 Bailu 枫林 Fenglin 望月 Wangyue 兴隆 Xinglong
恒达 Hengda 永和 Yonghe 大众 Dazhong 小满 Xiaoman 谷雨 Guyu 双喜 Shuangxi 石桥 Shiqiao 山里人 Shanliren 渔家 Yujia 百味 Baiwei 和顺 Heshun 长青 Changqing"""
TRADES = [
    ("面馆", "Noodle House", "household", "6210", 28), ("饭店", "Restaurant", "household", "6210", 30), ("小吃店", "Snack Bar", "household", "6291", 22),
    ("奶茶店", "Milk Tea Shop", "household", "6232", 9), ("超市", "Supermarket", "household", "5212", 30), ("五金店", "Hardware Store", "household", "5281", 16),
    ("服装店", "Clothing Shop", "household", "5232", 16), ("理发店", "Barber Shop", "household", "8040", 14), ("药店", "Pharmacy", "household", "5251", 10),
    ("民宿", "Guesthouse", "household", "6130", 18), ("农资店", "Farm Supplies", "household", "5166", 10), ("汽修店", "Car Repairs", "household", "8111", 9),
    ("茶业有限公司", "Tea Co., Ltd.", "company", "1530", 14), ("竹木制品有限公司", "Bamboo and Wood Products Co., Ltd.", "company", "2041", 12),
    ("食品有限公司", "Foods Co., Ltd.", "company", "1439", 10), ("建筑工程有限公司", "Construction Co., Ltd.", "company", "4790", 9),
    ("运输有限公司", "Transport Co., Ltd.", "company", "5430", 8), ("餐饮管理有限公司", "Catering Management Co., Ltd.", "company", "6210", 7),
    ("茶叶专业合作社", "Tea Farmers' Cooperative", "cooperative", "0169", 12), ("养殖专业合作社", "Livestock Cooperative", "cooperative", "0399", 10),
    ("果蔬专业合作社", "Fruit and Vegetable Cooperative", "cooperative", "0141", 6),
]
STORY_FIRM = ("laochen-noodles", "云溪县溪口镇老陈面馆", "Laochen Noodle House, Xikou", "chen-jianguo", "2015-06-18", "溪口镇老街39号", "6210")
STREETS = {
    "清源街道": ["官前街", "西关大街", "文庙路", "东门路", "和平路", "北山路", "新城大道"], "溪口镇": ["老街", "滨溪路", "码头路"],
    "石桥镇": ["桥头街", "青塘路"], "枫林镇": ["枫林街", "茶园路"], "白鹭乡": ["白鹭街"], "高岭乡": ["高岭街"],
}
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def pairs(text):
    words = text.split()
    return list(zip(words[::2], words[1::2]))


def citizen_id(born, order):
    """GB 11643: division, date of birth, order (odd: a man), ISO 7064 MOD 11-2."""
    digits = f"{COUNTY}{born:%Y%m%d}{order:03d}"
    rest = 0
    for digit in digits:
        rest = (rest + int(digit)) * 2 % 11
    return digits + "10X98765432"[rest]


def organisation_code(body):
    """GB 11714: eight characters and a check character MOD 11."""
    total = sum((int(c) if c.isdigit() else ord(c) - 55) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2)))
    rest = 11 - total % 11
    return body + ("X" if rest == 10 else str(rest % 11))


def credit_code(kind, number):
    """GB 32100: authority and kind, division, organisation code, MOD 31."""
    code = {"company": "91", "household": "92", "cooperative": "93"}[kind] + COUNTY + organisation_code(f"MA{number:06d}")
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code))
    return code + CREDIT_ALPHABET[(31 - total % 31) % 31]


class County:
    def __init__(self):
        self.random = random.Random(COUNTY)
        self.people, self.residents, self.firms, self.enterprises, self.premises = [], [], [], [], []
        self.orders, self.phones, self.parcels = {}, 0, 0
        self.surnames = pairs(SURNAMES)
        self.weights = [1 / (i + 6) for i in range(len(self.surnames))]
        self.read_divisions()

    def read_divisions(self):
        text = (PACK / "divisions.yaml").read_text(encoding="utf-8")
        found = re.findall(r'code: "(\d+)", level: (\w+), name: \{zh-CN: (\S+), en: ([^}]+)\}', text)
        self.towns = {code: name for code, level, name, _ in found if level == "township"}
        self.villages = [(code, name) for code, level, name, _ in found if level == "village"]

    def pick(self, items):
        return items[self.random.randrange(len(items))]

    def date(self, first, last):
        return first + datetime.timedelta(days=self.random.randrange((last - first).days + 1))

    def next_id(self, born, sex):
        order = self.orders.get(born, self.random.randrange(1, 120))
        order += 1 if (order % 2 == 1) != (sex == "m") else 0
        self.orders[born] = order + 1
        return citizen_id(born, order)

    def phone(self):
        self.phones += 1
        return f"102{20000000 + self.phones * 37 % 60000000:08d}"

    # ---- people --------------------------------------------------------------------------------------------------------------------

    def given_name(self, sex, year):
        era = 1960 if year < 1975 else 1985 if year < 2000 else 2010
        letters = pairs(GIVEN[sex, era])
        chosen = [self.pick(letters)]
        if self.random.random() < (0.45 if era == 1985 else 0.85):
            chosen.append(self.pick(letters))
        name = "".join(c for c, _ in chosen)
        latin = "".join(p for _, p in chosen).capitalize()
        return name, latin

    def add_person(self, key, name, latin, born, sex, address, household, relation, phone, village):
        code = self.next_id(born, sex)
        status = "valid"
        if not key and self.random.random() < 0.03:
            status = "deceased" if born.year < 1950 else "moved_out"
        person = {"key": key or f"r{len(self.people) + 1:04d}", "name": name, "latin": latin, "code": code, "born": born, "sex": sex,
                  "address": address, "status": status, "phone": phone, "village": village, "household": household}
        self.people.append(person)
        updated = self.date(datetime.date(2024, 1, 1), TODAY)
        self.residents.append([code, name, {"m": "男", "f": "女"}[sex], born.isoformat(), household, relation, "云溪县" + address, phone, status, updated.isoformat()])
        return person

    def child_of(self, surname, parent_born, address, household, village):
        born = self.date(parent_born + datetime.timedelta(days=8400), parent_born + datetime.timedelta(days=12400))
        if born > TODAY - datetime.timedelta(days=120):
            return
        sex = self.pick("mf")
        name, latin = self.given_name(sex, born.year)
        phone = self.phone() if born.year < 2012 else ""
        self.add_person("", surname[0] + name, f"{surname[1]} {latin}", born, sex, address, household, "子" if sex == "m" else "女", phone, village)

    def household(self, number):
        code, village = self.pick(self.villages)
        town = self.towns[code[:9]]
        address = self.address(town, village)
        household = f"{code}{number:05d}"
        surname = self.random.choices(self.surnames, self.weights)[0]
        born = self.date(datetime.date(1944, 1, 1), datetime.date(2003, 12, 31))
        sex = "m" if self.random.random() < 0.72 else "f"
        name, latin = self.given_name(sex, born.year)
        head = self.add_person("", surname[0] + name, f"{surname[1]} {latin}", born, sex, address, household, "户主", self.phone(), code)
        if born.year < 2001 and self.random.random() < 0.82:
            other = self.random.choices(self.surnames, self.weights)[0]
            spouse_sex = "f" if sex == "m" else "m"
            spouse_born = self.date(born - datetime.timedelta(days=1500), born + datetime.timedelta(days=1800))
            name, latin = self.given_name(spouse_sex, spouse_born.year)
            self.add_person("", other[0] + name, f"{other[1]} {latin}", spouse_born, spouse_sex, address, household, "配偶", self.phone(), code)
            line = surname if sex == "m" or self.random.random() < 0.3 else other
            for _ in range(self.random.choices((0, 1, 2, 3), (15, 45, 33, 7))[0]):
                self.child_of(line, born, address, household, code)
        return head

    def address(self, town, village):
        if village.endswith("社区"):
            return f"{town}{self.pick(STREETS[town])}{self.random.randrange(1, 160)}号{self.random.randrange(1, 9)}幢{self.random.randrange(1, 12)}0{self.random.randrange(1, 4)}室"
        return f"{town}{village}{self.random.randrange(1, 9)}组{self.random.randrange(1, 60)}号"

    def make_people(self):
        heads = []
        for number, (key, name, latin, born, sex, village, address, phone) in enumerate(STORY, 1):
            born = datetime.date.fromisoformat(born)
            heads.append(self.add_person(key, name, latin, born, sex, address, f"{village}{number:05d}", "户主", phone, village))
        number = len(STORY)
        while len(self.people) < PEOPLE:
            number += 1
            heads.append(self.household(number))
        del self.people[PEOPLE:], self.residents[PEOPLE:]
        self.heads = [head for head in heads if head in self.people]

    # ---- real estate ---------------------------------------------------------------------------------------------------------------

    def add_premises(self, owner_code, owner_name, address, area, use, structure, floors, floor, built, status="valid"):
        self.parcels += 1
        registered = self.date(datetime.date(2016, 1, 1), TODAY)
        use_code = "GB" if use == "商业服务" else "JC"
        unit = f"{COUNTY}{self.random.randrange(1, 7):03d}{self.random.randrange(1, 40):03d}{use_code}{self.parcels:05d}F{self.random.randrange(1, 9999):08d}"
        number = f"溪（{registered.year}）云溪县不动产权第{self.parcels:07d}号"
        self.premises.append([unit, number, owner_code, owner_name, "云溪县" + address, f"{area:.2f}", use, structure, floors, floor, built, registered.isoformat(), status])

    def make_premises(self):
        self.add_premises(self.people[0]["code"], "王芳", "溪口镇老街17号", 46.5, "商业服务", "砖混", 2, 1, 1998)
        for head in self.heads:
            flat = "室" in head["address"]
            floors = self.random.randrange(5, 18) if flat else self.random.randrange(2, 4)
            area = self.random.randrange(6200, 14500) / 100 if flat else self.random.randrange(9000, 26000) / 100
            status = "cancelled" if self.random.random() < 0.02 else "valid"
            self.add_premises(head["code"], head["name"], head["address"], area, "住宅", "钢混" if flat else "砖混", floors,
                              self.random.randrange(1, floors + 1) if flat else 1, self.random.randrange(1985, 2024), status)

    # ---- firms ---------------------------------------------------------------------------------------------------------------------

    def add_firm(self, key, name, latin, kind, industry, head, founded, address, status):
        code = credit_code(kind, len(self.firms) + 1)
        dissolved = self.date(founded + datetime.timedelta(days=400), TODAY).isoformat() if status == "cancelled" else ""
        self.firms.append([key, name, latin, "cn.credit-code", code, head["key"], founded.isoformat(), dissolved])
        capital = {"company": self.random.randrange(1, 60) * 100000, "cooperative": self.random.randrange(5, 40) * 50000, "household": 0}[kind]
        kind_words = {"company": "有限责任公司", "cooperative": "农民专业合作社", "household": "个体工商户"}[kind]
        self.enterprises.append([code, name, kind_words, head["name"], head["code"], "云溪县" + address, industry, capital, founded.isoformat(), status, head["phone"]])
        if status == "valid" and self.random.random() < 0.4:
            owner = (head["code"], head["name"]) if kind == "household" else (code, name)
            self.add_premises(*owner, address, self.random.randrange(2500, 38000) / 100, "商业服务", "钢混", 3, 1, self.random.randrange(1992, 2023))

    def make_firms(self):
        by_key = {person["key"]: person for person in self.people}
        key, name, latin, owner, founded, address, industry = STORY_FIRM
        self.add_firm(key, name, latin, "household", industry, by_key[owner], datetime.date.fromisoformat(founded), address, "valid")
        adults = [head for head in self.heads[len(STORY):] if 1950 < head["born"].year < 2002 and head["status"] == "valid"]
        names, signs = set(), pairs(SIGNS)
        while len(self.firms) < FIRMS:
            trade, trade_en, kind, industry, _ = self.random.choices(TRADES, [t[4] for t in TRADES])[0]
            sign, sign_en = self.pick(signs)
            head = self.pick(adults)
            town = self.towns[head["village"][:9]]
            place, place_en = ("", "Yunxi")
            if kind == "household":
                place, place_en = town, head["town_en"]
            name = f"云溪县{place}{sign}{trade}"
            if name in names:
                continue
            names.add(name)
            of_age = head["born"] + datetime.timedelta(days=18 * 366)
            founded = self.date(max(datetime.date(2009, 1, 1), of_age), TODAY - datetime.timedelta(days=30))
            status = self.random.choices(("valid", "cancelled"), (92, 8))[0] if founded.year < 2024 else "valid"
            address = f"{town}{self.pick(STREETS[town])}{self.random.randrange(1, 160)}号"
            self.add_firm(f"f{len(self.firms) + 1:04d}", name, f"{sign_en} {trade_en}, {place_en}", kind, industry, head, founded, address, status)

    # ---- social insurance ----------------------------------------------------------------------------------------------------------

    def make_insured(self):
        """With chance of its own: what the others hold stays the same."""
        chance = random.Random("social insurance")
        rows = []
        for person in self.people:
            age = (TODAY - person["born"]).days // 366
            if age < 16 or chance.random() < 0.08:
                continue
            scheme = chance.choices(("职工养老", "城乡居民养老"), (45, 55))[0]
            status = "drawing" if age >= 60 else chance.choices(("insured", "paused"), (93, 7))[0]
            months = chance.randrange(1, max(2, min(age - 15, 40) * 12))
            rows.append([person["code"], person["name"], scheme, status, months, self.updated(chance)])
        return rows

    @staticmethod
    def updated(chance):
        return datetime.date(2026, chance.randrange(6, 11), 28).isoformat()

    # ---- files ---------------------------------------------------------------------------------------------------------------------

    def make(self):
        self.make_people()
        english = {"清源街道": "Qingyuan", "溪口镇": "Xikou", "石桥镇": "Shiqiao", "枫林镇": "Fenglin", "白鹭乡": "Bailu", "高岭乡": "Gaoling"}
        for person in self.people:
            person["town_en"] = english[self.towns[person["village"][:9]]]
        self.make_premises()
        self.make_firms()
        insured = self.make_insured()
        self.premises.sort(key=lambda row: row[1][-8:-1])
        return {
            "people.csv": table("key,name,name_en,code_scheme,code", [[p["key"], p["name"], p["latin"], "cn.citizen-id", p["code"]] for p in self.people]),
            "firms.csv": table("key,name,name_en,code_scheme,code,representative,founded_on,dissolved_on", self.firms),
            "silos/resident.csv": table("citizen_id,name,sex,birth_date,household_no,relation,household_address,phone,status,updated_on", self.residents),
            "silos/premises.csv": table("unit_no,certificate_no,owner_code,owner_name,address,area_m2,use,structure,floors,floor,built_in,registered_on,status", self.premises),
            "silos/enterprises.csv": table("credit_code,name,kind,representative_name,representative_id,address,industry,capital_yuan,established_on,status,phone",
                                           self.enterprises),
            "silos/social-insurance.csv": table("citizen_id,name,scheme,status,months_paid,updated_on", insured),
        }


def table(head, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head.split(","))
    writer.writerows(rows)
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the files that are there")
    args = parser.parse_args()
    differing = []
    for path, text in County().make().items():
        file = PACK / path
        encoding = "gb18030" if path == "silos/enterprises.csv" else "utf-8"  # as that office's system writes it
        octets = text.encode(encoding)
        if args.check:
            if not file.exists() or file.read_bytes() != octets:
                differing.append(path)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(octets)
    for path in differing:
        print(f"packs/yunxi/{path} is not what tools/make_yunxi.py makes: run it", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
