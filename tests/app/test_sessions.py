"""Which kernels run: no more than may, and none that no page has been heard of for a while."""

import asyncio
from datetime import timedelta

from briefing.app.sessions import Sessions
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from tornado.web import HTTPError


async def idle_for(sessions: Sessions, kernel_id: str, seconds: int) -> None:
    """Let the kernel seem idle for so long, and look whether it is to end."""
    kernel = sessions.get_kernel(kernel_id)
    kernel.execution_state = "idle"  # type: ignore[attr-defined]
    kernel.last_activity -= timedelta(seconds=seconds)  # type: ignore[attr-defined]
    await sessions.cull_kernel_if_idle(kernel_id)


async def with_one(sessions: Sessions) -> str:
    return await sessions.start_kernel(kernel_name=NATIVE_KERNEL_NAME)


def test_a_kernel_ends_once_no_page_was_heard_of_for_long() -> None:
    async def run() -> None:
        sessions = Sessions(cull_idle_timeout=20)
        one = await with_one(sessions)
        await idle_for(sessions, one, 15)
        sessions.kernel_model(one)  # its page asks after it, as one does whose scripts are on their way
        await idle_for(sessions, one, 15)
        sessions.notify_connect(one)
        await idle_for(sessions, one, 3600)
        assert one in sessions
        sessions.notify_disconnect(one)
        await idle_for(sessions, one, 15)
        assert one in sessions
        await idle_for(sessions, one, 15)
        assert one not in sessions

    asyncio.run(run())


def test_no_more_kernels_run_than_may() -> None:
    async def run() -> None:
        sessions = Sessions(most=1)
        one, *refused = await asyncio.gather(*(with_one(sessions) for _ in range(3)), return_exceptions=True)
        assert isinstance(one, str)
        for refusal in refused:
            assert isinstance(refusal, HTTPError) and refusal.status_code == 503
            assert "1 sessions run at once" in str(refusal.log_message)
        await sessions.shutdown_kernel(one)
        await sessions.shutdown_kernel(await with_one(sessions))

    asyncio.run(run())


def test_a_kernel_that_has_ended_may_be_left() -> None:
    sessions = Sessions()
    sessions.notify_disconnect("one that ended")
    assert len(sessions) == 0


def test_a_kernel_whose_page_failed_to_connect_ends_like_any_other() -> None:
    async def run() -> None:
        sessions = Sessions(cull_idle_timeout=20)
        one = await with_one(sessions)
        sessions.notify_connect(one)
        for _ in range(2):  # a connection that fails is told of where it fails, and where its socket closes
            sessions.notify_disconnect(one)
        await idle_for(sessions, one, 30)
        assert one not in sessions

    asyncio.run(run())


def test_a_kernel_that_is_still_starting_is_left_alone() -> None:
    async def run() -> None:
        sessions = Sessions(cull_idle_timeout=20)
        one = await with_one(sessions)
        sessions.get_kernel(one)._trait_values.pop("last_activity")
        await sessions.cull_kernel_if_idle(one)
        assert one in sessions
        await sessions.shutdown_kernel(one)

    asyncio.run(run())
