"""A whole Argilla in this process: web pages, API, database, search, queue of jobs and worker.

Everything that can be refused is looked at first: the port, the home, the databases. Signals only
ask; each stage ends before the server does, so that nothing is left half-done or running.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import URL

from fc_distilabel.argilla_server.background import forget_here, note_here
from fc_distilabel.argilla_server.database import (
    postgres_url,
    refusals,
    require_answer,
    sqlite_url,
)
from fc_distilabel.argilla_server.environment import prepare
from fc_distilabel.argilla_server.home import Credentials, Home, held, kept_credentials
from fc_distilabel.argilla_server.stopping import Stop
from fc_distilabel.errors import InputError, RunError

HOST = "127.0.0.1"
BACKLOG = 2048
GRACE_SECONDS = 10
"""How long a stop waits for requests under way."""
REDIS_SECONDS = 5


@dataclass(frozen=True)
class Settings:
    """What the user says about a server."""

    home: Path
    port: int = 6900
    """0 for any that is free."""
    postgres: str = ""
    redis: str = ""
    new_credentials: bool = False


def serve(settings: Settings, stop: Stop, say: Callable[[str], None]) -> None:
    """Run a server until somebody asks it to stop.

    Raises `InputError` where it cannot start with what was given, `RunError` where it broke.
    """
    with held(settings.home) as home, _listening(settings.port) as listener:
        if not settings.new_credentials:
            kept_credentials(home)  # before anything that takes seconds
        database = postgres_url(settings.postgres) if settings.postgres else sqlite_url(home)
        if settings.redis:
            _require_redis(settings.redis)
        require_answer(database)
        prepare(home, database, settings.redis)
        asyncio.run(_Server(settings, home, database, listener, stop, say).run())


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """The port, taken before anything else is done."""
    # asyncio sends small answers at once only where the protocol's number says that it is TCP.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise InputError(f"port {port} of {HOST} cannot be used: {error.strerror}") from error
    with listener:
        yield listener


def _require_redis(url: str) -> None:
    try:
        with Redis.from_url(url, socket_connect_timeout=REDIS_SECONDS) as redis:
            redis.ping()
    except (RedisError, ValueError, OSError) as error:
        raise InputError(f"--redis cannot be used: {error}") from error


@dataclass(frozen=True)
class _Server:
    """A server on its way; everything of Argilla is imported here, after its settings are made."""

    settings: Settings
    home: Home
    database: URL
    listener: socket.socket
    stop: Stop
    say: Callable[[str], None]

    async def run(self) -> None:
        """Bring the database up to date, settle the owner, and serve until the end."""
        from argilla_server.database import async_engine

        from fc_distilabel.argilla_server.migrations import migrate

        self.stop.loaded()
        try:
            with refusals(self.database):
                await migrate(self.database)
                owner = await self._settled()
            await self._serve(owner)
        finally:
            await async_engine.dispose()

    async def _settled(self) -> Credentials:
        from fc_distilabel.argilla_server.owner import settle_owner

        owner, told = await settle_owner(self.home, self.settings.new_credentials)
        if told:
            self.say(told)
        return owner

    async def _serve(self, owner: Credentials) -> None:
        import fc_distilabel.argilla_server.search  # noqa: F401 - makes our engine known to Argilla
        from fc_distilabel.argilla_server.worker import keep_queue_here, working

        if not self.settings.redis:
            keep_queue_here()
        config = uvicorn.Config(
            "argilla_server:app",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = uvicorn.Server(config)

        def end() -> None:
            server.should_exit = True

        with working(end), self.stop.telling(end):
            ready = asyncio.create_task(self._say_ready(owner))
            try:
                # It puts its own handlers in place of ours, and passes us what it got at its end.
                await server.serve(sockets=[self.listener])
            finally:
                ready.cancel()
                forget_here(self.home.path)
        if self.stop.number is None:
            raise RunError(f"the server ended by itself: {str(self.home.log)!r} says why")

    async def _say_ready(self, owner: Credentials) -> None:
        """Say when the server answers: its port listens already, so one request waits for it."""
        url = f"http://{HOST}:{self.listener.getsockname()[1]}"
        async with httpx.AsyncClient(trust_env=False, timeout=None) as client:  # noqa: S113
            answer = await client.get(f"{url}/api/v1/version")
        version = answer.raise_for_status().json()["version"]
        note_here(self.home.path, url)
        self.say(
            f"Argilla {version} is ready at {url} for user {owner.username}; "
            f"password and API key are in {str(self.home.credentials)!r}"
        )
