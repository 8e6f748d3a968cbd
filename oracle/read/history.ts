// H: pairs each answer with its call, and gives both to the run they are about.
import type { HistoryLine } from '../../contract/logs.ts'
import type { Call, Contradiction, SignalCall, StartCall } from '../evidence.ts'
import type { TakeLine } from './jsonl.ts'
import type { Runs } from './runs.ts'

export interface HistoryReading {
  readonly take: TakeLine<HistoryLine>
  readonly phases: { name: string; edge: 'begin' | 'end'; atMs: number }[]
  readonly contradictions: Contradiction[]
  observedUntilMs: number
}

export function readingHistory(runs: Runs): HistoryReading {
  const open = new Map<number, Call | StartCall | SignalCall>()
  const reading: HistoryReading = { take, phases: [], contradictions: [], observedUntilMs: 0 }

  function take(line: HistoryLine): number | undefined {
    reading.observedUntilMs = line.t
    switch (line.ph) {
      case 'invoke': return invoke(line)
      case 'ok':
      case 'fail':
      case 'info': return answer(line)
      case 'seen': {
        if (typeof line.outcome.status !== 'string') throw new Error('an outcome without a status')
        runs.of(line.id).seen.push({ n: line.n, atMs: line.t, reader: line.reader, outcome: line.outcome })
        return
      }
      case 'phase': {
        reading.phases.push({ name: line.name, edge: line.edge, atMs: line.t })
        return
      }
      case 'end': return line.lines
      default: throw new Error(`unknown kind ${JSON.stringify((line as { ph: unknown }).ph)}`)
    }
  }

  function invoke(line: Extract<HistoryLine, { ph: 'invoke' }>): undefined {
    const { n, t: invokedMs, app } = line
    if (line.op === 'start') {
      const start: StartCall = { n, invokedMs, app, answer: null, answeredMs: 0, answerN: 0, intendedMs: line.intended, phase: line.phase, how: null }
      runs.of(line.id, line.scenario).starts.push(start)
      open.set(line.n, start)
    } else if (line.op === 'signal') {
      const signal: SignalCall = { n, invokedMs, app, answer: null, answeredMs: 0, answerN: 0, signalId: line.signalId, name: line.name }
      runs.of(line.id).signals.push(signal)
      open.set(line.n, signal)
    } else {
      const call: Call = { n, invokedMs, app, answer: null, answeredMs: 0, answerN: 0 }
      runs.of(line.id).cancels.push(call)
      open.set(line.n, call)
    }
  }

  function answer(line: Extract<HistoryLine, { ph: 'ok' | 'fail' | 'info' }>): undefined {
    const call = open.get(line.call)
    if (call === undefined) {
      reading.contradictions.push({ summary: `an answer to call ${line.call}, which is not open`, workflowId: line.id, lines: [`history.jsonl#${line.n}`], missing: ['history'] })
      return
    }
    open.delete(line.call)
    call.answer = line.ph
    call.answeredMs = line.t
    call.answerN = line.n
    if (line.ph === 'ok' && line.op === 'start') (call as StartCall).how = line.how
  }

  return reading
}
