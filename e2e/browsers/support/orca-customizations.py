"""Orca loads this file from its preferences. Orca speaks into a file in place of a synthesizer.

A line is one utterance. Two kinds of lines are none: "loaded", when a page is there; "mark" and a number, when Orca has dealt
with all that came before the mark which the test put into the page, an inaudible name.
"""

import os
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib
from orca import event_manager, liveregions, messages, settings, speech
from orca.ax_utilities import AXUtilities
from orca.ax_utilities_state import AXUtilitiesState

MARK = "\u2063"
READS_PAGES = os.environ["ORCA_READS_PAGES"] == "1"
spoken = open(os.environ["ORCA_SPOKEN"], "a", buffering=1, encoding="utf-8")


def note(text):
    words = " ".join(str(text).replace(MARK, "").split())
    if words:
        spoken.write(words + "\n")


reading = []


def say_all(utterances, _progress):
    """Notes a whole page. Other events are taken meanwhile."""
    if not READS_PAGES:
        return
    reading.append(True)
    try:
        for context, _voice in utterances:
            note(context.utterance)
    finally:
        reading.pop()


speech.init = lambda: None
speech.say_all = say_all
speech._speak = lambda text, _voice, _interrupt: note(text)
speech.speak_character = lambda character, _voice=None: note(character)
speech.speak_key_event = lambda _event, _voice=None: None
settings.enableKeyEcho = False
# Whether Orca has the time to say that a page is loading, or that a text is no longer selected, depends on the machine.
messages.PAGE_LOADING_START = ""
messages.SELECTION_REMOVED = ""
# Which pages were visited is known a little after a page has come.
for utilities in (AXUtilities, AXUtilitiesState):
    utilities.is_visited = staticmethod(lambda _link: False)
# Several desktops of tests may have an Orca at the same time.
sys.modules["__main__"].otherOrcas = lambda: []


regions = []
prepare = liveregions.LiveRegionManager.__init__


def prepare_and_keep(manager, script):
    prepare(manager, script)
    regions.append(manager)


liveregions.LiveRegionManager.__init__ = prepare_and_keep


def is_busy():
    """Returns whether events, or messages of live regions, wait to be spoken."""
    if reading or not event_manager.get_manager()._event_queue.empty():
        return True
    return any(len(manager.msg_queue) for manager in regions)


def when_done(number):
    if is_busy():
        return True
    note(f"mark {number}")
    return False


def on_name(event):
    name = str(event.any_data)
    if MARK in name:
        GLib.timeout_add(20, when_done, name.count(MARK))


def on_loaded(event):
    if Atspi.Accessible.get_name(event.source):
        note("loaded")


listeners = [Atspi.EventListener.new(on_name), Atspi.EventListener.new(on_loaded)]
listeners[0].register("object:property-change:accessible-name")
listeners[1].register("document:load-complete")
