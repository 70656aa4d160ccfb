"""The folder of the program: what is there is left alone, and the program comes into it whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.api.restoration import bounded
from pulumi_openai_admin.cli.adopt import program

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class _Move:
    """A file, or a folder, that comes into the program's folder."""

    draft: Path
    place: Path
    replaced: Path
    """Where what is in the place waits, until all has come."""


class Folder:
    """The folder of a program.

    Args:
        path: The folder; it need not be there.
        force: Whether files that are there may be replaced.
    """

    def __init__(self, path: Path, *, force: bool) -> None:
        self.path = path
        self._force = force
        self._own = path / ".adopt"
        self.journal = self._own / "read.jsonl"
        """What is kept of an interrupted run."""
        self._draft = self._own / "program"
        self._replaced = self._own / "replaced"
        self._placing = self._own / "placing.txt"
        """While the program comes into the folder: which files are its own. A run that was killed leaves it behind."""

    def refuse_to_overwrite(self) -> None:
        """Before an organization is read, which may take its time.

        Raises:
            errors.ConfigurationError: Something is there that the program would replace.
        """
        if self.path.exists() and not self.path.is_dir():
            raise errors.ConfigurationError(f"{self.path} is not a folder", "Name another one.")
        self._refuse([self._own, *(self.path / name for name in program.FILES)])

    @contextmanager
    def drafting(self) -> Iterator[Path]:
        """A folder to write the program into; at the end all of it comes into its place, or after an error nothing.

        It is inside the program's folder, so that it is on the same disk, and a rename is enough.
        """
        self._clear()
        self._draft.mkdir(parents=True)
        try:
            yield self._draft
            self._place()
        finally:
            self._clear()

    def finish(self) -> None:
        """Forget what is kept for an interrupted run: the program is written."""
        self._clear()
        self._placing.unlink(missing_ok=True)
        self.journal.unlink(missing_ok=True)
        if self._own.is_dir() and not any(self._own.iterdir()):
            self._own.rmdir()

    def _clear(self) -> None:
        for folder in (self._draft, self._replaced):
            if folder.exists():
                shutil.rmtree(folder)

    def _place(self) -> None:
        moves = list(self._moves())
        files = [one.relative_to(self._draft) for one in self._draft.rglob("*") if not one.is_dir()]
        self._refuse([self.path / one for one in files])
        self._placing.write_text("\n".join(map(str, files)), encoding="utf-8")
        try:
            for move in moves:
                if os.path.lexists(move.place):
                    move.replaced.parent.mkdir(parents=True, exist_ok=True)
                    move.place.replace(move.replaced)
                move.draft.replace(move.place)
        except BaseException:
            for move in reversed(moves):
                _take_back(move)
            self._placing.unlink()
            raise

    def _moves(self) -> Iterator[_Move]:
        """A folder that is not there yet comes as a whole, with one rename."""
        for one in sorted(self._draft.iterdir()):
            is_there = one.is_dir() and (self.path / one.name).is_dir()
            for draft in sorted(one.iterdir()) if is_there else [one]:
                name = draft.relative_to(self._draft)
                yield _Move(draft, self.path / name, self._replaced / name)

    def _refuse(self, places: Collection[Path]) -> None:
        """Refuse files that are there and not ours, and links that lead out of the folder.

        Raises:
            errors.ConfigurationError: There are such.
        """
        root = self.path.resolve()
        there = [one for one in places if os.path.lexists(one)]
        leaving = [one for one in (*there, *{one.parent for one in places}) if not one.resolve().is_relative_to(root)]
        if leaving:
            what = f"{leaving[0]} leads out of {self.path}, so nothing is written through it"
            raise errors.ConfigurationError(what, "Remove the link, or name another folder.")
        free = {self._own, *self._ours()}
        foreign = [one for one in there if not (self._force or one in free or _is_empty_folder(one))]
        if foreign:
            names = bounded(", ", (str(one.relative_to(self.path)) for one in foreign))
            what = f"{self.path} has files already that the program would replace: {names}"
            raise errors.ConfigurationError(what, "Name another folder, or replace them with --force.")

    def _ours(self) -> set[Path]:
        """What a run that was killed has left in its place: the files, and the folder that holds them."""
        if not self._placing.exists():
            return set()
        names = self._placing.read_text(encoding="utf-8").split("\n")
        files = {self.path / name for name in names}
        return files | {one.parent for one in files} - {self.path}


def _take_back(move: _Move) -> None:
    if os.path.lexists(move.place) and not os.path.lexists(move.draft):
        move.place.replace(move.draft)
    if os.path.lexists(move.replaced):
        move.replaced.replace(move.place)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
