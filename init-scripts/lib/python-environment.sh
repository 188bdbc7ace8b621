#!/usr/bin/env bash
# The Python environment of the exercise and of people's apps, made once and added to. Sourced.
# shellcheck disable=SC2034 # what is set here is read by whoever sources it

# On the cluster's own disk: thousands of small files are slow in a workspace folder, and quickly made again.
environment=${HOME:-/root}/.venvs/workshop
environment_tools=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/..

# prepare_environment FOLDER: what requirements.txt in FOLDER names, or the exercise's, without the internet where the
# workshop staged it. Exit status 1 with the reason in environment_problem and what to type in environment_next.
prepare_environment() {
  local folder=$1 python said sum requirements offline=() install
  environment_problem='' environment_next=''
  requirements=$folder/requirements.txt
  [ -r "$requirements" ] || requirements=$environment_tools/exercise/requirements.txt
  sum=$(sha256sum <"$requirements" | cut -c1-16)
  [ ! -e "$environment/.has-$sum" ] || return 0
  if ! python=$("$environment_tools/bin/claude-vscode-env" 2>/dev/null); then
    environment_problem='no Python was found' environment_next='claude-vscode-env'
    return 1
  fi
  echo 'Preparing Python, once: this takes a moment.' >&2
  if ! said=$({ [ -x "$environment/bin/pip" ] || "$python" -m venv "$environment"; } 2>&1); then
    environment_problem="no environment can be made: ${said: -300}"
    environment_next="$python -m venv $environment"
    return 1
  fi
  install=("$environment/bin/pip" install -q --disable-pip-version-check --retries 1 --timeout 10)
  [ ! -d "$environment_tools/wheels" ] || offline=(--no-index --find-links "$environment_tools/wheels")
  # What was not staged may be on the internet, where there is one.
  if ! said=$("${install[@]}" ${offline[@]+"${offline[@]}"} -r "$requirements" 2>&1) &&
    { [ ${#offline[@]} -eq 0 ] || ! "${install[@]}" "${offline[@]:1}" -r "$requirements" >/dev/null 2>&1; }; then
    said=$(printf '%s' "$said" | tail -n 1 | cut -c1-300)
    environment_problem="what requirements.txt names cannot be installed: $said"
    environment_next="$environment/bin/pip install -r $requirements"
    return 1
  fi
  : >"$environment/.has-$sum"
}
