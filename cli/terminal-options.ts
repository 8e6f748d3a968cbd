// How wide and how coloured: as the terminal is, plain in a log or where NO_COLOR asks for it.
import type { TerminalOptions } from '../reports/terminal.ts'

const logWidth = 120

export function terminalOptions(folder: string): TerminalOptions {
  const { isTTY, columns } = process.stdout
  return { colour: isTTY && process.env['NO_COLOR'] === undefined, width: columns ?? logWidth, folder }
}
