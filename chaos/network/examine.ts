// Tries a partition on this machine, whole: a namespace, a connect through it, a cut that nobody answers, a heal.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGuard } from '../../processes/guard.ts'
import { openWire, type Wire } from './wires.ts'

const answerMs = 5_000
const silenceMs = 300

/** Resolves to what was seen; rejects with what lacks. */
export async function tryPartition(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'durabench-doctor-'))
  await using guard = await startGuard()
  const service = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await once(service, 'listening')
  try {
    await using wire = await openWire(guard, folder)
    return await cutAndMend(wire, (service.address() as AddressInfo).port)
  } finally {
    service.close()
    rmSync(folder, { recursive: true })
  }
}

async function cutAndMend(wire: Wire, port: number): Promise<string> {
  const before = await wire.connectMs(port, answerMs)
  if (before === null) throw new Error(`a network of its own was made, but nothing on loopback answers from there within ${answerMs / 1e3} s; see whether a firewall drops what comes in over new interfaces`)
  await wire.cut(port, 'both')
  if ((await wire.connectMs(port, silenceMs)) !== null) throw new Error('a rule of the router swallowed nothing; the kernel needs CONFIG_IP_MULTIPLE_TABLES and rules by port (Linux 4.17)')
  const { out } = wire.swallowed()
  await wire.mend(port, 'both')
  const after = await wire.connectMs(port, answerMs)
  return `a network of its own in a namespace: connected in ${before} ms, cut off ${out} packet was lost without an answer, mended in ${String(after)} ms`
}
