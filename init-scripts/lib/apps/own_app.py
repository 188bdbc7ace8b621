"""An app of the workspace, from the look whether it is there to the deployment that has succeeded."""
from apps.waiting import Wait
from apps.workspace_api import NoAnswer, Refused, Trouble, is_full

APPS = "/api/2.0/apps"
LISTED_AT_ONCE = 100
# Seconds.
UNTIL_UP = 600
FULL = 3


class OwnApp:
    """`me` is who asks, `say` tells them what happens, `ask_whom` is who helps."""

    def __init__(self, api, name, me, say, ask_whom):
        self.api, self.name, self.me, self.say, self.ask_whom = api, name, me, say, ask_whom

    @property
    def path(self):
        return f"{APPS}/{self.name}"

    def look(self):
        """The app; None where there is none. @raise Trouble"""
        try:
            return self.api.ask("GET", self.path)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise self.trouble("look at the app", refused) from refused
        except NoAnswer as why:
            raise self.silence("is asked for the app", why) from why

    def refuse_others(self, app, is_teams):
        """@raise Trouble when it is not this person's, or goes."""
        creator = str(app.get("creator") or "")
        if not is_teams and creator.casefold() != self.me.casefold():
            raise Trouble(
                f"There is an app {self.name} already, and it is {creator or 'not yours'}'s, so nothing was touched. "
                f"Ask {creator or self.ask_whom} about it, or give yours a name of its own: deploy-app --team NAME"
            )
        if state_of(app) == "DELETING":
            raise self.going()

    def going(self):
        return Trouble(
            f"The app {self.name} is being deleted. Its place in the workspace and its name are free up to 20 minutes "
            "later. Until then: show-app. Type deploy-app again after that."
        )

    def refuse_full(self, most):
        """Counted before anything is asked for. @raise Trouble when there is no room."""
        count = self.count()
        if count >= most:
            raise Trouble(
                f"The workspace is full: {count} of {most} apps are in it, whoever made them, and one that was stopped "
                f"counts, too. Nothing was made. Show yours with show-app, which takes no place, or ask "
                f"{self.ask_whom}.",
                FULL,
            )
        self.say(f"There is room: {count} of {most} apps are in the workspace.")

    def count(self):
        count, token = 0, ""
        try:
            while True:
                more = f"&page_token={token}" if token else ""
                page = self.api.ask("GET", f"{APPS}?page_size={LISTED_AT_ONCE}{more}")
                count += len(page.get("apps") or [])
                token = page.get("next_page_token")
                if not token:
                    return count
        except Refused as refused:
            raise self.trouble("count its apps", refused) from refused
        except NoAnswer as why:
            raise self.silence("is to count its apps", why) from why

    def make(self, description):
        """@raise Trouble"""
        try:
            app = self.api.ask("POST", APPS, {"name": self.name, "description": description}, is_once=True)
        except Refused as refused:
            if is_full(refused.message):
                raise Trouble(
                    f"The workspace is full, and trying again changes nothing: {refused.message} "
                    f"Show yours with show-app, which takes no place, or ask {self.ask_whom}.",
                    FULL,
                ) from refused
            if refused.status == 403:
                raise Trouble(
                    f"The workspace does not let you create apps (HTTP 403): {refused.message}. Ask {self.ask_whom}, "
                    "who asks an admin of the workspace. Until then: show-app."
                ) from refused
            if refused.status != 409:
                raise self.trouble("make the app", refused) from refused
            app = self.made_meanwhile(refused)
        except NoAnswer as why:
            app = self.made_meanwhile(why)
        self.say(f"Made the app {self.name}. It starts, which takes some minutes.")
        return app

    def made_meanwhile(self, why):
        """An answer may get lost, and making is not asked twice: whose is the app that is there now?"""
        app = self.look()
        if app is None:
            raise Trouble(f"The app could not be made: {why}. Type deploy-app again in a minute.") from why
        self.refuse_others(app, False)
        return app

    def share(self, people):
        """Lets them update it, too. @raise Trouble"""
        more = [{"user_name": each, "permission_level": "CAN_MANAGE"} for each in people]
        try:
            self.api.ask("PATCH", f"/api/2.0/permissions/apps/{self.name}", {"access_control_list": more})
        except Refused as refused:
            raise self.trouble(f"let {', '.join(people)} update", refused) from refused
        except NoAnswer as why:
            raise self.silence("is to let others update the app", why) from why
        self.say(f"Now {', '.join(people)} may update it, too.")

    def wake(self):
        """Starts it where it was stopped, and waits until it is up. @raise Trouble"""
        wait = Wait(UNTIL_UP, self.say)
        was_asked = False
        while True:
            app = self.look() or {}
            state = state_of(app)
            if state == "ACTIVE":
                return app
            if state == "DELETING":
                raise self.going()
            if state == "ERROR" or not app:
                said = (app.get("compute_status") or {}).get("message") or "it is not there any more"
                raise Trouble(
                    f"The app {self.name} does not come up. The workspace says: {said}. Ask {self.ask_whom}; until "
                    "then: show-app."
                )
            if state == "STOPPED" and not was_asked:
                self.start()
                was_asked = True
            wait.a_while(
                f"The app is {state or 'in no state'}: waiting until it is up.",
                f"The app {self.name} is still {state} after {UNTIL_UP // 60} minutes. "
                f"Type deploy-app again, which goes on waiting, or ask {self.ask_whom}.",
            )

    def start(self):
        self.say("The app was stopped: starting it.")
        try:
            self.api.ask("POST", f"{self.path}/start", {}, is_once=True)
        except Refused as refused:
            # Somebody else was quicker.
            if not any(words in refused.message for words in ("ACTIVE state", "STARTING state", "already")):
                raise self.trouble("start the app", refused) from refused
        except NoAnswer:
            # The next look tells.
            pass

    def trouble(self, act, refused):
        if refused.status == 403:
            return Trouble(
                f"The workspace does not let you {act} {self.name} (HTTP 403): {refused.message}. Ask {self.ask_whom}."
            )
        return Trouble(
            f"The workspace does not {act} {self.name} (HTTP {refused.status}): {refused.message}. "
            f"Type deploy-app again in a minute; if it says the same, show this to {self.ask_whom}."
        )

    def silence(self, act, why):
        return Trouble(
            f"The workspace gives no answer while it {act} ({why}). Type deploy-app again in a minute; check-claude "
            "says whether the workspace can be reached."
        )


def state_of(app):
    """Of its compute."""
    return (app.get("compute_status") or {}).get("state") or ""
