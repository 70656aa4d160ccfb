"""Starts the program of a plugin archive in the way that Pulumi does, and asks it for its version and its schema.

python tools/plugin/try_out.py dist/pulumi-resource-openai-admin-v1.2.3-linux-amd64.tar.gz

On Linux it first reads which glibc the programs need, and fails if that is newer than the one that the documentation
promises. An archive that is made with the Python of a distribution needs the glibc of that distribution.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

PROGRAM = "pulumi-resource-openai-admin" + (".exe" if os.name == "nt" else "")
ENGINE = "127.0.0.1:1"
"""The address of no engine: the program looks for it only after some seconds."""
PROMISED = (2, 28)
"""The glibc that docs/native-provider.md promises: that of RHEL 8, in which releases are made."""
GLIBC = re.compile(rb"\0GLIBC_(\d+(?:\.\d+)+)\0")


def main() -> int:
    """Try the archive that the command line names; the exit code."""
    archive = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # Windows keeps a program that has just run
        with tarfile.open(archive) as members:
            if links := [member.name for member in members if member.issym() or member.islnk()]:
                sys.exit(f"{archive} contains links, which Pulumi refuses: {links}")
            members.extractall(folder, filter="data")
        needed = newest_glibc(Path(folder))
        if needed > PROMISED:
            sys.exit(f"{archive} needs glibc {needed}; the documentation promises {PROMISED}")
        for start in ("first", "second"):
            began = time.monotonic()
            command = [str(Path(folder, PROGRAM)), ENGINE]
            with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
                assert process.stdout is not None  # noqa: S101 -- it is a pipe
                port = process.stdout.readline().strip()
                seconds = time.monotonic() - began
                print(f"{start} start: {seconds:.2f} s, {asked(port)}")
                process.terminate()
    return 0


def newest_glibc(folder: Path) -> tuple[int, ...]:
    """The newest glibc whose symbols a file of the folder names; none on other systems."""
    texts = (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    found = {tuple(map(int, name.split(b"."))) for text in texts for name in GLIBC.findall(text)}
    return max(found, default=())


def asked(port: str) -> str:
    """The version of the provider that listens on a port, and the number of its resources."""
    with grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.enable_http_proxy", 0)]) as channel:
        provider = provider_pb2_grpc.ResourceProviderStub(channel)
        version = provider.GetPluginInfo(empty_pb2.Empty(), timeout=60).version
        schema = json.loads(provider.GetSchema(provider_pb2.GetSchemaRequest(), timeout=60).schema)
    return f"version {version}, {len(schema['resources'])} resources"


if __name__ == "__main__":
    sys.exit(main())
