"""The sentences that answers are made of, and how a reader knows a sound one from a weak one.

A *sound* sentence is specific, checks itself or gives a reason; a *weak* one is vague, off the point or contradicts
itself. `{x}` and `{y}` stand for words of the prompt. Each sentence is known by its opening four words, which are
unlike those of every other sentence and hold no slot, so that a reader needs one regular expression and one look-up.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bank:
    """Sentences of one worth, by their place in an answer."""

    opening: tuple[str, ...]
    body: tuple[str, ...]
    closing: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return self.opening + self.body + self.closing


SOUND = Bank(
    opening=(
        "The short answer is that {x} decides this, and {y} only changes the details.",
        "It helps to begin with {x}, because everything after it depends on that choice.",
        "Two things matter here, {x} and {y}, and they can be taken one at a time.",
        "Taken at face value the question is about {x}, and that reading also fits {y}.",
        "My answer rests on {x}, and I say below where it could be wrong.",
        "The key fact is how {x} and {y} are related, so I start from there.",
        "Before answering I checked whether {x} means the usual thing here, and it does.",
        "What you are asking comes down to {x}, which can be answered without guessing.",
        "There is one catch in {x}, so let me name it before going further.",
        "A good answer needs {x} first and {y} second, in that order.",
    ),
    body=(
        "The reason is simple: without {x} the step to {y} has nothing to stand on.",
        "A quick check confirms it: put a small case in place of {x} and the result stays the same.",
        "One concrete example is {x} on an ordinary day, with numbers small enough to count by hand.",
        "Working through it backwards gives the same result, which is a good sign for {x}.",
        "Suppose the opposite were true; then {x} would contradict {y}, so it can be ruled out.",
        "This holds only while {x} stays fixed, and the final version should say so openly.",
        "The usual mistake is to treat {x} and {y} as the same thing, although only one of them is given.",
        "Counting the cases leaves three, and only one of them agrees with {x}.",
        "In practice you would do {x} first, look at the outcome, and only then go on to {y}.",
        "That choice costs little and can be undone, which is why I prefer it for {x}.",
        "Each step can be tested alone, so an error in {x} would show up before it spreads.",
        "The figure to remember is the one for {x}, because the rest follows from it by simple arithmetic.",
        "Placed next to each other, {x} explains more than {y} and assumes less.",
        "Where the wording is open I took the stricter reading of {x}, which is safer.",
        "An exception exists when {x} is missing altogether, and then the answer changes to no.",
        "Evidence for this is easy to collect: note {x} for a week and compare the first day with the last.",
        "I would put it this way to a beginner: {x} is the cause and {y} is what you notice.",
        "Notice that the order matters, since doing {y} before {x} throws away what was gained.",
        "The same idea explains {y}, so nothing new has to be assumed for it.",
        "To keep it practical, set aside ten minutes for {x} and write down what changed.",
        "Both readings lead to the same place as far as {x} is concerned, so the doubt does no harm.",
        "A rough estimate is enough here: doubling {x} would not change the conclusion about {y}.",
        "Nothing in the question rules out {x}, and the remark about {y} speaks for it.",
        "The limits are clear too: this says nothing about cases without {x}.",
        "Should the result look odd, go back to {x}, because that is where slips usually happen.",
        "Written out in full the chain is {x}, then {y}, then the conclusion, with no gap between them.",
        "It also passes the test of plain sense, since a person who knows {x} well would do the same.",
        "Keep one spare option for {y} in case {x} turns out to be unavailable.",
    ),
    closing=(
        "So the answer stands, and the part to check twice is {x}.",
        "Put in one sentence, {x} comes first because {y} depends on it.",
        "I am confident about {x} and less sure about {y}, which is worth a second look.",
        "If you can tell me more about {y}, the advice on {x} can be made more exact.",
        "The next useful step is to try {x} once on a small scale and keep the result.",
        "Checked against the question again, every part that mentions {x} has been answered.",
        "This leaves a single open point, {y}, and it does not affect the result.",
        "Come back to this if {x} changes, because then the second step has to be redone.",
    ),
)

WEAK = Bank(
    opening=(
        "There are many ways to look at {x}, and all of them are interesting.",
        "This is a very good topic, and {x} is something people often talk about.",
        "Generally speaking it all depends on {x} and on a number of other things.",
        "Since the dawn of time people have thought about {x} in one way or another.",
        "It is hard to say anything certain about {x}, but here are some thoughts.",
        "Many experts have different opinions on {x}, and each has a point.",
        "When it comes to {x}, there is a lot that could be said.",
        "As everyone already knows, {x} is important for various reasons.",
        "First of all it should be said that {x} is a broad field.",
        "Let us take a general look at {x} and see where it leads.",
    ),
    body=(
        "Some people like things such as {x} and others do not, so it is a matter of taste.",
        "It is always true that {x} comes first, although sometimes it does not.",
        "Another aspect that could be mentioned is {x}, among several others.",
        "On the one hand {x} is essential, and on the other hand it hardly matters.",
        "That reminds me of the weather, which also changes from day to day.",
        "More could be said about {x}, but that would go too far here.",
        "Things of this kind, such as {x}, tend to work out one way or another.",
        "You might want to think about {x}, or perhaps about something else.",
        "The answer is both yes and no, depending on how one feels about {x}.",
        "Technology has changed a lot, and this surely has some influence on {x}.",
        "It goes without saying that {x} is what it is.",
        "Somehow the parts of {x} fit together, even if it is not clear how.",
        "A balanced approach is best, with a bit of {x} and a bit of {y}.",
        "You should never rely on {x}, except that you should rely on it most of the time.",
        "History is full of examples, and {x} may well be one of them.",
        "In a fast-moving world {x} is more relevant than ever.",
        "Quite a few factors play a role, and {x} could be among them.",
        "Personally one could imagine that {x} has advantages and disadvantages.",
        "Perhaps the numbers go up, or perhaps they go down, as far as {x} is concerned.",
        "Apart from all that, matters stay more or less the same with {x} and {y}.",
        "Colours and music are also worth a thought, although they were not asked about.",
        "This proves the point, or at least it does not quite disprove it.",
        "Of course the details of {x} are complicated and better left to others.",
        "The first option is clearly right, and the second option is clearly right as well.",
        "Time will tell whether {x} was a good idea in the first place.",
        "Anything is possible here if one only wants it enough.",
        "Several steps are needed, such as the first step and the steps after it.",
        "Interesting questions also arise around {y}, which is a different subject.",
    ),
    closing=(
        "All in all it is up to you what you make of {x}.",
        "In conclusion there are pros and cons, and {x} remains a fascinating subject.",
        "At the end of the day everyone has to decide about {x} alone.",
        "To sum it up, {x} is important and yet not so important.",
        "I hope this gives you a rough idea of {x}.",
        "Whatever you decide about {x}, it will probably be fine or not.",
        "So as one can see, {x} is a topic with many sides.",
        "Only the future will show what becomes of {x} and {y}.",
    ),
)

# A sentence starts a line (behind list marks, quote marks, heading marks) or follows the end of another one.
_OPENING_WORDS = re.compile(r"(?:^[\s>*#\d.\-]*|[.!?]\S?\s+)((?:\w[\w-]* ){3}\w[\w-]*)", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|$", re.MULTILINE)


def opening_words(sentence: str) -> str:
    """The first four words of `sentence`, by which it is known."""
    return " ".join(sentence.split(None, 4)[:4]).rstrip(".,:;").casefold()


_IS_SOUND = {opening_words(sentence): True for sentence in SOUND.all} | {
    opening_words(sentence): False for sentence in WEAK.all
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """The known sentences of a text: how many of each kind, and where the first of each kind begins (-1: none)."""

    sound: int
    weak: int
    first_sound: int
    first_weak: int


def recognise(text: str) -> Recognised:
    """Count the sound and weak sentences in `text`; sentences of other origin count as neither."""
    starts: dict[bool, list[int]] = {True: [], False: []}
    for match in _OPENING_WORDS.finditer(text):
        is_sound = _IS_SOUND.get(match[1].casefold())
        if is_sound is not None:
            starts[is_sound].append(match.start(1))
    sound, weak = starts[True], starts[False]
    return Recognised(len(sound), len(weak), sound[0] if sound else -1, weak[0] if weak else -1)


def sentence_at(text: str, start: int) -> str:
    """The sentence of `text` that begins at `start`, without its full stop."""
    end = _SENTENCE_END.search(text, start)
    return text[start : end.start() if end else None]
