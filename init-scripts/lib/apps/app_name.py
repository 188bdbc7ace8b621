"""What an app is called: the workshop, whose it is, and a digest, in what the workspace takes as a name."""
import base64
import hashlib
import re
import unicodedata

# Lowercase letters, digits and hyphens. The name is part of a host name and never changes.
LONGEST_NAME = 30
LONGEST_WORKSHOP = 12
DIGEST_LETTERS = 7


def persons_app(workshop, email):
    """The name of somebody's own app: the same each time, and nobody else's."""
    return named(workshop, email.partition("@")[0], f"person {email.casefold()}")


def teams_app(workshop, team):
    """The name of a team's app, however its members write the team's name; never that of a person's own."""
    return named(workshop, team, f"team {plain(team) or team.casefold()}")


def named(workshop, who, whole):
    # What is cut off, and what two people share, makes the difference in the digest.
    digest = hashlib.sha256(f"{workshop}\n{whole}".encode(errors="surrogateescape")).digest()
    ending = base64.b32encode(digest).decode().lower()[:DIGEST_LETTERS]
    beginning = plain(workshop)
    # Some clients take no name that begins with a digit.
    if not re.match("[a-z]", beginning):
        beginning = f"w{beginning}"
    beginning = beginning[:LONGEST_WORKSHOP].strip("-")
    room = LONGEST_NAME - len(beginning) - DIGEST_LETTERS - 2
    parts = (beginning, plain(who)[:room].strip("-"), ending)
    return "-".join(part for part in parts if part)


def plain(words):
    """Only what a name may hold: an é becomes an e, everything else that is no letter or digit a hyphen."""
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
