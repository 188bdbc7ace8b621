import type { CompletedCommand, Values } from './command-tree.ts';

/**
 * For PowerShell 7, where it runs beside sh, which the program itself needs. Where nothing is offered, PowerShell
 * offers files by itself.
 */
export function powershellScript(tree: readonly CompletedCommand[]): string {
  return `# PowerShell completion of workshop
Register-ArgumentCompleter -Native -CommandName workshop -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $ids = { Get-ChildItem -Directory workshops -ErrorAction SilentlyContinue | ForEach-Object Name }
  $words = @{
${tree.map(wordsLine).join('\n')}
  }
  $values = @{
${tree.flatMap(valueLines).join('\n')}
  }
  $written = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($wordToComplete -ne '' -and $written.Count -gt 0) { $written = @($written | Select-Object -SkipLast 1) }
  $at = ''
  foreach ($word in $written) { if ($words.ContainsKey("$at $word".Trim())) { $at = "$at $word".Trim() } }
  $last = if ($written.Count -gt 0) { $written[-1] } else { '' }
  $offered = if ($values.ContainsKey("$at $last")) { $values["$at $last"] } else { $words[$at] }
  $offered | ForEach-Object { if ($_ -is [scriptblock]) { & $_ } else { $_ } } |
    Where-Object { $_ -like "$wordToComplete*" } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A block is run when somebody completes, and not before. */
function offer(value: Values): string[] {
  if (typeof value === 'object') return value.choices.map(quoted);
  return value === 'ids' || value === 'ids and files' ? ['$ids'] : [];
}

const wordsLine = ({ place, below, options, values }: CompletedCommand): string =>
  `    ${quoted(place)} = @(${[
    ...below.map(({ name }) => quoted(name)),
    ...new Set(values.flatMap(offer)),
    ...options.map(({ names }) => quoted(names.at(-1) ?? '')),
  ].join(', ')})`;

const valueLines = ({ place, options }: CompletedCommand): string[] =>
  options.flatMap(({ names, value }) =>
    value === undefined ? [] : names.map((name) => `    ${quoted(`${place} ${name}`)} = @(${offer(value).join(', ')})`),
  );
