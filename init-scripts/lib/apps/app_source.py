"""The folder of the workspace that an app's files are uploaded to."""
import json
import posixpath
import urllib.parse

from apps.workspace_api import NoAnswer, Refused, Trouble, quoted

# What this program put there: only that may it remove again. It is no part of the app, and does no harm in it.
RECORD = ".uploaded-by-deploy-app.json"


class AppSource:
    """A folder like /Workspace/Users/<person>/<app>."""

    def __init__(self, api, path):
        self.api, self.path = api, path

    def refuse_others_files(self):
        """Before the first deployment: nobody's own folder of that name is written into. @raise Trouble"""
        there = self.listed(self.path)
        if there and RECORD not in there:
            raise Trouble(
                f"{self.path} is there already, and deploy-app did not make it, so it stays as it is and nothing was "
                "deployed. Rename that folder in the workspace, then type deploy-app again."
            )

    def upload(self, files):
        """Puts these pairs of path and content there, and takes away what was uploaded before and is gone. @raise"""
        before = self.uploaded_before()
        names = [path for path, _ in files]
        # First, so that what an upload that breaks off has left is known.
        self.make_folders(names)
        self.put(RECORD, json.dumps({"v": 1, "files": sorted({*before, *names})}).encode())
        for path, content in files:
            self.put(path, content)
        gone = sorted({*before} - {*names})
        for path in gone:
            self.remove(path)
        if gone:
            self.put(RECORD, json.dumps({"v": 1, "files": sorted(names)}).encode())
        return gone

    def make_folders(self, names):
        folders = {posixpath.dirname(posixpath.join(self.path, name)) for name in names}
        for folder in sorted({self.path, *folders}):
            self.said("make", folder, "POST", "/api/2.0/workspace/mkdirs", {"path": folder})

    def put(self, name, content):
        place = posixpath.join(self.path, name)
        address = f"/api/2.0/workspace-files/import-file/{quoted(place.lstrip('/'))}?overwrite=true"
        self.said("write", place, "POST", address, None, content)

    def remove(self, name):
        try:
            self.api.ask("POST", "/api/2.0/workspace/delete", {"path": posixpath.join(self.path, name)})
        except Refused as refused:
            if refused.status != 404:
                raise Trouble(
                    f"{self.path}/{name} is not in your folder any more, and the workspace does not remove it: "
                    f"{refused.message}. Remove it there, then type deploy-app again."
                ) from refused

    def said(self, act, place, method, address, body, content=None):
        try:
            self.api.ask(method, address, body, content)
        except Refused as refused:
            raise Trouble(
                f"The workspace does not {act} {place} (HTTP {refused.status}): {refused.message}. "
                "Nothing was deployed. Type: check-claude"
            ) from refused
        except NoAnswer as why:
            raise Trouble(
                f"The workspace gives no answer while it is to {act} {place} ({why}). Nothing was deployed. "
                "Type deploy-app again in a minute."
            ) from why

    def uploaded_before(self):
        query = urllib.parse.urlencode({"path": f"{self.path}/{RECORD}", "format": "AUTO"})
        try:
            answer = self.api.ask("GET", f"/api/2.0/workspace/export?{query}&direct_download=true")
        except Refused:
            return []
        names = answer.get("files")
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def listed(self, path):
        try:
            answer = self.api.ask("GET", f"/api/2.0/workspace/list?{urllib.parse.urlencode({'path': path})}")
        except Refused as refused:
            if refused.status == 404:
                return []
            raise Trouble(f"{path} cannot be looked at (HTTP {refused.status}): {refused.message}.") from refused
        return [posixpath.basename(str(each.get("path"))) for each in answer.get("objects") or []]
