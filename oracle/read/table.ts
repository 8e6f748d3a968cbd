// E, table.jsonl: what transactional steps left in the store, and how often. Read only where the point has such steps.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TableLine } from '../../contract/logs.ts'
import type { Evidence, FileReport } from '../evidence.ts'
import { eachLine } from './chunks.ts'

const file = 'table.jsonl'

export class TableReading {
  /** By workflow, then by key: the lines that tell of it. */
  readonly booked = new Map<string, Map<string, number[]>>()
  readonly #damage: string[] = []
  #lines = 0
  #says = -1

  async read(folder: string): Promise<FileReport> {
    const path = join(folder, file)
    if (!existsSync(path)) this.#damage.push('the file is missing')
    else {
      const { torn } = await eachLine(path, (text, line) => {
        try {
          this.take(JSON.parse(text) as TableLine)
        } catch {
          this.#damage.push(`line ${line} is not JSON: ${text.slice(0, 60)}`)
        }
      })
      if (torn !== '') this.#damage.push('its last line is torn')
    }
    return this.report()
  }

  take(line: TableLine): void {
    if ('rows' in line) {
      this.#says = line.rows
      return
    }
    this.#lines++
    const keys = this.booked.get(line.workflowId) ?? new Map<string, number[]>()
    this.booked.set(line.workflowId, keys.set(line.key, [...(keys.get(line.key) ?? []), this.#lines]))
  }

  report(): FileReport {
    const damage = this.#damage.length === 0 && this.#says !== this.#lines ? [`its end counts ${this.#says === -1 ? 'nothing' : `${this.#says} rows`}, found ${this.#lines}`] : this.#damage
    return { file, log: 'table', records: this.#lines, damage: damage.slice(0, 5), infos: [] }
  }
}

/** Whether the point's scenario leaves evidence in the store, on a driver that can. */
export function hasTable({ context, scenarios }: Pick<Evidence, 'context' | 'scenarios'>): boolean {
  return scenarios.get(context.point.scenario)?.evidence !== undefined && context.driver.capabilities.transact !== 'absent'
}
