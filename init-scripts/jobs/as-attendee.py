"""What the workshop does on an attendee's cluster in the attendee's name: a job of one Python file, without Spark.

Parameters, in any combination:
  --check             runs check-claude, the diagnostic that attendees type themselves
  --deep              with --check: Claude Code answers a question, too, and it is seen whether VS Code's server can be
                      downloaded here: a line "download" of claude-vscode-check
  --save              copies work from the cluster's own disk to the workspace (save-work)
  --seed-cli VERSION  puts that databricks CLI where `databricks ssh` looks for it, so that no laptop has to upload it
                      (seed-cli)

The last line on standard output is for programs:
  workshop-job: {"v": 1, "check": ..., "saved": ..., "seeded": ...}
with null for what was not asked for. "saved" has "kept": true|false, whether ~/workshop leads to a folder in the
workspace, and "left", how many things were not taken. The run succeeds whenever that line is there: how the cluster is
stands in the line. One part that fails, or does not end, keeps none of the others from being done.

The work is done by commands that the init script installed; this file starts them and reads what they print. It needs
nothing but Python 3.9.
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

TOOLS = "/opt/claude-workshop"
# Well below ten minutes, all together.
CHECK_SECONDS = 120
SAVE_SECONDS = 240
SEED_SECONDS = 150
VSCODE_SECONDS = 30
# Between killing a program and having seen it end.
LAST_SECONDS = 5
# Bytes of what a program prints that are read; far more than the commands have to say.
MOST_OUTPUT = 200_000
LONGEST_WORDS = 600


def surroundings():
    """The environment for what is started here, with the workspace and token of the run: jobs do not have them."""
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
    """The JSON that a command prints. @raise Trouble when it prints none, is not there or does not end in time."""
    text, complaints, status = run(arguments, env, seconds)
    try:
        answer = json.loads(text)
    except ValueError as error:
        said = clipped(complaints or text.strip() or "nothing at all")
        raise Trouble(f"it ended with {status} and said nothing that can be read: {said}") from error
    if not isinstance(answer, dict) or answer.get("v") != 1 or answer.get("command") != command:
        raise Trouble(f"it is another {command} than this job knows")
    return answer


def answer_of_python(command, parameters, env, seconds):
    """The same for a command in Python, of those that people do not type. @raise Trouble"""
    path = f"{TOOLS}/lib/{command}"
    if not os.path.exists(path):
        raise Trouble(f"{command} is not on this cluster: the init script did not install it")
    return answer_of(command, [sys.executable or "python3", path, *parameters], env, seconds)


def run(arguments, env, seconds):
    """What a program prints on either stream, and its exit status. @raise Trouble"""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": complaints}
        try:
            program = subprocess.Popen(arguments, env=env, start_new_session=True, **streams)
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
        printed = output.read(MOST_OUTPUT).decode(errors="replace")
        return printed, complaints.read(2_000).decode(errors="replace").strip(), status


def clipped(words):
    words = str(words)
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


# ---- check ----


def check(env, deep):
    places = ("/usr/local/bin/check-claude", f"{TOOLS}/bin/check-claude")
    command = next((path for path in places if os.path.exists(path)), None)
    try:
        if command is None:
            raise Trouble("it is not on this cluster: the init script did not install it")
        arguments = ["/bin/bash", command, "--json", *(["--deep"] if deep else [])]
        answer = answer_of("check-claude", arguments, env, CHECK_SECONDS)
        checks = answer.get("checks")
        if not isinstance(checks, list) or not all(isinstance(each, dict) for each in checks):
            raise Trouble("it answers without checks")
        answer["checks"] = [with_clipped_words(each) for each in checks[:50] + (downloads(env) if deep else [])]
        return answer if env.get("DATABRICKS_TOKEN") else without_token(answer, env)
    except Trouble as trouble:
        return no_check(f"check-claude could not be run: {trouble}.")


def downloads(env):
    """What claude-vscode-check says of the download of VS Code's server; nothing where it does not say."""
    try:
        arguments = ["/bin/bash", f"{TOOLS}/bin/claude-vscode-check", "--json"]
        checks = answer_of("claude-vscode-check", arguments, env, VSCODE_SECONDS).get("checks")
    except Trouble:
        return []
    return [each for each in checks or [] if isinstance(each, dict) and each.get("id") == "download"]


