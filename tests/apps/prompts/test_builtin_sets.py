"""The built-in sets are sound: their form line by line, and every answer that can be computed is computed here again."""

import base64
import calendar
import itertools
import json
import math
import re
import struct
import unicodedata
import zlib
from collections import Counter, deque
from fractions import Fraction

import pytest

from apps.prompts.builtin import BUILTIN_SETS, FOLDER, read_rows
from apps.prompts.messages import check_messages, check_reference

EVERYDAY = {row["key"]: row for row in BUILTIN_SETS["everyday"].rows()}
RIDDLES = {row["key"]: row for row in BUILTIN_SETS["riddles"].rows()}
ROWS = [(built_in.slug, row) for built_in in BUILTIN_SETS.values() for row in built_in.rows()]
EVERY_ROW = pytest.mark.parametrize("row", [pytest.param(row, id=row["key"]) for _, row in ROWS])

CATEGORIES = {
    "writing",
    "reasoning",
    "coding",
    "mathematics",
    "knowledge",
    "summarising-and-rewriting",
    "planning-and-advice",
    "languages",
}
SCRIPTS = {
    "te": "TELUGU",
    "hi": "DEVANAGARI",
    "ko": "HANGUL",
    "ar": "ARABIC",
    "ja": "HIRAGANA",
    "zh": "CJK",
    "es": "LATIN",
    "de": "LATIN",
    "fr": "LATIN",
    "sw": "LATIN",
    "tr": "LATIN",
    "en": "LATIN",
}


def turns(row):
    return [message["content"] for message in row["messages"] if message["role"] == "user"]


def parts(row):
    """All parts of all messages; a plain text counts as one part."""
    contents = [message["content"] for message in row["messages"]]
    return [part for c in contents for part in ([{"type": "text", "text": c}] if isinstance(c, str) else c)]


def text(row):
    return "\n".join(part["text"] for part in parts(row) if part["type"] == "text")


def picture_urls(row):
    return [part["image_url"]["url"] for part in parts(row) if part["type"] == "image_url"]


def with_phrase(rows, phrase):
    """The one prompt that contains the phrase: tests name prompts by what they ask, so that they cannot drift apart."""
    (found,) = [row for row in rows.values() if phrase in text(row)]
    return found


# --- form


@EVERY_ROW
def test_every_prompt_has_the_agreed_fields_and_no_others(row):
    assert {"key", "category", "language", "messages"} <= set(row)
    assert set(row) <= {"key", "category", "language", "messages", "reference", "notes"}
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["category"])
    assert row["key"].startswith(row["category"] + "-")
    assert row.get("notes", "-").strip()


@EVERY_ROW
def test_every_prompt_passes_the_check_of_the_database(row):
    check_messages(row["messages"])
    check_reference(row.get("reference", []), len(turns(row)))
    assert row["messages"][-1]["role"] == "user"
    assert all(reference.strip() for reference in row.get("reference", []))


@EVERY_ROW
def test_no_text_is_empty_or_has_stray_blanks_around_it(row):
    assert all(part["text"] == part["text"].strip() != "" for part in parts(row) if part["type"] == "text")


@EVERY_ROW
def test_the_request_is_written_in_the_script_of_its_language(row):
    assert any(unicodedata.name(letter, "").startswith(SCRIPTS[row["language"]]) for letter in text(row))


@pytest.mark.parametrize("name", ["everyday.jsonl", "riddles.jsonl"])
def test_files_are_normalised_and_no_line_comes_twice(name):
    content = (FOLDER / name).read_text(encoding="utf-8")
    assert unicodedata.normalize("NFC", content) == content
    assert content.endswith("}\n")
    assert "\n\n" not in content
    assert "\ufffd" not in content
    asked = [json.dumps(json.loads(line)["messages"]) for line in content.splitlines()]
    assert len(set(asked)) == len(asked)


