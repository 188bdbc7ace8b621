import type { CompletedCommand, CompletedOption, Values } from './command-tree.ts';

/** For fish: one line for each command and each option. */
export function fishScript(tree: readonly CompletedCommand[]): string {
  const places = tree.filter(({ place }) => place !== '').map(({ place }) => `'${place}'`);
  return `# fish completion of workshop
function __workshop_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$at $word")
        if contains -- $next ${places.join(' ')}
            set at $next
        end
    end
    test "$at" = "$argv[1]"
end
function __workshop_ids
    for folder in workshops/*/
        basename $folder
    end
end
complete -c workshop -f
${tree.flatMap(linesOf).join('\n')}`;
}

function linesOf({ place, options, below, values }: CompletedCommand): string[] {
  const here = `complete -c workshop -n ${quoted(`__workshop_at ${quoted(place)}`)}`;
  return [
    ...below.map(({ name, description }) => `${here} -a ${name} -d ${quoted(description)}`),
    ...[...new Set(values.flatMap(offer))].map((offered) => `${here} ${offered}`),
    ...options.map((option) => `${here} ${optionWords(option)}`),
  ];
}

function optionWords({ names, description, value }: CompletedOption): string {
  const words = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  // -r: a value has to follow; -x: and it is no file; -F: files, although the program itself takes none.
  const isFile = value === 'files' || value === 'ids and files';
  const taken = value === undefined ? [] : [isFile ? '-r' : '-x', ...offer(value)];
  return [...words, ...taken, `-d ${quoted(description)}`].join(' ');
}

function offer(value: Values): string[] {
  if (typeof value === 'object') return [`-a ${quoted(value.choices.join(' '))}`];
  return {
    files: ['-F'],
    ids: ["-a '(__workshop_ids)'"],
    'ids and files': ["-a '(__workshop_ids)'", '-F'],
    anything: [],
  }[value];
}

/** Within single quotes fish knows two escapes, of the quote and of the backslash. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