def with_clipped_words(found):
    return {key: clipped(value) if isinstance(value, str) else value for key, value in found.items()}


def without_token(answer, env):
    """Skips what fails only for want of a token. Where another token on the node was good, every check counts."""
    states = {each.get("id"): each.get("state") for each in answer["checks"]}
    if states.get("token") in ("ok", "warning"):
        return answer
    need_token = {"token", "endpoint", "deep"}
    if not env.get("DATABRICKS_HOST"):
        need_token.add("host")
    if not env.get("WORKSHOP_USER"):
        need_token.add("work")
    for each in answer["checks"]:
        if each.get("id") in need_token and (each.get("state") == "failed" or each["id"] in ("token", "endpoint")):
            lacking = "knows no workspace" if each["id"] == "host" else "has no token of its own"
            each.update(state="skipped", said=f"not looked at: this run {lacking}", next="")
    answer["ok"] = all(each.get("state") != "failed" for each in answer["checks"])
    return answer


def no_check(said):
    again = "restart the cluster, which runs the init script again (its page in the workspace: Compute)"
    failed = {"id": "check-claude", "state": "failed", "said": said, "next": again}
    return {"v": 1, "command": "check-claude", "ok": False, "checks": [failed]}


# ---- save ----


def save(env):
    try:
        answer = answer_of_python("save-work", ["--json"], env, SAVE_SECONDS)
        in_all = answer.get("leftInAll")
        return {
            # That it is in part, this line says by how many are left: whoever reads it knows these states.
            "state": "saved" if answer.get("state") == "partly" else answer.get("state"),
            **{key: answer.get(key) for key in ("files", "bytes", "where")},
            "kept": answer.get("kept") is True,
            "left": in_all if isinstance(in_all, int) else len(answer.get("left") or []),
            "said": clipped(answer.get("said", "")),
        }
    except Trouble as trouble:
        return not_saved(f"Nothing could be saved: {trouble}.")


def not_saved(said):
    nothing = {"state": "failed", "files": 0, "bytes": 0, "where": None}
    return {**nothing, "kept": False, "left": 0, "said": clipped(said)}


# ---- seed the CLI ----


def seed(env, version):
    try:
        answer = answer_of_python("seed-cli", [version], env, SEED_SECONDS)
        return {"state": answer.get("state"), "said": clipped(answer.get("said", ""))}
    except Trouble as trouble:
        return not_seeded(f"The databricks CLI {version} could not be prepared: {trouble}.")


def not_seeded(said):
    return {"state": "failed", "said": clipped(said)}


# ---- all of it ----


def asked_for(parameters):
    asked = {"check": False, "deep": False, "save": False, "seed": None}
    rest = list(parameters)
    while rest:
        parameter = rest.pop(0)
        if parameter in ("--check", "--deep", "--save"):
            asked[parameter[2:]] = True
        elif parameter == "--seed-cli" and rest:
            asked["seed"] = rest.pop(0)
        else:
            raise SystemExit(
                f"as-attendee.py: {parameter} is no parameter of it, or lacks its value. "
                "It knows --check, --deep, --save and --seed-cli VERSION."
            )
    return asked


def attempt(part, otherwise):
    """What nobody thought of must not keep the other parts from being done."""
    try:
        return part()
    except Exception as error:
        return otherwise(f"{type(error).__name__}: {error}")


def main(parameters):
    asked = asked_for(parameters)
    print(
        "This run belongs to the workshop. "
        "It looks whether your cluster is ready, and copies work from its own disk to your folder."
    )
    env = surroundings()
    report = {"v": 1, "check": None, "saved": None, "seeded": None}
    if asked["check"]:
        report["check"] = attempt(
            lambda: check(env, asked["deep"]), lambda why: no_check(f"check-claude could not be run: {why}.")
        )
    if asked["save"]:
        report["saved"] = attempt(lambda: save(env), lambda why: not_saved(f"Nothing could be saved: {why}."))
    if asked["seed"] is not None:
        report["seeded"] = attempt(lambda: seed(env, asked["seed"]), not_seeded)
    line = json.dumps(report)
    token = env.get("DATABRICKS_TOKEN")
    sys.stderr.flush()
    print(f"workshop-job: {line.replace(token, '***') if token else line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
