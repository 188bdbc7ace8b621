"""Carries out Python on a real node of the sandbox, with what a Databricks notebook has around it that needs no Spark.

Reads one line of JSON on standard input, the task. What it comes to is told on standard output in a line that begins
with the marker that the task names.
"""
import builtins
import io
import json
import os
import subprocess
import sys
import traceback
import types

task = json.loads(sys.stdin.readline())
marker = task["marker"]
channel = os.dup(1)

LONGEST_ERROR = 10_000
LONGEST_TRACE = 200_000


def tell(**news):
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(channel, f"\n{marker}{json.dumps(news)}\n".encode())


class NotebookExit(BaseException):
    pass


class Widgets:
    def __init__(self, given):
        self._values = dict(given)

    def text(self, name, defaultValue="", label=None):
        self._values.setdefault(name, defaultValue)

    def dropdown(self, name, defaultValue, choices=(), label=None):
        self._values.setdefault(name, defaultValue)

    combobox = multiselect = dropdown

    def get(self, name):
        if name not in self._values:
            raise ValueError(f"InputWidgetNotDefined: No input widget named {name} is defined")
        return self._values[name]

    def getAll(self):
        return dict(self._values)

    def remove(self, name):
        self._values.pop(name, None)

    def removeAll(self):
        self._values.clear()


class Notebook:
    def exit(self, value=""):
        raise NotebookExit(str(value))


class Missing:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, attribute):
        raise RuntimeError(
            f"{self._name}.{attribute} is not there: a node of the sandbox has no Spark, "
            "and of dbutils only widgets and notebook.exit"
        )


def surroundings():
    dbutils = types.SimpleNamespace(
        widgets=Widgets(task.get("widgets", {})),
        notebook=Notebook(),
        fs=Missing("dbutils.fs"),
        secrets=Missing("dbutils.secrets"),
    )
    context = types.SimpleNamespace(
        apiToken=task["token"],
        workspaceUrl=task["host"],
        apiUrl=task["host"],
        clusterId=task["clusterId"],
        workspaceId=task["workspaceId"],
        currentRunId=None,
    )
    module = types.ModuleType("dbruntime")
    module.databricks_repl_context = types.ModuleType("dbruntime.databricks_repl_context")
    module.databricks_repl_context.get_context = lambda: context
    sys.modules["dbruntime"] = module
    sys.modules["dbruntime.databricks_repl_context"] = module.databricks_repl_context
    return {
        "__name__": "__main__",
        "__builtins__": builtins,
        "dbutils": dbutils,
        "spark": Missing("spark"),
        "display": print,
        "displayHTML": print,
    }


def shell(script):
    code = subprocess.run(["/bin/bash", "-c", script], check=False).returncode
    if code != 0:
        raise subprocess.CalledProcessError(code, "%sh")


def as_python(source):
    """A notebook's source, with its %sh cells made calls; other magics are refused when they are reached."""
    if not source.startswith("# Databricks notebook source"):
        return source
    cells = []
    for cell in source.split("\n# COMMAND ----------"):
        magic = [line[len("# MAGIC"):].strip("\n")[1:] for line in cell.splitlines() if line.startswith("# MAGIC")]
        if not magic:
            cells.append(cell)
        elif magic[0].startswith("%sh"):
            body = "\n".join([magic[0][len("%sh"):].removeprefix(" -e").lstrip(), *magic[1:]])
            cells.append(f"__shell({body!r})\n")
        elif magic[0].startswith("%md"):
            cells.append("")
        elif magic[0].startswith("%python"):
            cells.append("\n".join(magic[1:]))
        else:
            refusal = f"{magic[0].split()[0]} cells are not carried out on a node of the sandbox"
            cells.append(f"raise RuntimeError({refusal!r})\n")
    return "\n".join(cells)


def attempt(code, name, scope):
    try:
        exec(compile(code, name, "exec"), scope)
        tell(done=True)
    except NotebookExit as end:
        tell(done=True, exitValue=str(end))
    except SystemExit as end:
        if end.code in (None, 0):
            tell(done=True)
            return
        tell(done=False, error=f"SystemExit: {end.code}", trace=traceback.format_exc())
        sys.exit(1)
    except BaseException as error:
        where = error.__traceback__.tb_next if error.__traceback__ else None
        trace = "".join(traceback.format_exception(type(error), error, where))
        summary = traceback.format_exception_only(type(error), error)[-1].strip()
        tell(done=False, error=summary[:LONGEST_ERROR], trace=trace[-LONGEST_TRACE:])
        sys.exit(1)


scope = surroundings()
scope["__shell"] = shell
sys.argv = [task["name"], *task.get("arguments", [])]
sys.stdin = io.StringIO()
attempt(as_python(task["source"]), task["name"], scope)
