// Which images are used, all of them: their makers' own, pinned by version, unless the environment names others (a mirror's, or the
// stand-ins of docker/local, where no registry is in reach). Results name what ran, with its id.
import { serverVersion } from '../temporal/build.ts'

const official = {
  postgres: 'postgres:18.4-bookworm',
  temporal: `temporalio/server:${serverVersion}`,
  'temporal-tools': `temporalio/admin-tools:${serverVersion}`,
  toxiproxy: 'ghcr.io/shopify/toxiproxy:2.12.0',
  /** For workers, whose code is mounted: any with a C library of GNU's and a Node that strips types. */
  node: 'node:24.21.0-bookworm-slim',
} as const

export type ImageFor = keyof typeof official

/** The variable that names another: DURABENCH_IMAGE_POSTGRES, DURABENCH_IMAGE_TEMPORAL_TOOLS, … */
export const imageVariable = (what: ImageFor): string => `DURABENCH_IMAGE_${what.toUpperCase().replaceAll('-', '_')}`

export function imageFor(what: ImageFor): string {
  return process.env[imageVariable(what)] || official[what]
}
