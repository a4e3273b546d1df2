"""What works off Argilla's queue of jobs: webhooks, and changes that touch all of a dataset.

A thread of the server's process, with one event loop and with connections of its own: a connection
of the server's pool belongs to the server's loop. rq's own loop of work wants signal handlers and
another process for its schedule, so it is written here over rq's own steps.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

from argilla_server.database import AsyncSessionLocal, async_engine
from argilla_server.jobs.queues import DEFAULT_QUEUE, HIGH_QUEUE, REDIS_CONNECTION
from argilla_server.settings import settings
from fakeredis import FakeRedis, FakeServer
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.scheduler import RQScheduler
from rq.timeouts import TimerDeathPenalty
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

REDIS = cast(Redis, REDIS_CONNECTION)  # a cluster is never asked for
QUEUES = (HIGH_QUEUE, DEFAULT_QUEUE)
WAIT_SECONDS = 1
log = logging.getLogger(__name__)


_here = threading.local()


class _Session(AsyncSession):
    """Argilla's session, with the worker's connections where it is the worker that asks."""

    def __init__(self, bind: AsyncEngine | None = None, **options: Any) -> None:
        super().__init__(bind=getattr(_here, "engine", bind), **options)


class _Job(Job):
    """A job on the thread's event loop: rq makes one for each job and closes none."""

    def _execute(self) -> Any:
        result = self.func(*self.args, **self.kwargs)
        if asyncio.iscoroutine(result):
            return asyncio.get_event_loop().run_until_complete(result)
        return result


class _Worker(SimpleWorker):
    """A worker in a thread: a job's time limit without SIGALRM."""

    death_penalty_class = TimerDeathPenalty  # type: ignore[assignment]  # as rq's users do


def keep_queue_here() -> None:
    """Keep the queue in this process: no second server, and no port.

    Jobs are pickles, so whoever can write to a queue can run code: a port of the loopback would be
    open to all users of the machine. What still waits when the server ends is dropped: events and
    recounts, never an answer.
    """
    REDIS.connection_pool = FakeRedis(server=FakeServer()).connection_pool


@contextmanager
def working(ended: Callable[[], None]) -> Iterator[None]:
    """Jobs are done while this is open; at its end, the one at hand is finished.

    Should the work break, `ended` is called, and what broke it is raised at the end.
    """
    stopping = threading.Event()
    AsyncSessionLocal.class_ = _Session
    with ThreadPoolExecutor(1, "jobs") as pool:
        work = pool.submit(_work, stopping)
        work.add_done_callback(lambda _: ended())
        try:
            yield
        finally:
            stopping.set()
            work.result()


def _work(stopping: threading.Event) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    _here.engine = create_async_engine(async_engine.url, **settings.database_engine_args)
    worker = _Worker(QUEUES, connection=REDIS, job_class=_Job)
    scheduler = RQScheduler(QUEUES, connection=REDIS, logging_level=logging.WARNING)
    while not stopping.is_set():
        try:
            _step(worker, scheduler)
        except RedisError as error:  # a given Redis that went away, and may come back
            log.error("the queue of jobs cannot be read: %s", error)
            stopping.wait(WAIT_SECONDS)
    loop.run_until_complete(_here.engine.dispose())
    loop.close()


def _step(worker: Any, scheduler: Any) -> None:
    """Do one job, if one comes within a second; jobs to be tried again come when they are due."""
    if scheduler.should_reacquire_locks:
        scheduler.acquire_locks()
    scheduler.enqueue_scheduled_jobs()
    scheduler.heartbeat()
    if worker.should_run_maintenance_tasks:
        worker.run_maintenance_tasks()
    try:
        found = worker.queue_class.dequeue_any(
            worker.queues,
            timeout=WAIT_SECONDS,
            connection=worker.connection,
            job_class=worker.job_class,
            death_penalty_class=worker.death_penalty_class,
        )
    except DequeueTimeout:
        return
    if found:
        worker.execute_job(*found)
