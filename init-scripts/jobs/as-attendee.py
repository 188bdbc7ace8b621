"""What the workshop does on an attendee's cluster in the attendee's name: a job of one Python file, which needs no Spark.

Parameters, in any combination:
  --check             runs check-claude, the diagnostic that attendees type themselves
  --deep              with --check: Claude Code answers a question, too
  --save              copies work from the cluster's own disk to the workspace (save-work)
  --seed-cli VERSION  puts that databricks CLI where `databricks ssh` looks for it, so that no laptop has to upload it

The last line on standard output is for programs:
  workshop-job: {"v": 1, "check": ..., "saved": ..., "seeded": ...}
with null for what was not asked for. "saved" has "kept": true|false, whether ~/workshop leads to a folder in the workspace, and
"left", how many things were not taken. The run succeeds whenever that line is there: how the cluster is stands in the line. One part
that fails, or does not end, keeps none of the others from being done. Python 3.9 and its standard library are enough.
"""
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

TOOLS = "/opt/claude-workshop"
# Well below ten minutes, all together.
CHECK_SECONDS = 120
SAVE_SECONDS = 240
SEED_SECONDS = 150
# Between killing a program and having seen it end.
LAST_SECONDS = 5
# Of what a program prints; far more than the commands have to say.
MOST_OUTPUT = 200_000
LONGEST_WORDS = 600


def surroundings():
    """The environment for what is started here, with the workspace and the token of the run, which jobs do not have in theirs."""
    env = {**os.environ}
    env.setdefault("HOME", "/root")
    env["PATH"] = f"{env.get('PATH') or '/usr/bin:/bin'}:/usr/local/bin"
    # Its token ends with the run: nobody else on this node may take it for the newest (lib/token.sh).
    env["WORKSHOP_JOB"] = "1"
    try:
        from dbruntime.databricks_repl_context import get_context

        context = get_context()
    except Exception as error:
        print(f"The context of this run cannot be had: {type(error).__name__}: {error}")
        return env
    host = getattr(context, "workspaceUrl", None) or env.get("WORKSHOP_HOST", "")
    if host:
        env["DATABRICKS_HOST"] = (host if re.match(r"https?://", host) else f"https://{host}").rstrip("/")
    if getattr(context, "apiToken", None):
        env["DATABRICKS_TOKEN"] = context.apiToken
    if getattr(context, "clusterId", None):
        env["DATABRICKS_CLUSTER_ID"] = context.clusterId
    return env


class Trouble(Exception):
    """Why a part could not be done, in a sentence for people."""


def answer_of(command, arguments, env, seconds):
    """The JSON that a helper command prints. @raise Trouble when it prints none, is not there or does not end in time."""
    text, complaints, status = run(arguments, env, seconds)
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise Trouble(f"it ended with {status} and said nothing that can be read: {clipped(complaints or text.strip() or 'nothing at all')}") from error
    if not isinstance(answer, dict) or answer.get("v") != 1 or answer.get("command") != command:
        raise Trouble(f"it is another {command} than this job knows")
    return answer


