from decimal import Decimal

from apps.budgets.price import Price, Tokens


def test_a_call_costs_its_tokens_times_the_price_of_a_million():
    price = Price(read=Decimal("2.50"), written=Decimal(10))

    # 1,200 x $2.50 / 1,000,000 = $0.003; 300 x $10 / 1,000,000 = $0.003.
    assert Decimal("0.006") == price.of(Tokens(1200, 300))


def test_a_part_of_a_billionth_of_a_dollar_counts_as_a_whole_one():
    price = Price(read=Decimal("0.0001"), written=Decimal(0))

    # 1 x $0.0001 / 1,000,000 = a tenth of a billionth.
    assert Decimal("0.000000001") == price.of(Tokens(1, 0))
    assert Decimal(0) == price.of(Tokens(0, 5))


def test_tokens_add_up_by_what_was_read_and_written():
    assert Tokens(11, 22) == Tokens(1, 2).and_also(Tokens(10, 20))
    assert Tokens(30, 60) == Tokens(10, 20).times(3)
