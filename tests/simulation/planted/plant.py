#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""plant.py SOURCE TARGET FILE…

Copies the product's FILEs from the folder SOURCE into the folder TARGET and plants the mistakes of mistakes/FILE.txt in the
copies. TARGET/mistakes.inc lists all of them as initialisers: name, scenes, file, sentence. A copy that does not change is
not written. Fails, and says where, if a text that a mistake replaces is not found exactly once in its file.

A mistake is a line "name (scene, scene): what is wrong", then one or more pairs of texts: what the product says, in lines that begin
with "- ", and what the copy says there instead, in lines that begin with "+ " and use PLANTED(name). Space and line breaks of
the product do not matter. Lines that begin with "#" are comments.
"""
import json
import pathlib
import re
import sys

HEADING = re.compile(r"(\w+) \((\w+(?:, \w+)*)\): (.+)")
INCLUDE = '#include "simulation/planted/planted.h"\n'


class Mistake:
    def __init__(self, place, name, scenes, sentence):
        self.place, self.name, self.scenes, self.sentence = place, name, scenes, sentence
        self.pairs = []  # of texts: in the product, in the copy

    def add(self, sign, text):
        if sign == "-" and (not self.pairs or self.pairs[-1][1]):
            self.pairs.append(["", ""])
        if not self.pairs:
            sys.exit(f"{self.place}: {self.name}: a text for the copy, and none of the product")
        self.pairs[-1][0 if sign == "-" else 1] += text + "\n"

    def check(self):
        names = set(re.findall(r"PLANTED\((\w*)\)", "".join(copy for _, copy in self.pairs)))
        if names != {self.name} or not all(copy for _, copy in self.pairs):
            sys.exit(f"{self.place}: {self.name}: expected pairs of texts that use PLANTED({self.name})")


def read_mistakes(path):
    mistakes = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        place = f"{path}:{number}"
        heading = HEADING.fullmatch(line)
        if heading:
            mistakes.append(Mistake(place, *heading.groups()))
        elif line[:2] in ("- ", "+ ") and mistakes:
            mistakes[-1].add(line[0], line[2:])
        elif line and not line.startswith("#"):
            sys.exit(f"{place}: expected \"name (scene, …): what is wrong\", \"- text\" or \"+ text\": {line}")
    for mistake in mistakes:
        mistake.check()
    return mistakes


def plant(text, mistakes, file):
    """The text of `file` with all its mistakes."""
    at = [i for i, c in enumerate(text) if not c.isspace()]
    dense = "".join(text[i] for i in at)
    replaced = []  # from, to, by, name
    for mistake in mistakes:
        for product, copy in mistake.pairs:
            wanted = "".join(product.split())
            count = dense.count(wanted)
            if count != 1:
                sys.exit(f"{mistake.place}: {mistake.name}: found {count} times in {file}, expected once:\n{product}")
            first = dense.index(wanted)
            begin, end = at[first], at[first + len(wanted) - 1] + 1
            indent = re.match(r" *", text[text.rfind("\n", 0, begin) + 1 :])[0]
            replaced.append((begin, end, copy.rstrip("\n").replace("\n", "\n" + indent), mistake))
    replaced.sort(key=lambda one: one[0])
    out, done, before = "", 0, None
    for begin, end, copy, mistake in replaced:
        if begin < done:
            sys.exit(f"{mistake.place}: {mistake.name}: replaces a text of {file} that {before.name} replaces as well")
        out += text[done:begin] + copy
        done, before = end, mistake
    return out + text[done:]


def write(path, text):
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main():
    source, target, *files = sys.argv[1:]
    folder = pathlib.Path(__file__).parent / "mistakes"
    texts = {str(path.relative_to(folder))[: -len(".txt")]: path for path in sorted(folder.rglob("*.txt"))}
    for file in texts.keys() - set(files):
        sys.exit(f"{texts[file]}: {file} is not among the copied files")
    rows, places = "", {}
    for file in files:
        text = (pathlib.Path(source) / file).read_text()
        if file in texts:
            mistakes = read_mistakes(texts[file])
            text = INCLUDE + plant(text, mistakes, file)
            for one in mistakes:
                if one.name in places:
                    sys.exit(f"{one.place}: {one.name}: this name is taken: {places[one.name]}")
                places[one.name] = one.place
                rows += f'{{"{one.name}", "{one.scenes}", "{file}", {json.dumps(one.sentence)}}},\n'
        write(pathlib.Path(target) / file, text)
    write(pathlib.Path(target) / "mistakes.inc", rows)


main()
