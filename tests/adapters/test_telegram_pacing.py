"""What may go to Telegram when: the limits hold for any arrivals, people come first, and a pause is a pause."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap_bot.adapters.telegram.pacing import ORDINARY, URGENT, Pacer, chat_of
from roadmap_bot.adapters.telegram.requests import Flooded
from roadmap_bot.adapters.telegram.schedule import CHAT_SPACING, MINUTE, PER_MINUTE_IN_GROUP, SECOND, Schedule, Ticket

GROUP = -5


@dataclass(frozen=True)
class Arrival:
    """A message that wants to go, `after` the one before."""

    after: float
    chat: int
    urgent: bool


def driven(schedule: Schedule, arrivals: list[Arrival]) -> list[tuple[float, Ticket]]:
    """Runs a schedule with a clock that jumps from event to event; when each ticket went."""
    now, gone, waiting = 1_000.0, [], list(arrivals)
    due = now + (waiting[0].after if waiting else 0)
    while waiting or len(schedule):
        wakes = schedule.wakes(now)
        if waiting and (wakes is None or due <= wakes):
            now = max(now, due)
            arrival = waiting.pop(0)
            schedule.enter(arrival.chat, now, urgent=arrival.urgent)
            due = now + waiting[0].after if waiting else now
        else:
            assert wakes is not None
            assert wakes > now or schedule.due(now) or not gone, "it says now, and then does nothing"
            now = max(now, wakes)
        gone += [(now, ticket) for ticket in schedule.due(now)]
    return gone


def most_within(times: list[float], span: float) -> int:
    """The most of `times` that lie in any window of `span`."""
    return max((sum(start <= other < start + span for other in times) for start in times), default=0)


arrivals = st.lists(
    st.builds(
        Arrival,
        st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.3, 1.0, 7.0]),
        st.sampled_from([1, 2, 3, 4, 5, GROUP, GROUP - 1]),
        st.booleans(),
    ),
    max_size=60,
)


@given(arrivals, st.integers(1, 30))
@settings(max_examples=80, deadline=None)
def test_no_limit_is_broken_and_everybody_gets_a_turn_in_order(arrived: list[Arrival], per_second: int) -> None:
    gone = driven(Schedule(per_second), arrived)
    assert len(gone) == len(arrived)
    assert most_within([now for now, _ in gone], SECOND) <= per_second
    lines: dict[tuple[int, bool], list[Ticket]] = defaultdict(list)
    chats: dict[int, list[float]] = defaultdict(list)
    for now, ticket in gone:
        assert now >= ticket.entered
        lines[ticket.chat, ticket.urgent].append(ticket)
        chats[ticket.chat].append(now)
    for (chat, urgent), tickets in lines.items():
        assert [one.entered for one in tickets] == sorted(one.entered for one in tickets), (chat, urgent)
    for chat, times in chats.items():
        assert most_within(times, SECOND) == 1, chat
        if chat < 0:
            assert most_within(times, MINUTE) <= PER_MINUTE_IN_GROUP


def test_a_burst_to_many_chats_goes_as_fast_as_it_may() -> None:
    gone = driven(Schedule(27), [Arrival(0, chat, urgent=True) for chat in range(1, 271)])
    assert gone[-1][0] - gone[0][0] == pytest.approx(9.0)
    assert [ticket.chat for _, ticket in gone] == list(range(1, 271))


def test_answers_go_before_everything_else_and_find_room() -> None:
    schedule = Schedule(27)
    for chat in range(1, 101):
        schedule.enter(chat, 0.0, urgent=False)
    assert len(schedule.due(0.0)) == 24
    people = [schedule.enter(1_000 + number, 0.1, urgent=True) for number in range(4)]
    assert schedule.due(0.1) == people[:3]
    assert schedule.due(1.0)[0] is people[3]


def test_what_nobody_asked_for_still_goes_while_people_never_stop_asking() -> None:
    for per_second in (1, 2, 27):
        schedule = Schedule(per_second)
        digest = schedule.enter(7, 0.0, urgent=False)
        gone: dict[Ticket, float] = {}
        for step in range(200):
            now = step / 10
            for number in range(5):
                schedule.enter(1_000 + 5 * step + number, now, urgent=True)
            gone |= dict.fromkeys(schedule.due(now), now)
        assert gone[digest] <= 7.0, per_second


def test_in_one_chat_an_answer_overtakes_but_does_not_starve_what_waits() -> None:
    schedule = Schedule(27)
    digest = schedule.enter(7, 0.0, urgent=False)
    answer = schedule.enter(7, 0.0, urgent=True)
    assert schedule.due(0.0) == [answer]
    assert schedule.due(CHAT_SPACING - 0.01) == []
    assert schedule.due(CHAT_SPACING) == [digest]


def test_a_refused_chat_is_silent_for_exactly_that_long_and_nothing_lifts_it() -> None:
    schedule = Schedule(27)
    schedule.refused(1, 30, 100.0)
    again = schedule.enter(1, 100.0, urgent=True)
    other = schedule.enter(2, 100.0, urgent=True)
    assert schedule.due(100.0) == [other]
    schedule.refused(1, 2, 101.0)
    assert schedule.wakes(101.0) == 130.0
    assert schedule.due(129.9) == []
    assert schedule.due(130.0) == [again]


def test_when_a_second_chat_is_refused_everything_pauses() -> None:
    schedule = Schedule(27)
    schedule.refused(1, 30, 100.0)
    schedule.refused(2, 10, 101.0)
    third = schedule.enter(3, 101.0, urgent=True)
    assert schedule.wakes(101.0) == 111.0
    assert schedule.due(110.9) == []
    assert schedule.due(111.0) == [third]
    apart = Schedule(27)
    apart.refused(1, 5, 100.0)
    apart.refused(2, 5, 105.0)
    fourth = apart.enter(3, 105.0, urgent=True)
    assert apart.due(105.0) == [fourth]


def test_who_leaves_holds_nobody_up() -> None:
    schedule = Schedule(1)
    first, second = schedule.enter(1, 0.0, urgent=True), schedule.enter(2, 0.0, urgent=True)
    schedule.leave(first)
    assert schedule.due(0.0) == [second]
    assert schedule.wakes(0.0) is None


def test_idle_chats_are_forgotten() -> None:
    schedule = Schedule(1_000)
    for chat in range(1, 5_001):
        schedule.enter(chat, chat / 10, urgent=True)
        schedule.due(chat / 10)
    assert schedule.chats < 2_500
    schedule.due(10_000.0)
    assert schedule.chats == 0


# --- the pacer between the library and the network -------------------------------------------------------------------


@dataclass
class Clock:
    """Time that passes only where everybody waits for it."""

    now: float = 0.0
    sleepers: list[tuple[float, asyncio.Future[None]]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        sleeper = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + max(seconds, 0), sleeper))
        await sleeper

    async def run_until(self, finished: Callable[[], bool]) -> None:
        """Lets the next sleeper wake, again and again, until it is finished."""
        for _ in range(10_000):
            for _ in range(20):  # whatever can go on without time goes on
                await asyncio.sleep(0)
            if finished():
                return
            self.sleepers = [one for one in self.sleepers if not one[1].done()]
            if self.sleepers:
                wake, sleeper = min(self.sleepers, key=lambda one: one[0])
                self.now = max(self.now, wake)
                sleeper.set_result(None)
        raise AssertionError("it does not end")


def paced(work: Callable[[Pacer, Clock], Awaitable[list[Any]]], per_second: int = 27) -> list[Any]:
    """What `work` gives with a pacer and a clock of their own."""

    async def live() -> list[Any]:
        clock = Clock()
        pacer = Pacer(per_second, clock=clock, sleep=clock.sleep)
        await pacer.initialize()
        try:
            task = asyncio.ensure_future(work(pacer, clock))
            await clock.run_until(task.done)
            return task.result()
        finally:
            await pacer.shutdown()

    return asyncio.run(live())


def call(
    pacer: Pacer, answer: Callable[[], Coroutine[Any, Any, Any]], chat: int = 1, *, urgency: str | None = URGENT
) -> Coroutine[Any, Any, Any]:
    """One sendMessage through the pacer."""
    return pacer.process_request(answer, (), {}, "sendMessage", {"chat_id": chat, "text": "x"}, urgency)


def test_calls_are_made_when_their_turn_comes() -> None:
    async def work(pacer: Pacer, clock: Clock) -> list[Any]:
        async def answer() -> Any:
            return clock.now

        return await asyncio.gather(*(call(pacer, answer, GROUP, urgency=one) for one in (ORDINARY, None, URGENT)))

    ordinary, first, second = paced(work)
    assert (first, second, ordinary) == pytest.approx((CHAT_SPACING, 2 * CHAT_SPACING, 0.0))


def test_a_refused_call_is_repeated_after_the_pause_and_others_do_not_shorten_it() -> None:
    def work_with(refusals: list[float]) -> Callable[[Pacer, Clock], Awaitable[list[Any]]]:
        async def work(pacer: Pacer, clock: Clock) -> list[Any]:
            async def answer() -> Any:
                if refusals:
                    raise Flooded(refusals.pop())
                return clock.now

            async def other() -> Any:
                return clock.now

            refused = asyncio.ensure_future(call(pacer, answer))
            await asyncio.sleep(0)
            return [*await asyncio.gather(*(call(pacer, other, chat) for chat in (2, 3))), await refused]

        return work

    assert paced(work_with([5.0])) == pytest.approx([0.0, 0.0, 5.0])
    assert paced(work_with([7.0, 6.0, 5.0])) == pytest.approx([0.0, 0.0, 18.0])


def test_what_is_refused_too_often_or_for_too_long_is_given_up() -> None:
    made: list[float] = []

    def work_with(seconds: float, urgency: str = URGENT) -> Callable[[Pacer, Clock], Awaitable[list[Any]]]:
        async def work(pacer: Pacer, clock: Clock) -> list[Any]:
            async def answer() -> Any:
                made.append(clock.now)
                raise Flooded(seconds)

            with pytest.raises(Flooded):
                await call(pacer, answer, urgency=urgency)
            return [clock.now]

        return work

    assert paced(work_with(10.0)) == pytest.approx([30.0])
    assert len(made) == 4
    assert paced(work_with(61.0)) == [0.0]
    assert paced(work_with(25.0)) == pytest.approx([50.0])


def test_an_answer_waits_a_minute_for_its_turn_and_no_longer() -> None:
    async def work(pacer: Pacer, clock: Clock) -> list[Any]:
        async def answer() -> Any:
            return clock.now

        results = await asyncio.gather(*(call(pacer, answer, GROUP) for _ in range(40)), return_exceptions=True)
        return list(results)

    results = paced(work)
    made = [one for one in results if isinstance(one, float)]
    assert len(made) >= PER_MINUTE_IN_GROUP
    assert made == sorted(made)
    assert made[-1] <= MINUTE
    assert len(made) + sum(isinstance(one, Flooded) for one in results) == 40


def test_calls_that_show_nothing_in_a_chat_pass_at_once_and_are_repeated_too() -> None:
    for endpoint in ("answerCallbackQuery", "answerInlineQuery", "getMe", "setMyCommands", "sendChatAction"):
        assert chat_of(endpoint, {"chat_id": 1}) is None
    assert chat_of("editMessageText", {"chat_id": 7}) == 7
    assert chat_of("deleteMessage", {"chat_id": -7}) == -7
    inline = {chat_of("editMessageText", {"inline_message_id": name}) for name in ("a", "b")}
    assert len(inline) == 2
    assert all(one is not None and one > 1 << 52 for one in inline)

    async def work(pacer: Pacer, clock: Clock) -> list[Any]:
        refusals = [3.0]

        async def answer() -> Any:
            if refusals:
                raise Flooded(refusals.pop())
            return clock.now

        return [await pacer.process_request(answer, (), {}, "answerCallbackQuery", {}, None)]

    assert paced(work) == pytest.approx([3.0])


def test_a_call_that_is_cancelled_leaves_the_line() -> None:
    async def work(pacer: Pacer, clock: Clock) -> list[Any]:
        async def answer() -> Any:
            return clock.now

        await call(pacer, answer)
        second = asyncio.ensure_future(call(pacer, answer))
        third = asyncio.ensure_future(call(pacer, answer))
        await asyncio.sleep(0)
        second.cancel()
        return [await third, second.cancelled()]

    assert paced(work) == [pytest.approx(CHAT_SPACING), True]
