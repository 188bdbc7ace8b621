"""Putting code into an app that is up: one deployment at a time, until it has succeeded or failed."""
from apps.waiting import Wait
from apps.workspace_api import NoAnswer, Refused, Trouble

# Seconds. The platform gives code ten minutes until it listens.
UNTIL_DEPLOYED = 720
# Words of refusals that pass by themselves.
PASSING = ("active deployment", "RUNNING state", "start the app")


class Deployment:
    """`app` is an OwnApp, `source` a folder of the workspace."""

    def __init__(self, app, source):
        self.app, self.source, self.api = app, source, app.api

    def run(self):
        """The app, once the code is in it. @raise Trouble"""
        return self.ended(self.begun())

    def begun(self):
        wait = Wait(UNTIL_DEPLOYED, self.app.say)
        body = {"source_code_path": self.source, "mode": "SNAPSHOT"}
        was_lost = has_said = False
        while True:
            pending = self.app.wake().get("pending_deployment")
            if not pending:
                try:
                    return self.api.ask("POST", f"{self.app.path}/deployments", body, is_once=True)
                except Refused as refused:
                    if not any(words in refused.message for words in PASSING):
                        raise self.app.trouble("deploy", refused) from refused
                except NoAnswer:
                    was_lost = True
            elif was_lost and pending.get("source_code_path") == self.source:
                return pending
            elif not has_said:
                has_said = True
                self.app.say(f"Another deployment goes on, {pending.get('creator')}'s: waiting until it has ended.")
            wait.a_while(
                "Another deployment of this app still goes on.",
                f"Another deployment of {self.app.name} did not end in {UNTIL_DEPLOYED // 60} minutes. "
                "Type deploy-app again in a while.",
            )

    def ended(self, deployment):
        wait = Wait(UNTIL_DEPLOYED, self.app.say)
        address = f"{self.app.path}/deployments/{deployment.get('deployment_id')}"
        while True:
            status = deployment.get("status") or {}
            state = status.get("state")
            if state == "SUCCEEDED":
                return self.app.look() or {}
            if state in ("FAILED", "CANCELLED"):
                raise self.failed(state, status.get("message"))
            wait.a_while(
                f"It deploys: {status.get('message') or state}",
                f"The deployment of {self.app.name} did not end in {UNTIL_DEPLOYED // 60} minutes. {self.log()}",
            )
            try:
                deployment = self.api.ask("GET", address)
            except Refused as refused:
                raise self.app.trouble("say how the deployment of", refused) from refused
            except NoAnswer as why:
                raise self.app.silence("is to say how the deployment goes", why) from why

    def failed(self, state, message):
        how = "was cancelled" if state == "CANCELLED" else "failed"
        return Trouble(
            f"The deployment {how}. The workspace says: {message or 'nothing about why'}\n{self.log()} "
            "show-app runs the same app here, where you see what it says. Mend it, then type deploy-app again."
        )

    def log(self):
        url = (self.app.look() or {}).get("url") or "the app's address"
        return (
            f"Its log is at {url}/logz in your laptop's browser; from here it cannot be read, because this session's "
            "token is not let in there."
        )
