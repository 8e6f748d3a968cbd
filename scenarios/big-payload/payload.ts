// Large texts: made of what serialisers, drivers and stores stumble over, and numbered, so that a missing piece is missed.
import { hash32 } from '../../contract/random.ts'

/** Quotes, backslashes, control characters (NUL among them), several bytes a character, line separators, half a surrogate pair. */
const awkward = '"quoted" \\ back \n\t\u0000\u001b äöü € 漢字 😀 \u2028\u2029 \ud800 </script> %s ${x} '
/** Of a piece as JSON in UTF-8, its number included. */
const pieceBytes = Buffer.byteLength(JSON.stringify(awkward)) + 10

/** About so many bytes as JSON in UTF-8, never more. */
export function payload(label: string, bytes: number): string {
  const pieces = Array.from({ length: Math.floor((bytes - 2 * label.length) / pieceBytes) }, (_, i) => `${String(i).padStart(8, '0')}${awkward}`)
  return label + pieces.join('')
}

export function fingerprint(text: string): string {
  return `${text.length} characters, ${hash32(text)}`
}
