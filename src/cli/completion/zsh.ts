import { forAShell } from '../../domain/replayed/made/for-a-shell.ts';
import type { CompletedCommand, Values } from './command-tree.ts';

/** For zsh, after compinit. Options and commands come with their descriptions. */
export function zshScript(tree: readonly CompletedCommand[]): string {
  const places = tree.filter(({ place }) => place !== '').map(({ place }) => `'${place}'`);
  return `#compdef workshop
_workshop_ids() {
  local -a ids
  ids=(workshops/*(N/:t))
  (( \${#ids} )) && compadd -- $ids
}
_workshop() {
  local at='' next i
  local -a flags below
  for ((i = 2; i < CURRENT; i++)); do
    next="\${at:+$at }\${words[i]}"
    case $next in (${places.join('|')}) at=$next ;; esac
  done
  case "$at \${words[CURRENT-1]}" in
${tree.flatMap(valueCases).join('\n')}
  esac
  case $at in
${tree.map(placeCase).join('\n')}
  esac
}
compdef _workshop workshop`;
}

const valueCases = ({ place, options }: CompletedCommand): string[] =>
  options.flatMap(({ names, value }) =>
    value === undefined
      ? []
      : [`    (${names.map((name) => `'${place} ${name}'`).join('|')}) ${offer(value)} return ;;`],
  );

const offer = (value: Values): string => {
  if (typeof value === 'object') return `compadd -- ${value.choices.map(forAShell).join(' ')};`;
  return { files: '_files;', ids: '_workshop_ids;', 'ids and files': '_workshop_ids; _files;', anything: '' }[value];
};

/** What _describe takes: a colon parts the word from what is said of it. */
const described = (word: string, said: string): string => forAShell(`${word.replaceAll(':', '\\:')}:${said}`);

function placeCase({ place, options, below, values }: CompletedCommand): string {
  const flags = options.map(({ names, description }) => described(names.at(-1) ?? '', description));
  const words = below.map(({ name, description }) => described(name, description));
  const rest = [...new Set(values.map(offer))].filter((part) => part !== '').join(' ');
  return `    ('${place}')
      if [[ $words[CURRENT] == -* ]]; then
        flags=(${flags.join(' ')})
        _describe -o option flags
      else
        ${words.length === 0 ? ':' : `below=(${words.join(' ')}); _describe command below`}
        ${rest || ':'}
      fi ;;`;
}