def test_keys_are_unique_within_a_set():
    counts = Counter((slug, row["key"]) for slug, row in ROWS)
    assert max(counts.values()) == 1


def test_a_broken_line_is_reported_with_file_and_line(tmp_path):
    broken = tmp_path / "mine.jsonl"
    broken.write_text('{"key": "a-01"}\n{"key": \n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"mine\.jsonl, line 2: expected one JSON object"):
        read_rows(broken)


# --- size and variety


def test_everyday_has_ten_or_more_prompts_in_each_of_eight_categories():
    counts = Counter(row["category"] for row in EVERYDAY.values())
    assert set(counts) == CATEGORIES
    assert min(counts.values()) >= 10
    assert len(EVERYDAY) >= 84


def test_everyday_has_second_turns_system_messages_and_pictures():
    assert sum(len(turns(row)) == 2 for row in EVERYDAY.values()) >= 16
    assert sum(row["messages"][0]["role"] == "system" for row in EVERYDAY.values()) >= 2
    assert sum(bool(picture_urls(row)) for row in EVERYDAY.values()) >= 2


def test_other_languages_than_english_come_in_every_category():
    foreign = [row for row in EVERYDAY.values() if row["language"] != "en"]
    assert {row["category"] for row in foreign} == CATEGORIES
    assert {"te", "hi", "ko", "es", "de", "fr", "ar", "ja", "zh", "sw"} <= {row["language"] for row in foreign}
    assert all(row.get("notes") for row in foreign if "reference" not in row), "a maintainer must know what is asked"


def test_every_riddle_has_an_answer_and_the_bricks_are_among_them():
    assert len(RIDDLES) >= 24
    assert all("reference" in row for row in RIDDLES.values())
    bricks = with_phrase(RIDDLES, "a pound of bricks or a kilo of feathers")
    # a pound is 0.45359237 kg by definition
    assert 1 / 0.45359237 > 2.2
    assert bricks["reference"][0].startswith("The kilo of feathers")


def test_the_readme_states_the_true_numbers():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    two_turns = sum(len(turns(row)) == 2 for row in EVERYDAY.values())
    others = len({row["language"] for row in EVERYDAY.values()} - {"en"})
    assert f"{len(EVERYDAY)} in 8 categories, in English and {others} other languages" in readme
    assert f" {two_turns} with two turns" in readme
    assert f"{len(RIDDLES)} in {len({row['category'] for row in RIDDLES.values()})} categories" in readme


# --- answers computed again: (phrase of the prompt, turn, what the reference must say)


def bus_wait_fs():
    fs = [lambda x: x * n for n in range(3)]  # noqa: B023 -- the late binding is what the prompt asks about
    return [f(10) for f in fs]


def queue():
    def fits(line):
        place = {name: i for i, name in enumerate(line, 1)}
        return (
            place["Ben"] == place["Dora"] + 1
            and abs(place["Ana"] - place["Chidi"]) == 3
            and place["Emil"] < place["Ana"]
            and place["Chidi"] not in (1, 5)
        )

    (only,) = filter(fits, itertools.permutations(["Ana", "Ben", "Chidi", "Dora", "Emil"]))
    return ", ".join(only)


def vase_breaker(truths):
    children = ["Ada", "Bo", "Cleo", "Dan"]
    said = {c: [c == "Bo", c == "Cleo", c != "Cleo", c != "Dan"] for c in children}  # Cleo: Bo lies about Cleo
    (only,) = [child for child in children if sum(said[child]) == truths]
    return only


def dice(condition):
    rolls = [roll for roll in itertools.product(range(1, 7), repeat=2) if condition(roll)]
    return str(Fraction(sum(sum(roll) >= 10 for roll in rolls), len(rolls)))


def egg_boxes():
    ways = [(six, ten) for six in range(9) for ten in range(9) if 6 * six + 10 * ten == 34]
    reachable = {6 * six + 10 * ten for six in range(40) for ten in range(40)}
    return ways, max(n for n in range(0, 200, 2) if n not in reachable)


def gloves_for_a_pair():
    drawer = ["left"] * 6 + ["right"] * 6
    return next(n for n in range(1, 13) if all(len(set(hand)) == 2 for hand in itertools.combinations(drawer, n)))


def by_price_per_kilo(lentils_kilos):
    lentils = ("lentils", 1.60, lentils_kilos)
    goods = [lentils, ("rice", 8.50, 5), ("oats", 1.35, 0.75), ("basmati", 2.40, 1), ("flour", 2, 2.5)]
    prices = sorted((price / kilos, name) for name, price, kilos in goods)
    return ", ".join(f"{name} {price:.2f}" for price, name in prices)


# 12 - 2w times 9 - 2w is two thirds of 108, so 4w^2 - 42w + 36 = 0, and the smaller root fits into the garden
PATH = (42 - math.sqrt(42**2 - 4 * 4 * 36)) / 8
BANK_A, BANK_B = 10_000 * 1.03**5, 10_000 * 1.0025**60

COMPUTED = [
    ("stand in a queue", 0, queue()),
    ("broke the vase", 0, vase_breaker(truths=1)),
    ("broke the vase", 1, vase_breaker(truths=3)),
    ("in Köln an", 0, f"{(15 * 60 + 1) - (14 * 60 + 52) - 7} Minuten"),
    ("fs = [lambda", 0, str(bus_wait_fs())),
    ("A jacket costs", 0, f"{80 * 1.25 * 0.75:g} euros"),
    ("A jacket costs", 1, f"{100 * (1 - 80 / 100):.0f} per cent"),
    ("a red die and a blue die", 0, dice(lambda roll: 6 in roll)),
    ("a red die and a blue die", 1, dice(lambda roll: roll[0] == 6)),
    ("I rode 12 km", 0, f"{12 / 10 * 60:.0f} minutes"),
    ("మామిడి", 0, f"{(24 - 24 // 3) // 2} పండ్లు"),
    ("Rezept", 0, f"{300 * 6 // 4} g Mehl, {2 * 6 // 4} Eier und {500 * 6 // 4} ml"),
    ("Rezept", 1, f"{400 // (300 // 4)} Personen"),
    ("A garden of 12 m", 0, f"{12 * 9 - (12 - 3) * (9 - 3)} square metres"),
    ("A garden of 12 m", 1, f"{PATH:.2f} m"),
    ("Juma ana", 0, f"{5000 - 3 * 700 - 1200:,}"),
    ("Bank A pays", 0, f"{BANK_B - BANK_A:.2f} euros: {BANK_B:,.2f} against {BANK_A:,.2f}"),
    ("ثلاثة أقلام", 0, f"{20 - 3 * 2} "),
    ("Make a Markdown table", 0, by_price_per_kilo(0.5)),
    ("Make a Markdown table", 1, by_price_per_kilo(1)),
    ("I earn 2,100 euros", 0, f"{4000 - (10 * (2100 - 780 - 95 - 340 - 60 - 210 - 150) - 900)} are missing"),
    ("six gants gauches", 0, {7: "Sept"}[gloves_for_a_pair()]),
]


@pytest.mark.parametrize(("phrase", "turn", "answer"), COMPUTED)
def test_a_computed_answer_is_what_the_reference_says(phrase, turn, answer):
    assert answer in with_phrase(EVERYDAY, phrase)["reference"][turn]


def test_the_late_bound_lambdas_are_mended_as_the_reference_says():
    reference = with_phrase(EVERYDAY, "fs = [lambda")["reference"][1]
    assert "lambda x, n=n: x * n" in reference
    assert [f(10) for f in [lambda x, n=n: x * n for n in range(3)]] == [0, 10, 20]


def test_the_short_words_survive_as_the_prompt_claims():
    words = ["a", "b", "hello"]
    for word in words:
        if len(word) < 3:
            words.remove(word)  # the very fault that the prompt asks about
    assert str(words) in text(with_phrase(EVERYDAY, "drop_short"))


def test_the_boxes_of_eggs_are_counted_right():
    ways, largest = egg_boxes()
    assert ways == [(4, 1)]
    assert f"cannot be bought is {largest};" in with_phrase(EVERYDAY, "boxes of 6 and of 10")["reference"][0]


@pytest.mark.parametrize("n", range(1, 12))
def test_sums_of_consecutive_numbers_divide_for_odd_n_only(n):
    always = all(sum(range(a, a + n)) % n == 0 for a in range(-20, 20))
    assert always == (n % 2 == 1)


def test_the_afternoon_of_errands_can_just_be_done():
    minutes = [12 * 60 + 30 + 15 + 45, 13 * 60 + 30]
    # library until 12:30, a walk of 15 minutes, 45 minutes on the market: it closes that very minute
    assert minutes[0] == minutes[1]
    # home at 13:45, and the pool is 15 minutes away
    assert minutes[1] + 15 + 15 <= 14 * 60 + 30


# --- riddles computed again


def fewest_moves(start, goal, moves):
    """Breadth-first search; None if the goal cannot be reached."""
    distance, waiting = {start: 0}, deque([start])
    while waiting:
        state = waiting.popleft()
        if goal(state):
            return distance[state]
        for following in moves(state):
            if following not in distance:
                distance[following] = distance[state] + 1
                waiting.append(following)
    return None


def crossings(things, quarrels, places):
    """The fewest crossings with a boat for the farmer and so many things."""

    def peaceful(bank):
        return not any(set(pair) <= bank for pair in quarrels)

    def moves(state):
        near, farmer_is_near = state
        bank = near if farmer_is_near else frozenset(things) - near
        for load in itertools.chain.from_iterable(itertools.combinations(bank, n) for n in range(places + 1)):
            if peaceful(bank - set(load)):
                yield (near - set(load) if farmer_is_near else near | set(load), not farmer_is_near)

    return fewest_moves((frozenset(things), True), lambda state: state == (frozenset(), False), moves)


def jug_steps(sizes, wanted):
    def moves(levels):
        for i, size in enumerate(sizes):
            for level in (0, size):
                yield (*levels[:i], level, *levels[i + 1 :])
            j = 1 - i
            poured = min(levels[i], sizes[j] - levels[j])
            after = {i: levels[i] - poured, j: levels[j] + poured}
            yield (after[0], after[1])

    return fewest_moves((0, 0), lambda levels: wanted in levels, moves)


def peg_moves(discs, rule):
    def moves(pegs):
        for source, target in itertools.permutations(range(3), 2):
            if pegs[source] and (not rule or not pegs[target] or pegs[source][-1] < pegs[target][-1]):
                after = list(pegs)
                after[target] += (pegs[source][-1],)
                after[source] = pegs[source][:-1]
                yield tuple(after)

    tower = tuple(range(discs, 0, -1))
    return fewest_moves((tower, (), ()), lambda pegs: pegs == ((), (), tower), moves)


def chance_to_win_by_changing(presenter_knows):
    """You choose door 0; the games in which the opened door shows a goat, weighted by how likely the presenter opens it."""
    won = seen = Fraction(0)
    for car in range(3):
        opened = [door for door in (1, 2) if not (presenter_knows and door == car)]
        for door in opened:
            if door != car:
                seen += Fraction(1, len(opened))
                won += Fraction(1, len(opened)) * (car == 3 - door)
    return won / seen


def day_for_half_a_pond(growth):
    areas = [growth(day) for day in range(49)]
    return next(day for day, area in enumerate(areas) if 2 * area >= areas[48])


def today_if_the_day_before_the_day_after_tomorrow_is(weekday):
    (today,) = [d for d in range(7) if calendar.day_name[(d + 2 - 1) % 7] == weekday]
    return calendar.day_name[today]


def people_after(*changes):
    passengers = 0
    for change in changes:
        passengers = change(passengers)
    return passengers + 1


RIVER = (("wolf", "goat"), ("goat", "cabbage"))
LENGTHS_OF_MONTHS = [calendar.monthrange(2024, month)[1] for month in range(1, 13)]

RIDDLES_COMPUTED = [
    ("a wolf, a goat and a cabbage", f"{crossings(['wolf', 'goat', 'cabbage'], RIVER, places=2)} crossings"),
    ("a fox, a goose", f"{crossings(['fox', 'goose', 'grain'], [('fox', 'goose')], places=1)} crossings"),
    ("with a goat and a boat", f"{crossings(['goat'], [], places=1)} crossing:"),
    ("a jug of 12 litres", f"{jug_steps((6, 12), 6)} step."),
    ("Four discs", f"{peg_moves(4, rule=False)} moves"),
    ("has forgotten where the car is", str(chance_to_win_by_changing(presenter_knows=False))),
    ("Duckweed", f"After {day_for_half_a_pond(lambda day: day)} days"),
    ("Three shirts dry", f"{math.ceil(8 / 4)} hours"),
    ("cucumbers", f"{10 * (100 - 99) / (100 - 98):.0f} kg"),
    ("A cup and a saucer", f"{11 - 10} euro:"),
    ("three tablets", f"At {12 + 3 * 30 // 60}:{3 * 30 % 60}"),
    ("A round pond", f"{10 // 1} posts"),
    ("36 steps lead", f"{36 // 3 * 6}:"),
    ("cubic metres of earth", f"{2 * 2 * 3} cubic metres"),
    ("Each of Tim's three sisters", f"{2 - 1} brother:"),
    ("Everyone shakes hands once", f"{len(list(itertools.pairwise(range(5))))} handshakes"),
    ("The day before the day after tomorrow", today_if_the_day_before_the_day_after_tomorrow_is("Sunday")),
    ("possessionless", f"{'possessionless'.count('s')} times"),
    ("from 1 to 30", f"{''.join(map(str, range(1, 31))).count('1')} times"),
    ("1101011101111011", f"{'1101011101111011'.count('1')} ones; the other {'1101011101111011'.count('0')} of the 16"),
    ("lamplighter", "lamplighter"[::-1] + "."),
    ("names of weekdays", {0: "None"}[sum("a" not in name for name in calendar.day_name)]),
    ("the year 2024", {0: "None"}[LENGTHS_OF_MONTHS.count(28)]),
    ("anagram", {False: "No"}[sorted("silence") == sorted("listen")]),
    ("E, Z, D, V, F, S, S", ["eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht"][7][0].upper() + ","),
    ("Ten candles", f"{10 - 3} candles"),
    ("A ladder is bolted", f"{sum(height < 50 for height in range(0, 300, 30))} rungs"),
    ("A bus leaves the depot", f"{people_after(lambda n: n + 6, lambda n: n - 2 + 5, lambda n: 1)} people"),
    ("A penguin", f"about {1 + 1 / (2 * math.pi):.2f} km"),
    ("かくれんぼ", f"{10 - 1 - 3}人"),
]


@pytest.mark.parametrize(("phrase", "answer"), RIDDLES_COMPUTED)
def test_a_computed_riddle_answer_is_what_the_reference_says(phrase, answer):
    assert answer in with_phrase(RIDDLES, phrase)["reference"][0]


def test_four_litres_cannot_be_measured_with_six_and_nine():
    assert jug_steps((6, 9), 4) is None
    assert with_phrase(RIDDLES, "a jug of 9 litres")["reference"][0].startswith("It is impossible")


def test_the_remembered_answers_hold_for_the_puzzles_they_belong_to():
    """The searches themselves are sound: on the well-known puzzles they give the well-known numbers."""
    assert crossings(["wolf", "goat", "cabbage"], RIVER, places=1) == 7
    assert peg_moves(4, rule=True) == 15
    assert chance_to_win_by_changing(presenter_knows=True) == Fraction(2, 3)
    assert jug_steps((3, 5), 4) == 6
    assert day_for_half_a_pond(lambda day: 2**day) == 47


def test_the_snail_never_leaves_the_well():
    height, highest = 0, 0
    for _ in range(1000):
        highest = max(highest, height + 3)
        height = max(0, height + 3 - 3)
    assert highest < 10
    assert with_phrase(RIDDLES, "A snail")["reference"][0].startswith("Never")


# --- pictures


def pixels(url):
    """Rows of (red, green, blue) of an 8-bit RGB PNG whose rows are all unfiltered; every checksum is verified."""
    data = base64.b64decode(url.removeprefix("data:image/png;base64,"), validate=True)
    assert len(data) < 2000
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length) == (zlib.crc32(kind + body),)
        chunks[kind] = body
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, *kind_of_pixel = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert kind_of_pixel == [8, 2, 0, 0, 0]
    raw = zlib.decompress(chunks[b"IDAT"])
    rows = [raw[y * (3 * width + 1) :][: 3 * width + 1] for y in range(height)]
    assert {row[0] for row in rows} == {0}
    return [[tuple(row[1 + 3 * x : 4 + 3 * x]) for x in range(width)] for row in rows]


