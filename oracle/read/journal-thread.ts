// The thread that scans a large journal. Its columns are handed over, not copied.
import { parentPort, workerData } from 'node:worker_threads'
import { scanJournal } from './journal-scan.ts'

const { path, prefix } = workerData as { path: string; prefix: string }
const columns = await scanJournal(path, prefix)
parentPort!.postMessage(columns, [columns.run, columns.kind, columns.seq, columns.nonce, columns.inputHash, columns.line].map((column) => column.buffer as ArrayBuffer))
