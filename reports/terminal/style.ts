// Colour and width of text in a terminal. Colour is a hint only: every state also has a symbol or a word.
import { stripVTControlCharacters, styleText } from 'node:util'
import type { Standing } from '../verdicts.ts'
import { symbols } from '../verdicts.ts'

type Tone = 'bold' | 'dim' | 'green' | 'red' | 'yellow'
export type Paint = (tone: Tone, text: string) => string

export function painter(colour: boolean): Paint {
  return (tone, text) => (colour && text !== '' ? styleText(tone, text, { validateStream: false }) : text)
}

const tones: Readonly<Record<Standing, Tone>> = { pass: 'green', fail: 'red', unknown: 'yellow', skipped: 'dim' }

export function standing(paint: Paint, verdict: Standing, text: string = verdict): string {
  return paint(tones[verdict], `${symbols[verdict]} ${text}`)
}

/** Columns that a text takes; all symbols of the reports are one column wide. */
export function columns(text: string): number {
  return [...stripVTControlCharacters(text)].length
}

/** Breaks at spaces, further lines indented by two more; words longer than a line (paths, commands) stay whole, to be copied. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = []
  let line = indent
  let empty = true
  for (const word of text.split(/\s+/)) {
    if (!empty && columns(line) + 1 + columns(word) > width) {
      lines.push(line)
      line = `${indent}  ${word}`
    } else line += empty ? word : ` ${word}`
    empty = false
  }
  return [...lines, line].join('\n')
}
