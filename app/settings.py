"""Every setting: default, unit and environment name (PLANIMETER_ and the name in capitals)."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.platform.openid import is_safe_address
from models.runtime import RuntimeName

DEFAULT_SECRET = "demo-only-not-secret"  # noqa: S105  (refused outside the demo, below)
SHORTEST_SECRET = 32


class Settings(BaseSettings):
    """What an installation may choose; PLANIMETER_DATA_DIR sets `data_dir`, and so on."""

    model_config = SettingsConfigDict(env_prefix="PLANIMETER_", extra="forbid", frozen=True)

    demo: bool = Field(False, description="Demo: accounts without passwords, a switch between roles.")
    data_dir: Path = Field(
        Path("planimeter-data"), description="Folder of the SQLite file and the photographs."
    )
    database_url: str = Field("", description="SQLite or PostgreSQL; empty: planimeter.db in data_dir.")
    secret_key: SecretStr = Field(
        SecretStr(DEFAULT_SECRET),
        description="32 characters or more, random: of queues' orders, second factors, checkpoints, vaults.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(
        1, ge=1, le=64, description="Processes that answer; two and more leave measuring to a worker."
    )
    cookie_secure: bool = Field(
        True, description="Send the session cookie over HTTPS only (off in the demo)."
    )
    session_hours: float = Field(12.0, gt=0, le=72, description="A session ends after this many hours.")
    lockout_failures: int = Field(
        5, ge=1, le=100, description="Refused log-ins after which an account is locked."
    )
    lockout_minutes: float = Field(15.0, gt=0, description="For this many minutes.")
    public_url: str = Field(
        "", description="Address of the pages as browsers see it, as https://read.example.org."
    )
    provider_issuer: str = Field(
        "", description="Address of an OpenID Connect provider to sign in by; empty: none."
    )
    provider_client_id: str = Field("", description="Name of this service at the provider.")
    provider_client_secret: SecretStr = Field(
        SecretStr(""), description="Its secret there; empty: a public client."
    )
    provider_claim: str = Field(
        "preferred_username", description="Claim of the ID token that holds the account's user name."
    )
    provider_label: str = Field("OpenID", description="Name of the provider on the sign-in page.")
    max_photo_mb: float = Field(
        40.0, gt=0, le=200, description="Largest photograph in megabytes (10^6 bytes)."
    )
    max_body_kb: float = Field(64.0, gt=0, description="Largest other request in kilobytes (10^3 bytes).")
    measure_in_server: bool = Field(
        True, description="Measure in the server's process; off: `planimeter worker`."
    )
    measuring_concurrency: int = Field(
        1, ge=1, le=64, description="Photographs measured at once per process."
    )
    network_threads: int = Field(2, ge=1, le=64, description="Threads of the network per photograph.")
    network_runtime: RuntimeName = Field(
        "onnx", description="What runs the network: onnx, or torch for graphics cards (planimeter[torch])."
    )
    job_polling_s: float = Field(
        0.15, ge=0.05, le=10, description="Seconds between looks into the job queue."
    )
    executor_id: str = Field(
        "", description="Name of this process among workers; empty: chosen by the machine."
    )
    heartbeat_s: float = Field(5.0, gt=0, description="Seconds between a worker's signs of life.")
    worker_dead_after_s: float = Field(
        30.0, gt=0, description="Seconds of silence after which others take over."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token that /metrics asks for; empty: for this machine alone."
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="Least level logged.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if not self.demo and (secret == DEFAULT_SECRET or len(secret) < SHORTEST_SECRET):
            raise ValueError(
                f"PLANIMETER_SECRET_KEY must be set to {SHORTEST_SECRET} random characters or more "
                "(for example the output of: openssl rand -hex 32)"
            )
        if self.worker_dead_after_s < 2 * self.heartbeat_s:
            raise ValueError("worker_dead_after_s must be at least twice heartbeat_s")
        if self.workers > 1 and self.measure_in_server:
            # Each would measure: on SQLite all but one would be refused, on PostgreSQL all would want cores.
            raise ValueError(
                "workers needs PLANIMETER_MEASURE_IN_SERVER=false and `planimeter worker` beside it"
            )
        if self.provider_issuer:
            if not (self.provider_client_id and self.public_url and self.provider_claim):
                raise ValueError("provider_issuer needs provider_client_id, provider_claim and public_url")
            if not (is_safe_address(self.provider_issuer) and is_safe_address(self.public_url)):
                raise ValueError("provider_issuer and public_url must be https addresses")
        return self

    @property
    def cookies_secure(self) -> bool:
        """Whether cookies travel over HTTPS only."""
        return self.cookie_secure and not self.demo

    @property
    def resolved_database_url(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'planimeter.db').resolve()}"

    @property
    def blob_dir(self) -> Path:
        """Folder of the photographs and pictures."""
        return self.data_dir / "blobs"

    @property
    def secret_bytes(self) -> bytes:
        """The secret as bytes."""
        return self.secret_key.get_secret_value().encode()

    @property
    def resolved_executor_id(self) -> str:
        """The same after a restart, so that a process finds its own unfinished work."""
        if self.executor_id:
            return self.executor_id
        return "local" if self.resolved_database_url.startswith("sqlite") else socket.gethostname()
