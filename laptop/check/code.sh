#!/bin/sh
# The code for whoever asked for the check: src/domain/papers/laptop-evidence.ts says what each sign means.
# Read in by check.sh.
# shellcheck disable=SC2034,SC2154

# signs NUMBER COUNT: the number in base 32.
signs() {
  rest=$1
  left=$2
  text=
  while [ "$left" -gt 0 ]; do
    text=$(printf %s 0123456789ABCDEFGHJKMNPQRSTVWXYZ | cut -c $((rest % 32 + 1)))$text
    rest=$((rest / 32))
    left=$((left - 1))
  done
  printf %s "$text"
}
# fingerprint TEXT: a number below 32,749.
fingerprint() {
  rest=$1
  sum=0
  while [ -n "$rest" ]; do
    tail=${rest#?}
    sum=$(((sum * 37 + $(printf %d "'${rest%"$tail"}")) % 32749))
    rest=$tail
  done
  printf %s "$sum"
}
at_most() { if [ "$1" -gt "$2" ]; then printf %s "$2"; else printf %s "$1"; fi; }

# In base three: 0 not tested, 1 passed, 2 failed. Two bits for each of eleven would be a sign more to read out.
results_in_three=0
for check in cli version ssh vscode remote-ssh settings reach apps sign-in tunnel check-claude; do
  case $results in *" $check=1 "*) result=1 ;; *" $check=2 "*) result=2 ;; *) result=0 ;; esac
  results_in_three=$((results_in_three * 3 + result))
done
code=2$(signs $((system * 4 + proxy)) 1)$(signs $(($(date +%s) / 86400)) 3)
code=$code$(signs "$(at_most "$major" 31)" 1)$(signs "$(at_most "$minor" 1023)" 2)$(signs "$(at_most "$patch" 31)" 1)
code=$code$(signs "$workspace_issuer" 1)$(signs "$results_in_three" 4)$(signs "$(fingerprint "$host")" 3)
code=$code$(signs "$(fingerprint "$code")" 3)
