"""Waiting for the workspace: at first it looks often, it says every half minute that it waits, and it ends."""
import time

from apps.workspace_api import Trouble

# Seconds.
BETWEEN_LINES = 30
LONGEST_PAUSE = 5


class Wait:
    """At most this many seconds."""

    def __init__(self, seconds, say):
        self.began = self.last_line = time.monotonic()
        self.ends = self.began + seconds
        self.say, self.pause = say, 0.25

    def a_while(self, meanwhile, too_long):
        """@raise Trouble with the words of `too_long`"""
        now = time.monotonic()
        if now > self.ends:
            raise Trouble(too_long)
        if now - self.last_line >= BETWEEN_LINES:
            self.last_line = now
            self.say(f"{meanwhile} ({int(now - self.began)} s)")
        time.sleep(self.pause)
        self.pause = min(self.pause * 1.5, LONGEST_PAUSE)
