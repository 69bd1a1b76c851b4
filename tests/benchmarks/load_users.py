"""How a teacher searches, for locust (started by `bench_load`)."""

import json
import os
from pathlib import Path

from locust import FastHttpUser, between, task

ASKED = json.loads(Path(os.environ["BENCHMARK_ASKED"]).read_text(encoding="utf-8"))


class Teacher(FastHttpUser):
    """Reads for a few seconds, then asks again or types."""

    wait_time = between(1, 3)

    def on_start(self):
        self.number = id(self) % len(ASKED["pages"])

    @task(3)
    def look(self):
        self.number += 1
        address = ASKED["pages"][self.number % len(ASKED["pages"])]
        with self.client.get(address, name="search page", catch_response=True) as response:
            if response.status_code != 200 or 'id="results"' not in (response.text or ""):
                response.failure(f"{response.status_code} for {address}")
            elif response.headers.get("X-Search-Engine") != "elasticsearch":
                # No error to the teacher, but told apart.
                response.request_meta["name"] = "search page, answered by the database"

    @task(1)
    def type(self):
        self.number += 1
        address = ASKED["typed"][self.number % len(ASKED["typed"])]
        self.client.get(address, name="suggestions")
