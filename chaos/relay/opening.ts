// The packets before the first typed message: a length and a code. Encryption is refused, since what can't be read can't be hit
// at an exact place; loopback needs none.
const startupCode = 196_608
const cancelCode = 80_877_102
const encryptionCodes = [80_877_103, 80_877_104]

type Opening =
  | { readonly kind: 'startup'; readonly application: string }
  | { readonly kind: 'encryption' }
  | { readonly kind: 'cancel' }

export interface Opened {
  readonly opening: Opening
  readonly packet: Buffer
  readonly rest: Buffer
}

/** null: not whole yet. Throws at what is no Postgres client. */
export function readOpening(bytes: Buffer): Opened | null {
  if (bytes.length < 8) return null
  const length = bytes.readInt32BE(0)
  if (length < 8 || length > 10_000) throw new Error(`expected the first packet of a Postgres client, found one of ${length} bytes`)
  if (bytes.length < length) return null
  const packet = bytes.subarray(0, length)
  return { opening: openingOf(packet), packet, rest: bytes.subarray(length) }
}

function openingOf(packet: Buffer): Opening {
  const code = packet.readInt32BE(4)
  if (code === cancelCode) return { kind: 'cancel' }
  if (encryptionCodes.includes(code)) return { kind: 'encryption' }
  if (code >> 16 !== startupCode >> 16) throw new Error(`expected version 3 of Postgres' protocol, found code ${code}`)
  const words = packet.toString('utf8', 8).split('\0')
  const at = words.findIndex((word, i) => i % 2 === 0 && word === 'application_name')
  return { kind: 'startup', application: at < 0 ? '' : words[at + 1]! }
}
