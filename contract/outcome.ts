// How a run stands, as a client sees it. `absent`: the engine knows no such run.
import type { Json } from './json.ts'

export type Outcome =
  | { readonly status: 'completed'; readonly output: Json }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  | { readonly status: 'cancelled' }
  | { readonly status: 'running' }
  | { readonly status: 'absent' }
