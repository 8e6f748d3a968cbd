// The host's monotonic clock, in milliseconds with fractions: comparable across the processes of a host, untouched by NTP.

/** CLOCK_MONOTONIC in ms. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

let lastMs = NaN
let lastText = ''

/** A time as it stands in a log: whole microseconds. Many lines of a tick share one time, so the last text is kept. */
export function timeText(ms: number): string {
  if (ms === lastMs) return lastText
  lastMs = ms
  lastText = String(Math.round(ms * 1e3) / 1e3)
  return lastText
}
