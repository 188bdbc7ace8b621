"""Carries out snippets with the Databricks SDK: a JSON object a line on stdin, and one on stdout for what came out.

A snippet finds a WorkspaceClient as `w`; the value of its last expression is the outcome. Snippets of one area share
their names.
"""
import ast
import json
import sys
import types

from databricks.sdk import WorkspaceClient, version
from databricks.sdk.errors import DatabricksError

answers = sys.stdout
sys.stdout = sys.stderr
areas = {}


def plain(value):
    if hasattr(type(value), "as_dict"):
        return value.as_dict()
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, types.GeneratorType)) or hasattr(type(value), "__next__"):
        return [plain(one) for one in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def carry_out(order):
    env = order["env"]
    names = areas.setdefault(order["area"], {})
    names.update(env, WorkspaceClient=WorkspaceClient)
    if env.get("client_id"):
        names["w"] = WorkspaceClient(
            host=env["DATABRICKS_HOST"], client_id=env["client_id"], client_secret=env["client_secret"]
        )
    else:
        names["w"] = WorkspaceClient(host=env["DATABRICKS_HOST"], token=env["DATABRICKS_TOKEN"])
    program = ast.parse(order["script"])
    last = program.body.pop() if isinstance(program.body[-1], ast.Expr) else None
    exec(compile(program, order["area"], "exec"), names)
    return plain(eval(compile(ast.Expression(last.value), order["area"], "eval"), names)) if last else None


print(json.dumps({"version": version.__version__}), file=answers, flush=True)
for line in sys.stdin:
    try:
        outcome = {"value": carry_out(json.loads(line))}
    except DatabricksError as error:
        outcome = {"error": {"type": type(error).__name__, "error_code": error.error_code, "message": str(error)}}
    except Exception as error:
        outcome = {"error": {"type": type(error).__name__, "message": str(error)}}
    print(json.dumps(outcome), file=answers, flush=True)
