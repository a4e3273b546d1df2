"""The guard of a run: validate, start, watch, end, write. Its process outlives all others.

distilabel alone loses rows when a worker dies, hangs when a source raises, and exits 0 after
either. Here a run ends in one of few ways, each with its files written: the rows are reached, the
documents are exhausted, somebody stopped it, or it failed, which says how.
"""

import signal
import time
from pathlib import Path

from rich.console import Console

from fc_distilabel.errors import BudgetSpentError, FcDistilabelError, InputError, RunError
from fc_distilabel.pipelines.child import Worker
from fc_distilabel.pipelines.directory import DECIDING, FRESH, locked, require_same
from fc_distilabel.pipelines.display import Display
from fc_distilabel.pipelines.models import Model, open_model
from fc_distilabel.pipelines.signals import Stopped, ignoring_signals, stopping_on_signals
from fc_distilabel.pipelines.watch import watch
from fc_distilabel.runs.aside import defect, move_aside
from fc_distilabel.runs.budget import Budget, Spent
from fc_distilabel.runs.files import DATABASE, PAGE, RESULTS, set_aside, write_report, write_results
from fc_distilabel.runs.funnel import Funnel, make_funnel
from fc_distilabel.runs.guidance import feedback_id, guided
from fc_distilabel.runs.outcomes import split_quota
from fc_distilabel.runs.plan import Plan, make_plan
from fc_distilabel.runs.report import Ended, Ending, make_report
from fc_distilabel.runs.schedule import Schedule
from fc_distilabel.runs.settings import RunSettings, deciding
from fc_distilabel.runs.store import RunStore, open_store
from fc_distilabel.types import Json

SECONDS = "seconds"
"""Note in the store: wall time of all tries."""