def run(arguments, env, seconds):
    """What a program prints on either stream, and its exit status. @raise Trouble"""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        try:
            program = subprocess.Popen(arguments, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=complaints, start_new_session=True)
        except OSError as error:
            raise Trouble(f"{arguments[0]} cannot be started: {error.strerror}") from error
        try:
            status = program.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise Trouble(f"it did not end within {seconds} s") from error
        finally:
            # With whatever it started itself.
            try:
                os.killpg(program.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            try:
                program.wait(LAST_SECONDS)
            except subprocess.TimeoutExpired:
                # It waits for a disk that does not answer.
                pass
        output.seek(0)
        complaints.seek(0)
        return output.read(MOST_OUTPUT).decode(errors="replace"), complaints.read(2_000).decode(errors="replace").strip(), status


def clipped(words):
    words = str(words)
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


# ---- check ----


def check(env, deep):
    command = next((path for path in ("/usr/local/bin/check-claude", f"{TOOLS}/bin/check-claude") if os.path.exists(path)), None)
    try:
        if command is None:
            raise Trouble("it is not on this cluster: the init script did not install it")
        answer = answer_of("check-claude", ["/bin/bash", command, "--json", *(["--deep"] if deep else [])], env, CHECK_SECONDS)
        checks = answer.get("checks")
        if not isinstance(checks, list) or not all(isinstance(each, dict) for each in checks):
            raise Trouble("it answers without checks")
        answer["checks"] = [{key: clipped(value) if isinstance(value, str) else value for key, value in each.items()} for each in checks[:50]]
        return answer if env.get("DATABRICKS_TOKEN") else without_token(answer, env)
    except Trouble as trouble:
        return no_check(f"check-claude could not be run: {trouble}.")


def without_token(answer, env):
    """What fails only because this run has no token says nothing of the cluster. Where another on the node was good, all counts."""
    states = {each.get("id"): each.get("state") for each in answer["checks"]}
    if states.get("token") in ("ok", "warning"):
        return answer
    wanting = {"token", "endpoint", "deep", *([] if env.get("DATABRICKS_HOST") else ["host"]), *([] if env.get("WORKSHOP_USER") else ["work"])}
    for each in answer["checks"]:
        if each.get("id") in wanting and (each.get("state") == "failed" or each["id"] in ("token", "endpoint")):
            each.update(state="skipped", said=f"not looked at: this run {'knows no workspace' if each['id'] == 'host' else 'has no token of its own'}", next="")
    answer["ok"] = all(each.get("state") != "failed" for each in answer["checks"])
    return answer


def no_check(said):
    return {"v": 1, "command": "check-claude", "ok": False, "checks": [{"id": "check-claude", "state": "failed", "said": said, "next": "restart the cluster, which runs the init script again (its page in the workspace: Compute)"}]}


# ---- save ----


def save(env):
    command = f"{TOOLS}/lib/save-work"
    try:
        if not os.path.exists(command):
            raise Trouble("save-work is not on this cluster: the init script did not install it")
        answer = answer_of("save-work", [sys.executable or "python3", command, "--json"], env, SAVE_SECONDS)
        return {**{key: answer.get(key) for key in ("state", "files", "bytes", "where")}, "kept": answer.get("kept") is True, "left": len(answer.get("left") or []), "said": clipped(answer.get("said", ""))}
    except Trouble as trouble:
        return not_saved(f"Nothing could be saved: {trouble}.")


def not_saved(said):
    return {"state": "failed", "files": 0, "bytes": 0, "where": None, "kept": False, "left": 0, "said": clipped(said)}


# ---- seed the CLI ----

ARCHITECTURES = ("amd64", "arm64")


def seed(env, version):
    """Puts the CLI where the CLI itself would: the server of the workspace unzips what is imported as databricks.zip."""
    try:
        return within(SEED_SECONDS, lambda: seeded_by(Api(env, time.monotonic() + SEED_SECONDS), env, version))
    except Trouble as trouble:
        return {"state": "failed", "said": clipped(f"The databricks CLI {version} could not be prepared: {trouble}.")}


def within(seconds, part):
    """What a part answers. A server or a volume that never answers holds nobody but the part itself. @raise Trouble, and what it raises"""
    outcome = {}

    def act():
        try:
            outcome["answer"] = part()
        except Exception as error:
            outcome["error"] = error

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(seconds)
    if "error" in outcome:
        raise outcome["error"]
    if "answer" not in outcome:
        raise Trouble(f"it was not done within {seconds} s")
    return outcome["answer"]


def seeded_by(api, env, version):
    if not re.fullmatch(r"\d{1,4}(\.\d{1,6}){2}(-[0-9A-Za-z.-]{1,40})?", version):
        raise Trouble(f"{version!r} is no version")
    me = api.json("GET", "/api/2.0/preview/scim/v2/Me").get("userName")
    if not me:
        raise Trouble("the workspace does not say whose run this is")
    folders = {arch: f"/Workspace/Users/{me}/.databricks/ssh-tunnel/{version}/databricks_cli_{version}_linux_{arch}" for arch in ARCHITECTURES}
    wanted = [arch for arch in ARCHITECTURES if not api.is_there(f"{folders[arch]}/databricks")]
    if not wanted:
        return {"state": "there", "said": f"The databricks CLI {version} is in place already."}
    staged = f"{env.get('WORKSHOP_SCRIPTS') or '/Volumes/main/default/init_scripts'}/databricks-cli/{version}"
    sums = sums_in(f"{staged}/SHA256SUMS")
    if sums is None:
        return {"state": "not staged", "said": f"{staged} has no SHA256SUMS: the databricks CLI {version} was not staged. Type: bin/workshop bundle PLAN --cli-archives FOLDER"}
    for arch in wanted:
        name = f"databricks_cli_{version}_linux_{arch}.zip"
        archive = verified(f"{staged}/{name}", sums.get(name))
        api.json("POST", "/api/2.0/workspace/mkdirs", json.dumps({"path": folders[arch]}).encode())
        target = urllib.parse.quote(f"{folders[arch].lstrip('/')}/databricks.zip", safe="")
        api.json("POST", f"/api/2.0/workspace-files/import-file/{target}?overwrite=true", archive, "application/octet-stream")
        if not api.is_there(f"{folders[arch]}/databricks"):
            raise Trouble(f"{name} was taken, and no databricks came of it: the archive holds none")
    return {"state": "seeded", "said": f"The databricks CLI {version} is in place for {' and '.join(wanted)}."}


def sums_in(path):
    """Checksums by name; None where there is no such file."""
    try:
        with open(path, encoding="utf-8") as file:
            return {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})[ *]+(\S+)$", file.read(100_000), re.MULTILINE)}
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise Trouble(f"{path} cannot be read: {error}") from error


