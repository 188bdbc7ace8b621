import { forAShell } from '../../domain/replayed/made/for-a-shell.ts';
import type { CompletedCommand, Values } from './command-tree.ts';

/** For bash 3.2 and later: macOS has no newer one. */
export function bashScript(tree: readonly CompletedCommand[]): string {
  const places = tree.filter(({ place }) => place !== '').map(({ place }) => `'${place}'`);
  return `# bash completion of workshop
_workshop_words() { COMPREPLY+=($(compgen -W "$1" -- "$cur")); }
_workshop_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY+=($(compgen -f -- "$cur"))
}
_workshop_ids() {
  local folder
  for folder in workshops/*/; do [ -d "$folder" ] && _workshop_words "$(basename "$folder")"; done
}
_workshop() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at='' i next
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${at:+$at }\${COMP_WORDS[i]}"
    case $next in ${places.join('|')}) at=$next ;; esac
  done
  case "$at $prev" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case $at in
${tree.map(placeCase).join('\n')}
  esac
}
complete -F _workshop workshop`;
}

/** After an option that takes a value, nothing else may come. */
const valueCases = ({ place, options }: CompletedCommand): string[] =>
  options.flatMap(({ names, value }) =>
    value === undefined
      ? []
      : [`    ${names.map((name) => `'${place} ${name}'`).join('|')}) ${offer(value)} return ;;`],
  );

const offer = (value: Values): string => {
  if (typeof value === 'object') return `_workshop_words ${forAShell(value.choices.join(' '))};`;
  return {
    files: '_workshop_files;',
    ids: '_workshop_ids;',
    'ids and files': '_workshop_ids; _workshop_files;',
    anything: '',
  }[value];
};

function placeCase({ place, options, below, values }: CompletedCommand): string {
  const flags = options.map(({ names }) => names.at(-1)).join(' ');
  const words = below.map(({ name }) => name).join(' ');
  const rest = [...new Set(values.map(offer))].filter((part) => part !== '').join(' ');
  return (
    `    '${place}') case $cur in -*) _workshop_words ${forAShell(flags)} ;; ` +
    `*) ${words === '' ? '' : `_workshop_words ${forAShell(words)}; `}${rest || ':'} ;; esac ;;`
  );
}
