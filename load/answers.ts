// Cuts an app's line into answers without parsing their values: an outcome goes into the history as the app wrote it, and a
// scan costs a fraction of a parse. Trade-off: it reads the compact JSON that JSON.stringify writes and refuses any other.

export type AnswerKind = 'ok' | 'rejected' | 'unknown' | 'bug' | 'outcome'

/** The likeliest first. */
const kinds = (['ok', 'outcome', 'unknown', 'rejected', 'bug'] as const).map((kind) => ({ kind, text: `,"${kind}",` }))
const [quote, comma, open, close, openBrace, closeBrace, backslash] = [34, 44, 91, 93, 123, 125, 92] as const

/** Calls `each` for every answer of a line; `value` is raw JSON. */
export function scanAnswers(line: string, each: (n: number, kind: AnswerKind, value: string) => void): void {
  if (line === '[]') return
  let at = 0
  do {
    if (line.charCodeAt(at) !== (at === 0 ? open : comma) || line.charCodeAt(at + 1) !== open) throw malformed(line, at)
    at += 2
    let n = 0
    for (let digit = line.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = line.charCodeAt(++at) - 48) n = n * 10 + digit
    const found = kindAt(line, at)
    const begin = at + found.text.length
    const end = valueEnd(line, begin)
    if (line.charCodeAt(end) !== close) throw malformed(line, end)
    at = end + 1
    each(n, found.kind, line.slice(begin, end))
  } while (at < line.length - 1)
  if (line.charCodeAt(at) !== close) throw malformed(line, at)
}

function kindAt(line: string, at: number): (typeof kinds)[number] {
  for (const kind of kinds) if (line.startsWith(kind.text, at)) return kind
  throw malformed(line, at)
}

function valueEnd(line: string, begin: number): number {
  let depth = 0
  for (let at = begin; at < line.length; at++) {
    const c = line.charCodeAt(at)
    if (c === quote) {
      at = stringEnd(line, at)
      if (depth === 0) return at + 1
    } else if (c === open || c === openBrace) depth++
    else if (c === close || c === closeBrace) {
      if (depth === 0) return at
      if (--depth === 0) return at + 1
    }
  }
  throw malformed(line, begin)
}

/** The position of the quote that closes the string opened at `begin`. */
function stringEnd(line: string, begin: number): number {
  for (let at = line.indexOf('"', begin + 1); at !== -1; at = line.indexOf('"', at + 1)) {
    let escapes = 0
    while (line.charCodeAt(at - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return at
  }
  throw malformed(line, begin)
}

function malformed(line: string, at: number): Error {
  return new Error(`expected a line of answers as contract/intake.ts has them, found ${JSON.stringify(line.slice(Math.max(0, at - 40), at + 80))}; is the app of the same version?`)
}
