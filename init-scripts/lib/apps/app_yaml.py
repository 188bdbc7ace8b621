"""What app.yaml says: the command that starts an app, and its variables. Only this much of YAML is read."""
import json
import re
import shlex

NAMES = ("app.yaml", "app.yml")
USUAL = 'command: ["python", "app.py"]\n'
ITEM = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,\]"'][^,\]]*)\s*(?:,|(?=\]))""")
PAIR = re.compile(r"""([A-Za-z]\w*)\s*:\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,{}]*)""")


class Unreadable(Exception):
    """What of it cannot be read, in a few words."""


class AppYaml:
    """`command` is a list of words, None where it names none; `variables` are dictionaries as they stand there."""

    def __init__(self, text):
        """@raise Unreadable"""
        self.command, self.variables = None, []
        for key, lines in sections(text):
            if key == "command":
                self.command = words_of(lines)
            elif key == "env":
                self.variables = variables_of(lines)


def sections(text):
    found = []
    for line in text.splitlines():
        line = without_comment(line)
        key = re.match(r"([A-Za-z_]\w*)\s*:(?:\s+|$)(.*)", line)
        if key:
            found.append((key[1], [key[2]] if key[2] else []))
        elif line.strip() and line.strip() != "---":
            if not found or not re.match(r"\s|-|\]", line):
                raise Unreadable(f"the line {line.strip()[:80]!r} is no setting")
            found[-1][1].append(line)
    return found


def without_comment(line):
    kept = re.match(r"""((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?!\s#)[^#]|(?<=\S)#)*)""", line)
    return "" if line.startswith("#") else kept[1].rstrip()


def words_of(lines):
    if not lines:
        return None
    whole = " ".join(lines).strip()
    if whole.startswith("["):
        found = [unquoted(item) for item in ITEM.findall(whole[1:])]
        if not whole.endswith("]") or not found:
            raise Unreadable(f"the command {whole[:80]!r} is no list of words")
        return found
    if all(line.lstrip().startswith("- ") for line in lines):
        return [unquoted(line.lstrip()[2:].strip()) for line in lines]
    try:
        return shlex.split(unquoted(whole)) or None
    except ValueError as error:
        raise Unreadable(f"the command {whole[:80]!r} has a quotation mark too many") from error


def variables_of(lines):
    found = []
    for line in [] if "".join(lines).strip() == "[]" else lines:
        begins = re.match(r"\s*-\s+", line)
        if begins:
            found.append({})
        pairs = PAIR.findall(line[begins.end() if begins else 0 :])
        if not found or not pairs:
            raise Unreadable(f"the line {line.strip()[:80]!r} of env is no name and value")
        found[-1].update((key, unquoted(value.strip())) for key, value in pairs)
    return found


def unquoted(word):
    word = word.strip()
    if len(word) > 1 and word[0] == word[-1] == "'":
        return word[1:-1].replace("''", "'")
    if len(word) > 1 and word[0] == word[-1] == '"':
        try:
            return str(json.loads(word))
        except ValueError:
            return word[1:-1]
    return word
