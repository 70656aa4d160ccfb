"""The folder of a program, whose files are replaced together. What is of the user is moved aside, and moved back.

A run that is killed leaves a folder `.adopt-…` with a record of what it did. The next run undoes it from there.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from hashlib import sha256
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.printable import bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DRAFT, _RECORD = ".adopt-", "adopt.json"


class _Record(NamedTuple):
    """What a run writes, so that it can be undone."""

    digests: dict[str, str]
    """The digest of each new file, by its path in the folder: a file with another one is the user's."""
    made: list[str]
    """The folders that were not there, each above those inside of it."""

    @classmethod
    def read(cls, draft: Path) -> _Record | None:
        """Return what another run has recorded; None for a folder that is not a record of this command."""
        try:
            record = cls(**json.loads((draft / _RECORD).read_text(encoding="utf-8")))
            paths = [PurePath(name) for name in (*record.digests, *record.made)]
        except (OSError, ValueError, TypeError, AttributeError):
            return None
        return None if any(path.is_absolute() or ".." in path.parts for path in paths) else record


class Folder:
    """The folder of a program. Other files there are kept, and the program is written completely or not at all.

    The folder does not have to exist. With `force`, existing files are overwritten.
    """

    def __init__(self, path: Path, *, force: bool) -> None:
        self.path = path
        self._force = force

    def refuse_to_overwrite(self, names: Iterable[str]) -> None:
        """Refuse to overwrite files of others, or to follow a link that points outside the folder.

        The names are of all files and folders that the program may have, before anything is read. What a run that was
        killed had moved aside is moved back before.
        """
        if self.path.exists() and not self.path.is_dir():
            raise errors.ConfigurationError(f"{self.path} is not a folder", "Use another folder.")
        for draft, record in self._killed():
            with terminal.one_stop():
                self._undo(draft, record)
        places = [self.path / name for name in names]
        existing = [place for place in places if os.path.lexists(place)]
        checked = (*existing, *{place.parent for place in places})
        leaving = [path for path in checked if not self._is_inside(path)]
        if leaving:
            what = f"{leaving[0]} is a link that points outside {self.path}"
            raise errors.ConfigurationError(what, "Remove the link, or use another folder.")
        foreign = [path for path in existing if not _is_empty_folder(path)]
        if foreign and not self._force:
            names = bounded(", ", (str(path.relative_to(self.path)) for path in foreign))
            what = f"{self.path} already has files that the program would overwrite: {names}"
            raise errors.ConfigurationError(what, "Use another folder, or overwrite them with --force.")

    def write(self, contents: Mapping[str, str]) -> None:
        """Write files: contents by path. After an error or a signal, the folder is as it was before.

        They are written to a folder inside of it, so that they are on the same disk and a rename is enough.
        """
        self.refuse_to_overwrite(contents)
        for name in contents:
            if (place := self.path / name).is_dir() and not _is_empty_folder(place):
                what = f"{place} is a folder, and the program has a file with this name"
                raise errors.ConfigurationError(what, "Move it, or use another folder.")
        draft = self.path / f"{_DRAFT}{secrets.token_hex(4)}"
        folders = sorted({Path(), *(Path(name).parent for name in contents)})
        made = [folder.as_posix() for folder in folders if not (self.path / folder).exists()]
        record = _Record({name: sha256(text.encode()).hexdigest() for name, text in contents.items()}, made)
        with terminal.one_stop():
            try:
                self._replace(draft, record, contents)
            except BaseException:
                self._undo(draft, record)
                raise
        shutil.rmtree(draft)

    def _replace(self, draft: Path, record: _Record, contents: Mapping[str, str]) -> None:
        draft.mkdir(parents=True)
        (draft / _RECORD).write_text(json.dumps(record._asdict()), encoding="utf-8")
        for name, text in contents.items():
            file = draft / "written" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        (draft / "written").rename(draft / "new")  # from here on, files are moved
        for name in contents:
            place, old = self.path / name, draft / "old" / name
            place.parent.mkdir(exist_ok=True)
            old.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(place):
                place.replace(old)
            (draft / "new" / name).replace(place)
        (draft / _RECORD).unlink()  # from here on, it is complete

    def _killed(self) -> Iterator[tuple[Path, _Record]]:
        """Give what runs that were killed have left, with their records. A folder without a record is the user's."""
        for draft in sorted(self.path.glob(f"{_DRAFT}*")):
            if draft.is_dir() and not draft.is_symlink() and (record := _Record.read(draft)):
                yield draft, record

    def _undo(self, draft: Path, record: _Record) -> None:
        """Move the user's files back, and remove what the run has written. No file of the user is removed."""
        for name, digest in record.digests.items() if (draft / "new").exists() else ():
            place, old, new = self.path / name, draft / "old" / name, draft / "new" / name
            if not self._is_inside(place.parent):
                continue
            is_ours = not new.exists() and place.is_file() and sha256(place.read_bytes()).hexdigest() == digest
            if os.path.lexists(old) and (is_ours or not os.path.lexists(place)):
                old.replace(place)
            elif is_ours:
                place.unlink()
        kept = [file for file in (draft / "old").rglob("*") if file.is_symlink() or not file.is_dir()]
        if kept:
            listed = bounded(", ", map(str, sorted(kept)))
            terminal.say(f"warning: Files of yours, with newer files in their places: {listed}. Move them.", "yellow")
        else:
            shutil.rmtree(draft, ignore_errors=True)
        for folder in reversed(record.made):
            if _is_empty_folder(self.path / folder):
                (self.path / folder).rmdir()

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.path.resolve())


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
