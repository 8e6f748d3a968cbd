// F: faults by victim, and the lives of processes.
import type { FaultLine } from '../../contract/logs.ts'
import type { FaultEvent, OperatorCall, ProcessLife, Standstill } from '../evidence.ts'
import type { TakeLine } from './jsonl.ts'

export interface FaultsReading {
  readonly take: TakeLine<FaultLine>
  readonly faults: FaultEvent[]
  readonly lives: ProcessLife[]
  readonly operators: OperatorCall[]
  readonly standstills: Standstill[]
}

export function readingFaults(): FaultsReading {
  const byVictim = new Map<string, FaultEvent>()
  const byIncarnation = new Map<string, ProcessLife>()
  const reading: FaultsReading = { take, faults: [], lives: [], operators: [], standstills: [] }

  function take(line: FaultLine): number | undefined {
    switch (line.k) {
      case 'spawned': return spawned(line)
      case 'ready': return change(line, (life) => (life.readyMs = line.t))
      case 'exited': return change(line, (life) => Object.assign(life, { exitedMs: line.t, code: line.code, signal: line.signal, expected: line.expected }))
      case 'fault': return fault(line)
      case 'operator': {
        reading.operators.push({ atMs: line.t, incarnation: line.incarnation ?? null })
        return
      }
      case 'stood-still': {
        reading.standstills.push({ incarnation: line.incarnation, fromMs: line.fromMs, untilMs: line.untilMs })
        return
      }
      case 'mark': return
      case 'end': return line.lines
      default: throw new Error(`unknown kind ${JSON.stringify((line as { k: unknown }).k)}`)
    }
  }

  function spawned({ role, slot, incarnation, t, n }: Extract<FaultLine, { k: 'spawned' | 'ready' }>): undefined {
    const life: ProcessLife = { role, slot, incarnation, spawnedMs: t, readyMs: null, exitedMs: null, code: null, signal: null, expected: false, lines: [n] }
    byIncarnation.set(incarnation, life)
    reading.lives.push(life)
  }

  function change(line: { readonly n: number; readonly incarnation: string }, apply: (life: ProcessLife) => void): undefined {
    const life = byIncarnation.get(line.incarnation)
    if (life === undefined) throw new Error(`${line.incarnation} was never spawned`)
    life.lines.push(line.n)
    apply(life)
  }

  function fault(line: Extract<FaultLine, { k: 'fault' }>): undefined {
    // One that was given up names no victim: it was given up for all that it had.
    const whole = line.phase === 'skipped' && line.slot === undefined ? reading.faults.filter((event) => event.fault === line.fault) : []
    for (const event of whole.length > 0 ? whole : [eventOf(line)]) {
      event.lines.push(line.n)
      if (line.why !== undefined) event.why = line.why
      if (line.phase === 'applied') event.appliedMs = line.t
      else if (line.phase === 'proved') event.provedMs = line.t
      else if (line.phase === 'healed') event.healedMs = line.t
      else if (line.phase === 'skipped') for (const victim of reading.faults) if (victim.fault === line.fault) victim.skipped = true
    }
  }

  function eventOf(line: Extract<FaultLine, { k: 'fault' }>): FaultEvent {
    const key = `${line.fault}/${line.slot ?? 'whoever'}`
    const known = byVictim.get(key)
    if (known !== undefined) return known
    const event: FaultEvent = {
      fault: line.fault, kind: line.kind, role: line.role, slot: line.slot ?? null, incarnation: line.incarnation ?? null, link: line.link ?? null,
      workflowId: line.workflowId ?? null, step: line.step ?? null, seq: line.seq ?? null, attempt: line.attempt ?? null, point: line.point ?? null,
      appliedMs: null, provedMs: null, healedMs: null, skipped: false, why: '', lines: [],
    }
    byVictim.set(key, event)
    reading.faults.push(event)
    return event
  }

  return reading
}
