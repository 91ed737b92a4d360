#!/usr/bin/env python3
"""Makes number_cases.txt: arithmetic of 34 digits, half-even, by Python's decimal. Lines: operation a b result ("-" for none).

usage: number_cases.py > number_cases.txt
"""
import random
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

C = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, capitals=0, clamp=1,
            traps=[InvalidOperation, DivisionByZero, Overflow])
WIDE = Context(prec=90, rounding=ROUND_HALF_EVEN, Emin=-99999, Emax=99999, traps=[InvalidOperation, DivisionByZero, Overflow])
random.seed(20261121)


def number():
    digits = random.choice([1, 1, 2, 3, 6, 15, 17, 18, 19, 20, 33, 34])
    text = str(random.randrange(10 ** digits))
    if random.random() < 0.2:
        text = random.choice(["9" * digits, "1" + "0" * (digits - 1), "5" * digits])
    exponent = random.choice([0, 0, 0, -1, -2, -digits, random.randint(-40, 40), random.randint(-60, 60)])
    return Decimal(random.choice(["", "", "-"]) + text + "e" + str(exponent))


def floor_modulo(a, b):
    with localcontext(WIDE) as wide:
        wide.prec = 400
        rest = a % b
        if rest != 0 and (rest < 0) != (b < 0):
            rest += b
    return C.plus(rest)


def rounded_once(operation, *args):
    return C.plus(operation(WIDE, *args))


def power(a, b):
    return rounded_once(lambda c, x, y: c.power(x, y), a, b)


def case(name, operation, *args):
    try:
        result = str(operation(*args))
    except (InvalidOperation, DivisionByZero, Overflow):
        result = "-"
    print(name, *args, *(["0"] if len(args) == 1 else []), result)


for _ in range(500):
    a, b = number(), number()
    case("add", C.add, a, b)
    case("mul", C.multiply, a, b)
    case("div", C.divide, a, b)
    case("cmp", C.compare, a, b)
    if _ % 3 == 0:
        case("mod", floor_modulo, a, b)
        case("sqrt", C.sqrt, abs(a))
for _ in range(150):
    a = abs(number()) or Decimal(1)
    case("ln", lambda x: rounded_once(lambda c, y: c.ln(y), x), a)
    x = Decimal(random.randint(-10 ** 12, 10 ** 12)).scaleb(random.choice([-30, -12, -11, -10, -9]))
    case("exp", lambda y: rounded_once(lambda c, z: c.exp(z), y), x)
    base = Decimal(random.randint(1, 10 ** 6)).scaleb(random.choice([-6, -3, 0]))
    case("pow", power, base, Decimal(random.randint(-40, 40)))
    case("pow", power, base, Decimal(random.randint(-4000, 4000)).scaleb(-3))
for a, b in [("1", "3"), ("2", "3"), ("9.999999999999999999999999999999999e6144", "1"), ("9e6144", "10"), ("1e-6176", "1"), ("1", "0"), ("5", "50"), ("-2", "3"), ("1.1", "2")]:
    a, b = Decimal(a), Decimal(b)
    for name, operation in (("add", C.add), ("mul", C.multiply), ("div", C.divide)):
        case(name, operation, a, b)
    case("pow", power, a, b) if abs(b) < 100 and a.adjusted() < 100 and a.adjusted() > -100 else None
for text in ["1.00000000000000000000000000000000001", "0.99999999999999999999999999999999999", "10", "1e6000", "1e-6000"]:
    case("ln", lambda x: rounded_once(lambda c, y: c.ln(y), x), C.plus(Decimal(text)))
