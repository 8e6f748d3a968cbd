// For tests only: a world in a process and a folder of its own, and what its ledger holds.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { LedgerLine } from '../contract/logs.ts'
import type { StepIdentity } from './client.ts'
import { worldVariable, type WorldSettings } from './settings.ts'

interface SpawnedWorld extends AsyncDisposable {
  readonly url: string
  readonly folder: string
  readonly ledgerFile: string
  /** Its exit code. */
  readonly exit: Promise<number | null>
  stderr(): string
  /** What the file holds by now. */
  ledger(): LedgerLine[]
  end(how: 'SIGTERM' | 'stdin'): Promise<number | null>
}

/** fileLimitBlocks: no file may become longer (of 512 or 1024 bytes, as the shell counts); stands for a full disk. */
export async function spawnWorld(settings: Partial<WorldSettings> = {}, { fileLimitBlocks }: { fileLimitBlocks?: number } = {}): Promise<SpawnedWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'durabench-world-'))
  const ledgerFile = join(folder, 'world.jsonl')
  const all: WorldSettings = { seed: 1, ledgerFile, latency: { medianMs: 0, p99Ms: 0 }, failures: { status429: 0, status500: 0, hungAfterApplied: 0 }, ...settings }
  const limit = fileLimitBlocks === undefined ? '' : `ulimit -f ${fileLimitBlocks}; `
  const child = spawn('sh', ['-c', `${limit}exec "$0" "$1"`, process.execPath, join(import.meta.dirname, 'main.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, [worldVariable]: JSON.stringify(all) },
  })
  const exit = once(child, 'close').then(([code]) => code as number | null)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line') as Promise<[string]>,
    exit.then((code) => { throw new Error(`expected the world to be ready, found that it ended with ${code}: ${stderr}`) }),
  ])
  const { url } = JSON.parse(line.slice('ready '.length)) as { url: string }

  function end(how: 'SIGTERM' | 'stdin'): Promise<number | null> {
    if (how === 'SIGTERM') child.kill('SIGTERM')
    else child.stdin.end()
    return exit
  }

  return {
    url,
    folder,
    ledgerFile,
    exit,
    stderr: () => stderr,
    ledger: () => readLedger(ledgerFile),
    end,
    async [Symbol.asyncDispose]() {
      await end('SIGTERM')
      rmSync(folder, { recursive: true })
    },
  }
}

export function readLedger(file: string): LedgerLine[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as LedgerLine)
}

export function lines<K extends LedgerLine['k']>(ledger: readonly LedgerLine[], k: K): Extract<LedgerLine, { k: K }>[] {
  return ledger.filter((line) => line.k === k) as Extract<LedgerLine, { k: K }>[]
}

/** Step `seq` of a workflow, with its usual key. */
export function step(workflowId: string, seq: number, rest: Partial<StepIdentity> = {}): StepIdentity {
  return { workflowId, seq, step: 'a-step', source: 'worker-1', inputHash: 7, prev: [], key: `${workflowId}/${seq}`, keyed: true, ...rest }
}

export const patience = (): AbortSignal => AbortSignal.timeout(10_000)
