import type { CommandUnknownOpts } from '@commander-js/extra-typings'

/** Ends a command's help with examples: each the command line as typed, and what it does. */
export function addExamples(command: CommandUnknownOpts, examples: [command: string, does: string][]): void {
  const widest = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, does]) => `  ${line.padEnd(widest)}  # ${does}`)
  command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}
