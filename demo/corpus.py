"""The two kinds of text: plain stories from a small grammar, and sums worked digit by digit.

All text comes from the word lists and rules below and a seeded generator; nothing is taken from elsewhere.
"""

import random

import torch

# Each name comes with its pronouns, so that "he", "she" and "her" depend on the start of the story.
PEOPLE = [
    (name, "she", "her") for name in "Mara Lena Ivy Nora Ada Tess Ruth Olga Wilma June Petra Cleo".split()
] + [(name, "he", "his") for name in "Tom Arno Felix Hugo Sam Otto Basil Karl Leo Max Victor Ned".split()]
KIN = "brother sister mother father uncle aunt neighbour friend teacher cousin".split()
ANIMALS = "dog cat goat horse hen fox mouse donkey crow frog sheep duck".split()
THINGS = "lamp basket kettle rope box key book cup blanket hammer ladder coat drum bell spoon map".split()
ADJECTIVES = "old small green heavy yellow broken clean quiet little round red warm blue empty".split()
SPOTS = [
    f"{preposition} the {noun}"
    for preposition, nouns in {
        "on": "shelf table roof bench stairs wall",
        "in": "garden kitchen cellar barn attic boat",
        "under": "bed bridge tree window",
        "near": "river gate well mill",
        "behind": "door house fence stove",
    }.items()
    for noun in nouns.split()
]
GOODS = "apples pears eggs plums shells nuts stones candles onions buttons".split()
PLACES = "market village harbour forest school station field lake".split()
TIMES = [
    "In the morning",
    "At noon",
    "In the evening",
    "After lunch",
    "On Monday",
    "On Friday",
    "Last winter",
    "In spring",
    "One day",
]
WEATHER = [
    "It was raining",
    "The sun was shining",
    "It was cold",
    "The wind was strong",
    "Snow was falling",
    "The sky was grey",
]
MOODS = "happy tired hungry proud sad calm angry thirsty".split()
WALKED = "walked ran went came drove hurried".split()
FOUND = "found lost sold bought washed carried painted borrowed".split()
SLEPT = "slept waited sat hid stood rested".split()


def article(phrase: str) -> str:
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def story(rng: random.Random) -> str:
    """One short paragraph. The person, the thing and its spot recur, so later words depend on earlier ones."""
    pick = rng.choice
    name, pronoun, possessive = pick(PEOPLE)
    she = pronoun.capitalize()
    adjective, thing, spot = pick(ADJECTIVES), pick(THINGS), pick(SPOTS)
    animal, kin, place = pick(ANIMALS), pick(KIN), pick(PLACES)
    goods, count = pick(GOODS), rng.randint(2, 99)

    opening = [
        f"{name} had {article(adjective + ' ' + thing)}.",
        f"{pick(TIMES)} {name} {pick(FOUND)} {article(adjective + ' ' + thing)}.",
        f"{pick(WEATHER)} when {name} {pick(FOUND)} the {adjective} {thing}.",
    ]
    middle = [
        f"{she} put the {thing} {spot}.",
        f"{she} {pick(WALKED)} to the {place} with {possessive} {kin}.",
        f"{possessive.capitalize()} {kin} was {pick(MOODS)}, but {name} was {pick(MOODS)}.",
        f"The {animal} {pick(SLEPT)} {pick(SPOTS)}.",
        f"{she} counted {count} {goods} and gave them to {possessive} {kin}.",
        f'"Where is the {thing}?" asked {possessive} {kin}. "It is {spot}," said {name}.',
        f"{pick(WEATHER)}, so {pronoun} {pick(WALKED)} home.",
        f"The {animal} was {pick(ADJECTIVES)} and {pick(ADJECTIVES)}.",
        f"{pick(TIMES)} {pronoun} {pick(FOUND)} {article(pick(THINGS))} at the {place}.",
    ]
    ending = [
        f"The {thing} is still {spot}.",
        f"In the end {name} was {pick(MOODS)}.",
        f"{she} never saw the {adjective} {thing} again.",
        f"Then {name} and {possessive} {kin} {pick(WALKED)} home.",
    ]
    return " ".join([pick(opening), *rng.sample(middle, rng.randint(2, 4)), pick(ending)]) + "\n"


def worked_sum(a: int, b: int) -> str:
    """Column addition of two two-digit numbers, e.g. `37+58: 7+8=15 write 5 carry 1; 3+5+1=9; answer 95`."""
    units = a % 10 + b % 10
    carry = units // 10
    tens = a // 10 + b // 10 + carry
    return (
        f"{a}+{b}: {a % 10}+{b % 10}={units} write {units % 10} carry {carry}; "
        f"{a // 10}+{b // 10}+{carry}={tens}; answer {a + b}\n"
    )


def split_pairs(seed: int, held_out_share: float = 0.1):
    """Ordered pairs for training and for testing. A pair is held out in both orders, so a+b never leaks b+a."""
    unordered = [(a, b) for a in range(10, 100) for b in range(a, 100)]
    random.Random(seed).shuffle(unordered)
    cut = round(len(unordered) * held_out_share)

    def both_orders(pairs):
        return sorted({pair for a, b in pairs for pair in ((a, b), (b, a))})

    return both_orders(unordered[cut:]), both_orders(unordered[:cut])


def plain_text(seed: int, size: int, exclude: frozenset[str] = frozenset()) -> list[str]:
    """Stories up to about `size` bytes, none of them in `exclude`."""
    rng = random.Random(seed)
    stories, length = [], 0
    while length < size:
        text = story(rng)
        if text not in exclude:
            stories.append(text)
            length += len(text)
    return stories


def sum_text(seed: int, size: int, pairs) -> list[str]:
    """Worked sums over `pairs` up to about `size` bytes."""
    rng = random.Random(seed)
    lines, length = [], 0
    while length < size:
        lines.append(worked_sum(*rng.choice(pairs)))
        length += len(lines[-1])
    return lines


def to_bytes(lines: list[str]) -> torch.Tensor:
    """One stream of byte values."""
    return torch.frombuffer(bytearray("".join(lines).encode("ascii")), dtype=torch.uint8)


def windows(stream: torch.Tensor, count: int, context: int, generator: torch.Generator) -> torch.Tensor:
    """`count` random windows of context + 1 bytes: the inputs and, one further on, the targets."""
    starts = torch.randint(len(stream) - context, (count,), generator=generator)
    return stream[starts[:, None] + torch.arange(context + 1)].long()
