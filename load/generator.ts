// One point's load, from its first phase to its last line: builds the parts, plays the phases one after the other, and does
// what the harness asks for afterwards.
import { random } from '../contract/random.ts'
import type { LoadPhase } from '../contract/plan.ts'
import type { Scenario } from '../contract/scenario.ts'
import { Apps } from './apps.ts'
import { batchPhase, type BatchPhase } from './batches.ts'
import { nowMs } from './clock.ts'
import { closedPhase } from './closed.ts'
import { Follower } from './follower.ts'
import { History } from './history.ts'
import { openPhase } from './open.ts'
import { Messenger } from './messenger.ts'
import { Outcomes } from './outcomes.ts'
import type { Phase, PhaseTools } from './phase.ts'
import type { Begin, FromLoad } from './protocol.ts'
import { Reader } from './reader.ts'
import { closedSize, rateOf } from './calibration.ts'
import { PhaseRecorder } from './recorder.ts'
import { Runs } from './runs.ts'
import { Starter } from './starter.ts'
import { Tries } from './tries.ts'

const progressMs = 250

export interface Generator {
  release(batch: number): void
  stop(): void
  drain(deadlineMs: number): Promise<void>
  read(reader: string, sample: number | undefined): Promise<void>
  finish(): Promise<void>
}

/** Begins at once. `send` reports to the harness. */
export async function generate(begin: Begin, scenario: Scenario, send: (message: FromLoad) => void): Promise<Generator> {
  const { plan, seed, runId, params } = begin
  const fatal = (message: string): void => send({ type: 'fatal', message })
  const history = await History.create(begin.folder, fatal)
  const apps = new Apps(begin.apps, plan.callDeadlineMs, (error) => fatal(error.message))
  const runs = new Runs(random(seed, 'load/followed'), random(seed, 'load/doubled'))
  const tries = new Tries()
  const recorders: PhaseRecorder[] = []
  const phases: Phase[] = []
  const names = plan.phases.map(({ name }) => JSON.stringify(name))
  const idPrefix = JSON.stringify(`${runId}-`).slice(0, -1)
  const ids = (index: number): string => `${idPrefix}${index}"`
  const phaseOf = (index: number): Phase | undefined => phases[runs.phase[index]!]

  const outcomes = new Outcomes({ ids, history, runs, recorders, ended: (index) => phaseOf(index)?.settled?.(index, false) })
  const messenger = new Messenger({ apps, history, tries, ids })
  const follower = new Follower({ apps, runs, outcomes, tries, ids, lost: (index) => phaseOf(index)?.lost?.(index) })
  const starter = new Starter({
    apps, history, runs, follower, tries, recorders, ids,
    scenario: JSON.stringify(scenario.name),
    input: (index) => JSON.stringify(scenario.input(seed, index, params)),
    phase: (index) => names[runs.phase[index]!]!,
    accepted: (index) => {
      messenger.plan(index, scenario.signals(seed, index, `${runId}-${index}`, params), scenario.cancels?.(seed, index) ?? null)
    },
    rejected: (index) => phaseOf(index)?.settled?.(index, true),
  })
  const reader = new Reader({ apps, runs, outcomes, tries, runId, draws: random(seed, 'load/reread') })

  let current = ''
  let batches: BatchPhase | null = null
  let stopping = new AbortController()
  let ending = false

  function create(phase: LoadPhase, tools: PhaseTools): Phase {
    if (phase.kind === 'closed') return closedPhase(closedSize(phase, recorders), tools)
    if (phase.kind === 'open') return openPhase(phase, rateOf(phase.rate, recorders), random(seed, `load/arrivals/${phase.name}`), tools)
    batches = batchPhase(phase, tools, (batch, edge) => send({ type: 'batch', phase: phase.name, batch, state: edge }))
    return batches
  }

  async function play(phase: LoadPhase, number: number): Promise<void> {
    const firstIndex = runs.count
    const recorder = new PhaseRecorder(phase.name, phase.kind, firstIndex)
    recorders.push(recorder)
    current = phase.name
    batches = null
    stopping = new AbortController()
    const followedShare = phase.kind === 'open' ? plan.followedShare : 1
    const tools: PhaseTools = {
      recorder, stop: stopping.signal,
      reserve: (count) => runs.reserve(count, number, followedShare, plan.doubledShare),
      start: (index, intendedMs) => starter.start(index, intendedMs),
      openCalls: () => tries.open,
    }
    const player = create(phase, tools)
    phases.push(player)
    history.phase(nowMs(), names[number]!, 'begin')
    send({ type: 'phase', name: phase.name, edge: 'begin', firstIndex })
    await player.play()
    if (stopping.signal.aborted) recorder.invalidate('the phase was stopped early')
    history.phase(nowMs(), names[number]!, 'end')
    send({ type: 'phase', name: phase.name, edge: 'end', firstIndex })
  }

  async function playAll(): Promise<void> {
    await apps.connected(plan.callDeadlineMs)
    for (const [number, phase] of plan.phases.entries()) if (!ending) await play(phase, number)
    send({ type: 'phases-over' })
  }

  function endPhases(): void {
    ending = true
    stopping.abort()
  }

  const progress = setInterval(() => {
    const batch = batches?.current
    send({ type: 'progress', started: runs.started, completed: runs.ended, inFlight: runs.inFlight, phase: current, ...(batch === undefined ? {} : { batch }) })
  }, progressMs)
  const played = playAll()
  played.catch((error: Error) => fatal(error.message))

  return {
    release: (batch) => {
      if (batches === null) throw new Error(`expected a phase of batches to release batch ${batch} of, found phase '${current}'; wait for its begin`)
      batches.release(batch)
    },
    stop: endPhases,
    drain: async (deadlineMs) => {
      endPhases()
      await played
      const left = await reader.drain(deadlineMs)
      tries.stop()
      apps.abandon('the drain was over')
      send({ type: 'drained', left })
    },
    read: async (name, sample) => send({ type: 'read', reader: name, ...await reader.readAgain(name, sample) }),
    finish: async () => {
      clearInterval(progress)
      endPhases()
      await played
      tries.stop()
      apps.abandon('the client finished')
      apps.close()
      await history.close(nowMs())
      send({ type: 'done', phases: recorders.map((recorder) => recorder.report()), bugs: tries.bugs })
    },
  }
}