class Run:
    """One try of a run in one directory."""

    def __init__(
        self, settings: RunSettings, out: Path, console: Console, *, report: bool = True
    ) -> None:
        """Validate what can be validated without touching the directory.

        A run that ends well leaves a page of figures on its rows, unless `report` is off.

        Raises `InputError` and its kin: documents, kinds, feedback or the model cannot be used.
        """
        self.settings = settings = guided(settings)
        self.out = out
        self.console = console
        self.report = report
        self.plan: Plan = make_plan(
            settings.paths,
            settings.language,
            settings.kinds,
            settings.per_passage,
            settings.seed,
            settings.tools,
        )
        self.model: Model = open_model(settings)
        self.budget: Budget = settings.budget

    def run(self, fresh: bool = False) -> tuple[Ended, Funnel]:
        """Do the run, or what is left of it.

        Raises:
            InputError: the directory, its settings or the endpoint cannot be used.
            RunError: the run broke; its files are written.
            Stopped: somebody stopped it; its files are written.
        """
        decides = deciding(
            self.settings,
            self.model.identity,
            self.plan.documents,
            feedback_id(self.settings.feedback),
        )
        with stopping_on_signals(), locked(self.out):
            broken = "" if fresh else defect(self._database)
            if not fresh and not broken:
                require_same(self.out, decides)
                if self._finished():
                    with open_store(self._database) as store:
                        ended = self._write(store, self._natural_ending(store))
                    self._measure(again=False)
                    return ended
                self._require_whole()
            if fresh or broken or not self.budget.reached(self.spent()):
                self.model.check()
            self._make_room(fresh, broken)
            ended = self._guarded(decides)
            self._measure()
            return ended

    def _measure(self, again: bool = True) -> None:
        """Write the report on the rows; what it lacks never costs a run that has its rows."""
        if not self.report or (not again and (self.out / PAGE).exists()):
            return
        # Heavy, and needed only now that the rows are there.
        from fc_distilabel.report import write_report as write_page

        try:
            write_page(self.out)
        except (FcDistilabelError, OSError) as error:
            self.console.print(f"no report: {error}", markup=False, highlight=False, soft_wrap=True)

    def _require_whole(self) -> None:
        """Refuse a run whose completions were pruned: it would pay for all of them again."""
        if not self._database.exists():
            return
        with open_store(self._database) as store:
            if store.is_pruned():
                raise InputError(
                    f"the journal in {str(self.out)!r} was pruned, so its run cannot go on: {FRESH}"
                )

    def _make_room(self, fresh: bool, broken: str) -> None:
        """Move aside what an earlier run left, where this one cannot go on from it."""
        told = ""
        if broken:
            told = move_aside(self._database, broken, RESULTS)
        elif fresh and (moved := set_aside(self.out)):
            told = f"old files moved to {moved}"
        if told:
            self.console.print(told, markup=False, highlight=False, soft_wrap=True)

    def spent(self) -> Spent:
        """What the run has spent, all its tries together."""
        if not self._database.exists():
            return Spent()
        with open_store(self._database) as store:
            return store.completions.spent()

    def kept_rows(self) -> int | None:
        """How many rows the run's directory holds; None where there is no run in it."""
        if not self._database.exists() or defect(self._database):
            return None
        with open_store(self._database) as store:
            return min(sum(store.progress().kept.values()), self.settings.rows)

    @property
    def _database(self) -> Path:
        return self.out / DATABASE

    def _finished(self) -> bool:
        """Whether an earlier try has already done all that this one would do."""
        if not self._database.exists():
            return False
        with open_store(self._database) as store:
            return finished(store, self.plan, self._schedule(), self.settings.per_passage)

    def _schedule(self) -> Schedule:
        settings = self.settings
        return Schedule(self.plan.sizes, settings.rows, settings.per_passage, settings.batch_size)

    def _guarded(self, decides: dict[str, Json]) -> tuple[Ended, Funnel]:
        started = time.monotonic()
        with open_store(self._database) as store:
            store.end("")
            ending, trouble = self._work(store, decides)
            with ignoring_signals():
                spent = store.noted(SECONDS) or 0.0
                store.note(SECONDS, spent + time.monotonic() - started)
                ended = self._write(store, ending, str(trouble or ""))
        if trouble is not None:
            raise trouble
        return ended

    def _work(
        self, store: RunStore, decides: dict[str, Json]
    ) -> tuple[Ending, RunError | BudgetSpentError | Stopped | None]:
        """Run the pipeline to its end, whichever; no process is left."""
        try:
            store.note(DECIDING, decides)
            store.limit(self.budget)
            store.forget_failures()
            store.begin()
            with self.model.running() as environment:
                self._watched(store, Worker(self.settings, self.out, environment))
            self._require_answers(store)
        except Stopped as stop:
            return "interrupted" if stop.number == signal.SIGINT else "terminated", stop
        except BudgetSpentError as error:
            return "budget spent", error
        except RunError as error:
            return "failed", error
        return self._natural_ending(store), None

    def _watched(self, store: RunStore, worker: Worker) -> None:
        quota = split_quota(self.settings.rows, self.plan.sizes)
        with Display(self.console, quota, self.budget) as display, worker:
            watch(store, worker, display, self.settings)

    def _require_answers(self, store: RunStore) -> None:
        """Refuse to call a run done that has too few rows because of its endpoint."""
        kept = sum(store.progress().kept.values())
        if 0 < kept < self.settings.rows and (failed := store.failures()):
            raise RunError(
                f"{kept} of {self.settings.rows} rows are kept; {failed.rows} ended because the "
                f"endpoint failed, the last: {failed.last}; the same command tries them again"
            )

    def _natural_ending(self, store: RunStore) -> Ending:
        kept = sum(store.progress().kept.values())
        return "rows reached" if kept >= self.settings.rows else "documents exhausted"

    def _write(self, store: RunStore, ending: Ending, error: str = "") -> tuple[Ended, Funnel]:
        outcomes = store.outcomes()
        rows, surplus = write_results(self.out, outcomes, self.settings.rows)
        ended = Ended(
            ending=ending,
            error=error,
            rows=rows,
            surplus=surplus,
            attempted=len(outcomes),
            seconds=store.noted(SECONDS) or 0.0,
        )
        store.end(ending)
        funnel = make_funnel(outcomes)
        identity = self.model.identity
        write_report(self.out, make_report(self.settings, self.plan, identity, funnel, ended))
        return ended, funnel


def finished(store: RunStore, plan: Plan, schedule: Schedule, per_passage: int) -> bool:
    """Whether everything that the schedule would start has already ended."""
    while True:
        if schedule.next_batch():
            continue
        if not schedule.under_way:
            # Where the documents ran out, a row that an endpoint's failure ended is worth a try.
            return schedule.missing == 0 or store.failures() is None
        ids = [
            plan.queues[language][i].passage.id
            for language, positions in schedule.under_way[0].items()
            for i in positions
        ]
        ended = store.ended(ids)
        if ended.outcomes < len(ids) * per_passage or ended.unusable:
            return False
        schedule.learn(ended.kept)
