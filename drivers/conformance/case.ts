// What a case is, and the few words that cases are written with.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Capability, Outcome } from '../../contract/driver.ts'
import type { Json } from '../../contract/json.ts'
import type { Output } from '../../contract/logs.ts'
import type { Instruction } from '../../scenarios/script/workflow.ts'
import type { AppClient } from './app-client.ts'
import type { Lab } from './lab.ts'

export interface Case {
  /** Reads as a sentence about the driver. */
  readonly name: string
  /** A driver that declares it absent skips the case, visibly. */
  readonly needs?: Capability
  run(): Promise<void>
}

/** An engine gets this long to end a run when nothing is in its way, and after a recovery. */
export const endMs = 45_000

export async function startScript(client: AppClient, id: string, script: readonly Instruction[]): Promise<void> {
  assert.equal(await client.start('script', id, script as unknown as Json), 'started')
}

/** Runs a script on the shared worker to its end. */
export async function play(lab: Lab, script: readonly Instruction[], id = lab.nextId()): Promise<Outcome> {
  const client = await (await lab.shared()).client()
  await startScript(client, id, script)
  return client.outcome(id, endMs)
}

/** The body's value: one result per instruction. */
export function valueOf(outcome: Outcome): Json {
  assert.equal(outcome.status, 'completed', `expected the run to complete, found ${JSON.stringify(outcome)}`)
  return ((outcome as { output: Json }).output as unknown as Output).value
}

export function traceOf(outcome: Outcome): Output['trace'] {
  assert.equal(outcome.status, 'completed', `expected the run to complete, found ${JSON.stringify(outcome)}`)
  return ((outcome as { output: Json }).output as unknown as Output).trace
}

export function failureOf(outcome: Outcome): { code: string; message: string } {
  assert.equal(outcome.status, 'failed', `expected the run to fail, found ${JSON.stringify(outcome)}`)
  return (outcome as { error: { code: string; message: string } }).error
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const deadline = performance.now() + withinMs; !(await holds()); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`expected within ${withinMs} ms: ${what}`)
  }
}

export const probe = (value: string, more: { readonly failures?: number; readonly refuse?: boolean; readonly delayMs?: number } = {}): Instruction & { step: string } =>
  ({ step: 'probe', input: { value, ...more } })
