// Is it a result, whole and of this version? Reports read files that may be old, cut short or edited by hand: better one
// sentence than a chart of nonsense. The schema is generated from the types (see schema.ts).
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Result } from '../contract/result.ts'
import schema from './result.schema.json' with { type: 'json' }

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<Result>(schema)

/** @throws when `value` is no Result; `source` says where it came from. */
export function asResult(value: unknown, source: string): Result {
  if (validate(value)) return value
  // Alternatives of a union report one error each: the deepest path is the one that tells most.
  const errors = [...(validate.errors ?? [])].sort((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length)
  const first = errors.slice(0, 3).map((error) => `${error.instancePath || 'the whole'} ${error.message ?? error.keyword}`)
  throw new Error(`expected a durabench result of schema version 1 in ${source}; found: ${first.join('; ')}; was it written by another version, or edited?`)
}
