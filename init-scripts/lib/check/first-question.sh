#!/usr/bin/env bash
# What Claude Code sends first to a model of this name, in fields, roles and betas, and no longer than it takes
# (docs/facts/claude-on-databricks.md section 1.2). src/domain/money/first-request.ts knows the same. Sourced.

# first_question MODEL: sets question (JSON) and question_betas.
first_question() {
  local model=$1 thinking=adaptive effort=high role=1 fields=''
  case $model in
    *claude-3-7-sonnet*) thinking='' effort='' role='' ;;
    *claude-opus-4-5*) thinking=enabled role='' ;;
    *claude-sonnet-4-6* | *claude-opus-4-6*) role='' ;;
    *claude-opus-4-7*) effort=xhigh role='' ;;
    *claude-opus-4-8*) ;;
    *claude-sonnet-4* | *claude-haiku-4* | *claude-opus-4*) thinking=enabled effort='' role='' ;;
  esac
  question_betas=claude-code-20250219
  [ -z "$thinking" ] || question_betas+=,interleaved-thinking-2025-05-14
  [ -z "$effort" ] || question_betas+=,effort-2025-11-24
  [ -z "$role" ] || question_betas+=,mid-conversation-system-2026-04-07
  case $thinking in
    enabled) fields+=', "thinking": {"type": "enabled", "budget_tokens": 1999}' ;;
    adaptive) fields+=', "thinking": {"type": "adaptive"}' ;;
  esac
  [ -z "$effort" ] || fields+=", \"output_config\": {\"effort\": \"$effort\"}"
  local said='{"role": "user", "content": [{"type": "text", "text": "Reply with exactly: ready"}]}'
  [ -z "$role" ] || said+=', {"role": "system", "content": "Use no tool."}'
  local input='{"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}'
  # shellcheck disable=SC2034 # check/workspace.sh asks it
  question="{\"model\": \"$model\", \"max_tokens\": 2000, \"messages\": [$said], \"system\": [{\"type\": \"text\",
    \"text\": \"Answer shortly.\", \"cache_control\": {\"type\": \"ephemeral\"}}], \"tools\": [{\"name\": \"Bash\",
    \"description\": \"Runs a command.\", \"input_schema\": $input}]$fields}"
}
