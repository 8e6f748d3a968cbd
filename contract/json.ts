// What may cross a process, a store or an engine: strict JSON. No undefined, NaN, Date or bigint, since each engine's
// serialiser mangles those in a way of its own. Every driver has a round-trip test.
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
