"""The processes of a local cluster, each known by its process id and the time it began, and PostgreSQL's data."""
import glob
import os
import signal
import subprocess
import time

import network


def state_of(pid):
    """Letter of the process's state and when it began, in ticks since boot; None when there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return fields[0], fields[19]
    except (FileNotFoundError, ProcessLookupError):
        return None


class Program:
    """A process that outlives this command. Its file says which it is, so no other process is ever signalled."""

    def __init__(self, folder, name):
        self.name = name
        self.pid_file = os.path.join(folder, f"{name}.pid")
        self.log = os.path.join(folder, f"{name}.log")

    def start(self, command, environment=None):
        with open(self.log, "ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True, env=environment)
        state = state_of(process.pid)
        with open(self.pid_file, "w", encoding="ascii") as file:
            file.write(f"{process.pid} {state[1] if state else 0}\n")
        return process

    def pid(self):
        """Its process id while it runs, else None."""
        try:
            with open(self.pid_file, encoding="ascii") as file:
                pid, began = file.read().split()
        except (FileNotFoundError, ValueError):
            return None
        state = state_of(pid)
        return int(pid) if state and state[1] == began and state[0] not in "ZX" else None

    def send(self, number, patience=10):
        """Sends a signal and waits for the end; whether it has ended."""
        pid = self.pid()
        if pid is None:
            return True
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self.pid() is None:
                return True
            time.sleep(0.02)
        return False

    def end(self, first=signal.SIGTERM, patience=10):
        """Asks it to end, then makes it, and all children that it left."""
        self.send(first, patience)
        try:
            with open(self.pid_file, encoding="ascii") as file:
                pid, began = file.read().split()
            state = state_of(pid)
            # A number in use as that of a group is given to no other process: without a leader it is still our group.
            if state is None or state[1] == began:
                os.killpg(int(pid), signal.SIGKILL)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            pass
        return self.send(0)

    def tail(self, lines=30):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                return "".join(log.readlines()[-lines:])
        except FileNotFoundError:
            return ""


class Database:
    """PostgreSQL with data of its own, in the namespace db. The password is the cluster's secret."""

    URL = f"jdbc:postgresql://{network.DATABASE}:5432/warren"

    def __init__(self, net, folder, password):
        self.net, self.password = net, password
        self.program = Program(folder, "postgresql")
        self.home = os.path.join(folder, "postgresql")
        self.data = os.path.join(self.home, "data")

    @staticmethod
    def binaries():
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        if not found:
            raise RuntimeError("PostgreSQL is not installed: apt install postgresql")
        return found[-1]

    def create(self):
        os.makedirs(self.home, exist_ok=True)
        password = os.path.join(self.home, "password")
        with open(os.open(password, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as file:
            file.write(self.password)
        network.run("chown", "-R", "postgres:", self.home)
        if subprocess.run(["runuser", "-u", "postgres", "--", "test", "-r", password]).returncode != 0:
            raise RuntimeError(f"the user postgres cannot get into {self.home}: set WARREN_CLUSTER_STATE, or chmod a+x")
        network.run("runuser", "-u", "postgres", "--", f"{self.binaries()}/initdb", "-D", self.data, "-U", "warren",
                    f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8")
        with open(os.path.join(self.data, "pg_hba.conf"), "a", encoding="ascii") as rules:
            rules.write("host all all 10.97.0.0/24 scram-sha-256\n")

    def start(self):
        self.program.start(self.net.inside("db") + [
            "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", f"{self.binaries()}/postgres",
            "-D", self.data, "-c", f"listen_addresses={network.DATABASE}", "-c", "unix_socket_directories=",
            "-c", "max_connections=200"])
        until = time.monotonic() + 30
        while not self.answers():
            if self.program.pid() is None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{self.program.tail()}")
            time.sleep(0.1)

    def answers(self):
        return subprocess.run(self.net.inside("db") + [f"{self.binaries()}/pg_isready", "-qh", network.DATABASE]
                              ).returncode == 0

    def sql(self, *arguments, database="warren"):
        environment = dict(os.environ, PGPASSWORD=self.password)
        command = self.net.inside("db") + [f"{self.binaries()}/psql", "-qAtX", "-v", "ON_ERROR_STOP=1",
                                           "-h", network.DATABASE, "-U", "warren", "-d", database, *arguments]
        done = subprocess.run(command, env=environment, text=True, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout

    def stop(self):
        """At once, but in order; those who use it see their connections end."""
        self.program.end(signal.SIGINT)

    def kill(self):
        """As if the power failed: its own processes notice that the first of them is gone, and end."""
        self.program.send(signal.SIGKILL)
