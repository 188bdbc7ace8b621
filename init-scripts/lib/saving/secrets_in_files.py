"""Which files may hold keys, tokens or passwords: by their names, and by what is written in them."""
import os
import re

SECRET_FOLDERS = {".ssh", ".aws", ".azure", ".kube", ".docker", ".gnupg"}
SECRET_NAME = re.compile(
    r"^(\.databrickscfg.*|\.netrc|_netrc|\.git-credentials|\.pypirc|\.npmrc|\.yarnrc.*|\.env(\..*)?"
    r"|\.?credentials(\.json)?|secrets\.(toml|ya?ml|json)|\.pgpass|\.my\.cnf|\.htpasswd"
    r"|id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|ppk|p12|pfx|jks|keystore|kdbx))$",
    re.IGNORECASE,
)
HARMLESS_NAME = re.compile(r"^\.env\.(example|sample|template)$")
SECRET_TEXT = re.compile(
    b"|".join(
        (
            rb"-----BEGIN [A-Z ]*PRIVATE KEY",
            # Databricks
            rb"\b(?:dapi|dkea|dose|dsapi)[0-9a-f]{32}",
            # GitHub, GitLab
            rb"\bgh[pousr]_[A-Za-z0-9]{30}",
            rb"\bgithub_pat_[A-Za-z0-9_]{40}",
            rb"\bgl(?:pat|dt|ptt|rt|cbt)-[A-Za-z0-9_-]{20}",
            # Anthropic, OpenAI and who writes keys alike. With hyphens a name of a kind: sk-learn-… is none.
            rb"\bsk-(?:ant|proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{20}",
            rb"\bsk-[A-Za-z0-9]{32}",
            rb"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16}",
            # Hugging Face, npm, PyPI, Docker
            rb"\bhf_[A-Za-z0-9]{30}",
            rb"\bnpm_[A-Za-z0-9]{36}",
            rb"\bpypi-[A-Za-z0-9_-]{40}",
            rb"\bdckr_pat_[A-Za-z0-9_-]{20}",
            # Slack, SendGrid
            rb"\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{20}",
            rb"\bxapp-[A-Za-z0-9-]{20}",
            rb"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16}",
            # AWS
            rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}",
            rb"(?i:secret_?access_?key)['\"]?\s*[=:]\s*['\"]?[A-Za-z0-9/+]{40}",
            # Azure: keys of storage and queues, signed addresses, secrets of applications
            rb"\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40}",
            rb"\bsig=[A-Za-z0-9%+/_-]{40}",
            rb"\b[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31}",
            # Google
            rb"\bAIza[A-Za-z0-9_-]{35}",
            rb"\bGOCSPX-[A-Za-z0-9_-]{20}",
            rb"\bya29\.[A-Za-z0-9_-]{20}",
            # A JSON web token
            rb"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20}",
            # A password in an address; not what examples say
            rb"://(?!user(?:name)?:pass(?:word|wd)?@)[^/\s:@'\"{}$<>]+:[^/\s:@'\"{}$<>]+@",
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