def colour_of(pixel):
    red, green, blue = pixel
    if max(pixel) - min(pixel) < 40:
        return "white" if red > 230 else "grey" if red > 100 else "black"
    return {red: "red", green: "green", blue: "blue"}[max(pixel)]


def picture(phrase):
    (url,) = picture_urls(with_phrase(EVERYDAY, phrase))
    return [[colour_of(pixel) for pixel in row] for row in pixels(url)]


def extent(image, colour):
    """(left, right, top, bottom) of all pixels of a colour."""
    places = [(x, y) for y, row in enumerate(image) for x, name in enumerate(row) if name == colour]
    xs, ys = zip(*places, strict=True)
    return min(xs), max(xs), min(ys), max(ys)


def test_every_picture_is_a_sound_small_png():
    urls = [url for _, row in ROWS for url in picture_urls(row)]
    assert len(urls) == 3
    assert all(pixels(url) for url in urls)


def test_the_red_square_ends_in_the_bottom_left_corner():
    image = picture("mirror it so that left and right change places")
    mirrored = [row[::-1] for row in image]
    turned = [row[::-1] for row in mirrored[::-1]]
    left, right, top, bottom = extent(turned, "red")
    assert right < len(turned[0]) / 2
    assert top > len(turned) / 2
    # a square: as wide as high, and filled
    assert right - left == bottom - top
    assert {turned[y][x] for y in range(top, bottom + 1) for x in range(left, right + 1)} == {"red"}
    assert "red square, in the bottom left corner" in with_phrase(EVERYDAY, "mirror it so")["reference"][0]


def test_the_bars_are_as_high_as_the_reference_says():
    image = picture("how many boxes a stall sold")
    grey_lines = [y for y, row in enumerate(image) if "grey" in row]
    spacing = grey_lines[1] - grey_lines[0]
    zero = extent(image, "black")[2]
    boxes = {name: 10 * (zero - extent(image, name)[2]) // spacing for name in ("red", "green", "blue")}
    assert boxes == {"red": 30, "green": 70, "blue": 40}
    assert max(grey_lines) + spacing == zero
    assert "140 boxes (30, 70 and 40), half" in with_phrase(EVERYDAY, "a stall sold")["reference"][0]


def test_the_french_flag_turned_anticlockwise_has_red_on_top_and_blue_below():
    image = picture("Which country's flag is this?")
    assert list(dict.fromkeys(image[0])) == ["blue", "white", "red"]
    anticlockwise = list(zip(*image, strict=True))[::-1]
    assert list(dict.fromkeys(row[0] for row in anticlockwise)) == ["red", "white", "blue"]
