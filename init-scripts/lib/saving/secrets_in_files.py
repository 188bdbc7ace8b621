"""Which files may hold keys, tokens or passwords: by their names, and by what is written in them."""
import os
import re

SECRET_FOLDERS = {".ssh", ".aws", ".azure", ".kube", ".docker", ".gnupg"}
SECRET_NAME = re.compile(
    r"^(\.databrickscfg.*|\.netrc|_netrc|\.git-credentials|\.pypirc|\.npmrc|\.yarnrc.*|\.env(\..*)?"
    r"|\.credentials\.json|id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|p12|pfx|jks|keystore|kdbx))$",
    re.IGNORECASE,
)
HARMLESS_NAME = re.compile(r"^\.env\.(example|sample|template)$")
SECRET_TEXT = re.compile(
    b"|".join(
        (
            rb"-----BEGIN [A-Z ]*PRIVATE KEY",
            # Databricks
            rb"\bdapi[0-9a-f]{32}",
            rb"\bdose[0-9a-f]{32}",
            # GitHub
            rb"\bgh[pousr]_[A-Za-z0-9]{30}",
            rb"\bgithub_pat_[A-Za-z0-9_]{40}",
            # Anthropic, Slack, AWS
            rb"\bsk-ant-[A-Za-z0-9_-]{20}",
            rb"\bxox[bp]-[A-Za-z0-9-]{20}",
            rb"\bAKIA[0-9A-Z]{16}",
            # A JSON web token
            rb"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20}",
            # A password in an address
            rb"://[^/\s:@'\"{}$<>]+:[^/\s:@'\"{}$<>]+@",
        )
    )
)
# Bytes. Longer files are data, and are not searched.
LONGEST_TEXT = 2_000_000
OWN_TOKENS = ("DATABRICKS_TOKEN", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY")


def has_secret_name(name):
    """Whether files of this name hold keys, as a rule."""
    return SECRET_NAME.match(name) is not None and not HARMLESS_NAME.match(name)


def secrets_known():
    """A function that answers whether some bytes have a key or a token in them. It knows this session's own tokens."""
    own = [value for value in (os.environ.get(name, "").encode() for name in OWN_TOKENS) if len(value) >= 8]

    def is_secret(content):
        if any(value in content for value in own):
            return True
        return len(content) <= LONGEST_TEXT and SECRET_TEXT.search(content) is not None

    return is_secret
