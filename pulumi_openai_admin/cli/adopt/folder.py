"""The folder of the program: existing files are kept, and the program is written completely or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.printable import bounded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class _Move:
    """A file or folder that is moved into the program's folder."""

    draft: Path
    place: Path
    replaced: Path
    """Where the previous file is kept until all moves are done."""


class Folder:
    """The folder of a program.

    Args:
        path: The folder; it does not have to exist.
        files: The files that the program may have.
        force: Whether existing files may be overwritten.
    """

    def __init__(self, path: Path, files: Sequence[str], *, force: bool) -> None:
        self.path = path
        self._files = files
        self._force = force
        self._is_new = not path.exists()
        self._own = path / ".adopt"
        self.journal = self._own / "read.jsonl"
        """The lists that an interrupted run has read."""
        self._draft = self._own / "program"
        self._replaced = self._own / "replaced"
        self._placing = self._own / "placing.txt"
        """The names of the program's files while they are moved. A run that was killed leaves this file behind."""

    def refuse_to_overwrite(self) -> None:
        """Check the folder before the organization is read, which may take long.

        Raises:
            errors.ConfigurationError: The program would overwrite existing files.
        """
        if self.path.exists() and not self.path.is_dir():
            raise errors.ConfigurationError(f"{self.path} is not a folder", "Use another folder.")
        self._refuse([self._own, *(self.path / name for name in self._files)])

    @contextmanager
    def drafting(self) -> Iterator[Path]:
        """A folder to write the program to. At the end all files are moved into place, or none after an error.

        It is inside the program's folder, so that it is on the same disk and a rename is enough.
        """
        self._clear()
        self._draft.mkdir(parents=True)
        try:
            yield self._draft
            self._place()
        finally:
            self._clear()

    def finish(self) -> None:
        """Delete the data of interrupted runs, after the program is written or it is known that there is none."""
        self._clear()
        self._placing.unlink(missing_ok=True)
        self.journal.unlink(missing_ok=True)
        if self._own.is_dir() and not any(self._own.iterdir()):
            self._own.rmdir()
        if self._is_new and self.path.is_dir() and not any(self.path.iterdir()):
            self.path.rmdir()

    def _clear(self) -> None:
        for folder in (self._draft, self._replaced):
            if folder.exists():
                shutil.rmtree(folder)

    def _place(self) -> None:
        moves = list(self._moves())
        files = [path.relative_to(self._draft) for path in self._draft.rglob("*") if not path.is_dir()]
        self._refuse([self.path / name for name in files])
        self._placing.write_text("\n".join(map(str, files)), encoding="utf-8")
        try:
            for move in moves:
                if os.path.lexists(move.place):
                    move.replaced.parent.mkdir(parents=True, exist_ok=True)
                    move.place.replace(move.replaced)
                move.draft.replace(move.place)
        except BaseException:
            for move in reversed(moves):
                _undo(move)
            self._placing.unlink()
            raise

    def _moves(self) -> Iterator[_Move]:
        """A folder that does not exist yet is moved with one rename."""
        for path in sorted(self._draft.iterdir()):
            exists = path.is_dir() and (self.path / path.name).is_dir()
            for draft in sorted(path.iterdir()) if exists else [path]:
                name = draft.relative_to(self._draft)
                yield _Move(draft, self.path / name, self._replaced / name)

    def _refuse(self, places: Collection[Path]) -> None:
        """Refuse to overwrite files of others, and links that point outside the folder.

        Raises:
            errors.ConfigurationError: There are such files or links.
        """
        root = self.path.resolve()
        existing = [place for place in places if os.path.lexists(place)]
        checked = (*existing, *{place.parent for place in places})
        leaving = [path for path in checked if not path.resolve().is_relative_to(root)]
        if leaving:
            what = f"{leaving[0]} is a link that points outside {self.path}"
            raise errors.ConfigurationError(what, "Remove the link, or use another folder.")
        free = {self._own, *self._ours()}
        foreign = [path for path in existing if not (self._force or path in free or _is_empty_folder(path))]
        if foreign:
            names = bounded(", ", (str(path.relative_to(self.path)) for path in foreign))
            what = f"{self.path} already has files that the program would overwrite: {names}"
            raise errors.ConfigurationError(what, "Use another folder, or overwrite them with --force.")

    def _ours(self) -> set[Path]:
        """The files that a run that was killed has moved, and their folders."""
        if not self._placing.exists():
            return set()
        names = self._placing.read_text(encoding="utf-8").split("\n")
        files = {self.path / name for name in names}
        return files | {file.parent for file in files} - {self.path}


def _undo(move: _Move) -> None:
    if os.path.lexists(move.place) and not os.path.lexists(move.draft):
        move.place.replace(move.draft)
    if os.path.lexists(move.replaced):
        move.replaced.replace(move.place)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
