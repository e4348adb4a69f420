"""Every ability, for the action server: the one list that names them."""

from __future__ import annotations

from actions.affirm import Affirm
from actions.base import Ability
from actions.cancel import Cancel
from actions.change_language import ChangeLanguage
from actions.check_case import CheckCase
from actions.clarify import Clarify
from actions.complain import Complain
from actions.delete_my_data import DeleteMyData
from actions.deny import Deny
from actions.emergency import Emergency
from actions.follow_ups import follow_up
from actions.life_event import Journey
from actions.office_hours import OfficeHours
from actions.out_of_scope import OutOfScope
from actions.rate import Rate
from actions.repeat import Repeat
from actions.report_problem import ReportProblem
from actions.service import Service
from actions.shorter import Shorter
from actions.start_again import StartAgain
from actions.stop_messages import StopMessages
from actions.talk_to_person import TalkToPerson
from actions.world import World

ABILITIES: tuple[type[Ability], ...] = (
    Service, Journey, CheckCase, ReportProblem, TalkToPerson, Complain, Rate, ChangeLanguage, Repeat, Shorter, Cancel,
    StartAgain, StopMessages, DeleteMyData, OfficeHours, Emergency, Clarify, OutOfScope, Affirm, Deny,
)


def abilities(world: World) -> list[Ability]:
    return [ability(world, follow_up) for ability in ABILITIES]