def verified(path, digest):
    if digest is None:
        raise Trouble(f"{path} has no checksum in SHA256SUMS")
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise Trouble(f"the checksum of {path} is wrong: it was changed, or half uploaded; nothing of it was used; type: bin/workshop bundle PLAN")
    return content


class Api:
    """The workspace, asked as whoever this run belongs to."""

    def __init__(self, env, ends):
        self.host, self.token, self.ends = env.get("DATABRICKS_HOST"), env.get("DATABRICKS_TOKEN"), ends
        if not self.host or not self.token:
            raise Trouble("this run knows no workspace, or has no token")

    def is_there(self, path):
        return self.ask("GET", f"/api/2.0/workspace/get-status?{urllib.parse.urlencode({'path': path, 'return_export_info': 'true'})}", missing_is_fine=True) is not None

    def json(self, method, path, body=None, kind="application/json"):
        try:
            answer = json.loads(self.ask(method, path, body, kind) or b"{}")
        except ValueError as error:
            raise Trouble(f"{method} {plain(path)} answers something that is no JSON: a proxy?") from error
        return answer if isinstance(answer, dict) else {}

    def ask(self, method, path, body=None, kind="application/json", missing_is_fine=False):
        """The body of the answer; None for 404 where that is fine. Asks again while the workspace is busy. @raise Trouble"""
        pause = 1
        while True:
            request = urllib.request.Request(f"{self.host}{path}", data=body, method=method, headers={"Authorization": f"Bearer {self.token}", "Content-Type": kind})
            left = self.ends - time.monotonic()
            if left <= 0:
                raise Trouble(f"it was not done within {SEED_SECONDS} s")
            try:
                with urllib.request.urlopen(request, timeout=min(left, 120)) as answer:
                    return answer.read(1_000_000)
            except urllib.error.HTTPError as error:
                said = error.read(2_000).decode(errors="replace")
                if error.code == 404 and missing_is_fine:
                    return None
                if error.code not in (429, 500, 502, 503, 504) or pause > 16:
                    raise Trouble(f"{method} {plain(path)} answers HTTP {error.code}: {message_of(said)}") from error
                wished = error.headers.get("Retry-After") or ""
                pause = max(pause, min(int(wished), 30)) if wished.isdigit() else pause
            except (OSError, ValueError) as error:
                if pause > 4:
                    raise Trouble(f"{method} {plain(path)}: no answer ({getattr(error, 'reason', error)})") from error
            time.sleep(min(pause, max(self.ends - time.monotonic(), 0)))
            pause *= 2


def plain(path):
    return urllib.parse.unquote(path.partition("?")[0])


def message_of(body):
    try:
        return clipped(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return clipped(body.strip())


# ---- all of it ----


def main(parameters):
    asked = {"check": False, "deep": False, "save": False, "seed": None}
    rest = list(parameters)
    while rest:
        parameter = rest.pop(0)
        if parameter == "--check":
            asked["check"] = True
        elif parameter == "--deep":
            asked["deep"] = True
        elif parameter == "--save":
            asked["save"] = True
        elif parameter == "--seed-cli" and rest:
            asked["seed"] = rest.pop(0)
        else:
            raise SystemExit(f"as-attendee.py: {parameter} is no parameter of it, or lacks its value. It knows --check, --deep, --save and --seed-cli VERSION.")
    print("This run belongs to the workshop. It looks whether your cluster is ready, and copies work from its own disk to your folder.")
    env = surroundings()
    report = {
        "v": 1,
        "check": attempt(lambda: check(env, asked["deep"]), lambda why: no_check(f"check-claude could not be run: {why}.")) if asked["check"] else None,
        "saved": attempt(lambda: save(env), lambda why: not_saved(f"Nothing could be saved: {why}.")) if asked["save"] else None,
        "seeded": attempt(lambda: seed(env, asked["seed"]), lambda why: {"state": "failed", "said": clipped(why)}) if asked["seed"] is not None else None,
    }
    line = json.dumps(report)
    token = env.get("DATABRICKS_TOKEN")
    sys.stderr.flush()
    print(f"workshop-job: {line.replace(token, '***') if token else line}", flush=True)


def attempt(part, otherwise):
    """What nobody thought of must not keep the other parts from being done."""
    try:
        return part()
    except Exception as error:
        return otherwise(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
