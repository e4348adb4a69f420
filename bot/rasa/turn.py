"""One turn of a conversation inside Rasa: kept whole with its answer, or not kept at all."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)

from bot.rasa import answers
from bot.rasa.asked import Asked
from bot.rasa.names import known


class Quiet(OutputChannel):
    """Carries the channel's name, so that its response variations are chosen; what is said is read from the tracker."""

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Nothing: see answers.py."""


async def take(agent: Agent, asked: Asked) -> dict[str, Any]:
    """The answer to a message, from the tracker if it was answered before. Raises answers.Unanswered.

    This is MessageProcessor.handle_message with one difference: a turn in which an action failed is never saved. The
    tracker it leaves behind in memory is not what the store has, so the store reads it again (tracker_store.py).
    """
    processor = agent.processor
    assert processor is not None
    async with agent.lock_store.lock(asked.conversation):
        tracker = await processor.get_tracker(asked.conversation)
        before = answers.turn_of(tracker, asked.message)
        if before:
            return answers.told(before)
        output = Quiet(asked.channel)
        message = _message(processor, asked, output)
        await processor._update_tracker_session(tracker, output, message.metadata)
        await processor._handle_message_with_tracker(message, tracker)
        tracker = await processor.run_action_extract_slots(output, tracker)
        await processor._run_prediction_loop(output, tracker)
        turn = answers.turn_of(tracker, asked.message)
        if turn is None:
            raise answers.Unanswered("a turn that took its own message back")
        told = answers.told(turn)
        await processor.save_tracker(tracker)
        return told


def _message(processor: MessageProcessor, asked: Asked, output: OutputChannel) -> UserMessage:
    text = asked.text if asked.intent else known().parted(asked.text)
    parsed = _understood(asked) if asked.intent else _parsed(processor, text, asked.given)
    message = UserMessage(
        text=text,
        output_channel=output,
        sender_id=asked.conversation,
        parse_data=parsed,  # type: ignore[arg-type]
        input_channel=asked.channel,
        message_id=asked.message,
        metadata=asked.metadata,
    )
    message.text = text
    return message


def _understood(asked: Asked) -> dict[str, Any]:
    intent = {INTENT_NAME_KEY: asked.intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    return {TEXT: asked.text, INTENT: intent, INTENT_RANKING_KEY: [intent], ENTITIES: asked.given}


def _parsed(processor: MessageProcessor, text: str, given: list[dict[str, Any]]) -> dict[str, Any]:
    """Rasa obeys a text that begins with "/"; to us it is a text."""
    words = text.lstrip("/ \n")
    parsed = processor._parse_message_with_graph(UserMessage(words), DialogueStateTracker.from_events("", []))
    moved = len(text) - len(words)
    found = [{**e, "start": e["start"] + moved, "end": e["end"] + moved} for e in parsed[ENTITIES]]
    return {**parsed, TEXT: text, ENTITIES: [*given, *found]}
