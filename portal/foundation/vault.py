"""Where backups are kept: a folder, or a bucket of S3."""

import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

PREFIX = "portal-"
MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Kept:
    """A backup that is kept."""

    name: str
    size: int

    @property
    def made_at(self) -> datetime:
        moment = self.name.removeprefix(PREFIX).partition(".")[0]
        return datetime.strptime(moment, MOMENT).replace(tzinfo=timezone.get_fixed_timezone(0))


class Vault(ABC):
    """Keeps files by name."""

    @abstractmethod
    def put(self, path: Path, name: str) -> None: ...

    @abstractmethod
    def get(self, name: str, path: Path) -> None: ...

    @abstractmethod
    def remove(self, name: str) -> None: ...

    @abstractmethod
    def sizes(self) -> dict[str, int]: ...

    def listed(self) -> list[Kept]:
        """The newest first."""
        found = [Kept(name, size) for name, size in self.sizes().items() if is_backup(name)]
        return sorted(found, key=lambda kept: kept.name, reverse=True)


def is_backup(name: str) -> bool:
    return name.startswith(PREFIX) and name.endswith((".tar", ".tar.sealed"))


class Folder(Vault):
    def __init__(self, folder: Path):
        self.folder = folder

    def put(self, path, name):
        self.folder.mkdir(parents=True, exist_ok=True)
        # Under its name only when it is whole.
        half = self.folder / f".{name}.half"
        try:
            shutil.copyfile(path, half)
            half.chmod(0o600)
            half.replace(self.folder / name)
        finally:
            half.unlink(missing_ok=True)

    def get(self, name, path):
        shutil.copyfile(self.folder / name, path)

    def remove(self, name):
        (self.folder / name).unlink(missing_ok=True)

    def sizes(self):
        if not self.folder.is_dir():
            return {}
        return {each.name: each.stat().st_size for each in self.folder.iterdir() if each.is_file()}


class Bucket(Vault):
    def __init__(self, bucket: str, prefix: str):
        # Slow to load, and only wanted where backups lie in a bucket.
        import boto3

        self.bucket, self.prefix = bucket, f"{prefix}/" if prefix else ""
        self.client = boto3.client(
            "s3", endpoint_url=settings.S3_ENDPOINT_URL, region_name=settings.S3_REGION
        )

    def put(self, path, name):
        self.client.upload_file(str(path), self.bucket, self.prefix + name)

    def get(self, name, path):
        self.client.download_file(self.bucket, self.prefix + name, str(path))

    def remove(self, name):
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    def sizes(self):
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix
        )
        return {
            each["Key"].removeprefix(self.prefix): each["Size"]
            for page in pages
            for each in page.get("Contents", [])
        }


def vault(address: str | None = None) -> Vault:
    """The vault at `address`, or at `BACKUP_TO`: a folder, or `s3://bucket/prefix`."""
    address = address or settings.BACKUP_TO
    parts = urlsplit(address)
    if parts.scheme == "s3":
        return Bucket(parts.netloc, parts.path.strip("/"))
    return Folder(Path(address))
