"""The sessions of the app: one kernel for each page in a browser, ended when nobody is there any more.

A page is there while its socket is open, or while it asks after its kernel: that is what one does whose scripts are
still on their way, or whose connection was interrupted. A page that nobody opened in a browser does neither.
"""

from datetime import UTC, datetime
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Integer


class Sessions(AsyncMappingKernelManager):
    """Kernels for pages: `cull_idle_timeout` counts from the last sign of a page, and no more than `most` run at once."""

    most = Integer(100, help="How many kernels may run at once.").tag(config=True)
    _starting = 0

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel, unless there are as many as the machine is to bear."""
        if len(self) + self._starting >= self.most:
            raise HTTPError(503, f"{self.most} sessions run at once, and no more may (Sessions.most in voila.json).")
        self._starting += 1
        try:
            started: str = await super().start_kernel(**kwargs)
            return started
        finally:
            self._starting -= 1

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Leave a kernel alone that is still starting: it has no last activity yet."""
        if kernel_id in self and self.get_kernel(kernel_id).trait_has_value("last_activity"):
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    def notify_disconnect(self, kernel_id: str) -> None:
        """Count from now that no socket is open. One that never opened may be told twice, and leaves none fewer."""
        if self._kernel_connections.get(kernel_id):  # patch: failed-connections
            super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        self._heard_of(kernel_id)

    def kernel_model(self, kernel_id: str) -> dict[str, Any]:
        """What a page is told that asks after its kernel."""
        model: dict[str, Any] = super().kernel_model(kernel_id)  # type: ignore[no-untyped-call]
        self._heard_of(kernel_id)
        return model

    def _heard_of(self, kernel_id: str) -> None:
        if kernel_id in self:
            self.get_kernel(kernel_id).last_activity = datetime.now(UTC)  # type: ignore[attr-defined]
