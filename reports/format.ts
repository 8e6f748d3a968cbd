// Figures for people: three significant digits, the unit that fits, and a dash where there is nothing to show. Rounding
// loses digits on purpose: result.json keeps them all.

export const nothing = '–'

const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 })
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 12345.6 → `12,300`; null → `–`. */
export function figure(value: number | null): string {
  return value === null ? nothing : significant.format(value)
}

/** Counts are exact: 12345 → `12,345`. */
export function count(value: number | null): string {
  return value === null ? nothing : whole.format(value)
}

/** `0.42 ms`, `123 ms`, `1.23 s`, `2 min 5 s`. */
export function duration(ms: number | null): string {
  if (ms === null) return nothing
  // The limits leave room for rounding, so that 999.7 ms reads `1 s` and never `1,000 ms`.
  if (Math.abs(ms) < 999.5) return `${significant.format(ms)} ms`
  if (Math.abs(ms) < 59_950) return `${significant.format(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  const rest = seconds % 60
  return rest === 0 ? `${whole.format(seconds / 60)} min` : `${whole.format(Math.floor(seconds / 60))} min ${rest} s`
}

export function durationUs(us: number | null): string {
  return duration(us === null ? null : us / 1000)
}

/** 0.0312 → `3.12 %`. */
export function percent(share: number | null): string {
  return share === null ? nothing : `${significant.format(share * 100)} %`
}

/** The world prices model calls in millionths of a dollar. */
export function dollars(micros: number | null): string {
  return micros === null ? nothing : `$${significant.format(micros / 1e6)}`
}

export function bytes(value: number | null): string {
  if (value === null) return nothing
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let power = 0
  while (value >= 999.5 && power < units.length - 1) {
    value /= 1000
    power++
  }
  return `${significant.format(value)} ${units[power]}`
}

/** `1 crash`, `3 crashes`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/**
 * A figure whose unit is the end of its name, as measures carry it: `latenessP99Ms` → `1.2 s`, `duplicateShare` → `3 %`.
 * Names without a known unit are printed bare.
 */
export function measure(name: string, value: number): string {
  if (/Ms$/.test(name)) return duration(value)
  if (/Us$/.test(name)) return durationUs(value)
  if (/(Share|Rate)$/.test(name)) return percent(value)
  if (/Micros$/.test(name)) return dollars(value)
  if (/Bytes$/.test(name)) return bytes(value)
  return Number.isInteger(value) ? count(value) : figure(value)
}
