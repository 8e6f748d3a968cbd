// Who runs on this machine right now, and who descends from whom. Linux answers from /proc (read synchronously: a few
// hundred small files, a few milliseconds); elsewhere `ps` does, which knows neither environments nor working directories.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, sep } from 'node:path'

export interface ProcessRow {
  readonly pid: number
  readonly ppid: number
  readonly pgrp: number
  /** One letter as in /proc/<pid>/stat: R S D T Z … */
  readonly state: string
  /** With the pid it names one process for good: a pid alone is used again. Empty where /proc is absent. */
  readonly startTicks: string
  /** The program's name, at most 15 letters of it. */
  readonly program: string
}

const hasProc = existsSync('/proc/self/stat')

/** Every process except zombies, which are dead and only wait to be reaped. */
export function processTable(): ReadonlyMap<number, ProcessRow> {
  const rows = hasProc ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => processRow(Number(name))) : psRows()
  return new Map(rows.flatMap((row) => (row === null || row.state === 'Z' ? [] : [[row.pid, row]])))
}

/** null: no such process. */
export function processRow(pid: number): ProcessRow | null {
  if (!hasProc) return psRows().find((row) => row.pid === pid) ?? null
  const stat = unlessGone(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  if (stat === null) return null
  // The second field is the program's name in parentheses, and may itself contain spaces and parentheses.
  const nameEnd = stat.lastIndexOf(')')
  const fields = stat.slice(nameEnd + 2).split(' ')
  return { pid, program: stat.slice(stat.indexOf('(') + 1, nameEnd), state: fields[0]!, ppid: Number(fields[1]), pgrp: Number(fields[2]), startTicks: fields[19]! }
}

function psRows(): ProcessRow[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,comm='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid, ppid, pgrp, state, ...program] = line.trim().split(/\s+/)
    return { pid: Number(pid), ppid: Number(ppid), pgrp: Number(pgrp), state: state![0]!, startTicks: '', program: basename(program.join(' ')) }
  })
}

/** None of them runs: each is stopped, or held in the kernel (D) by a child that is, as a parent is until what it has forked becomes another program. */
export function standStill(rows: readonly ProcessRow[]): boolean {
  return rows.every(({ pid, state }) => state === 'T' || (state === 'D' && rows.some((row) => row.ppid === pid && row.state === 'T')))
}

/** The roots that are alive, every member of a group that a root leads, and all their descendants, roots first. */
export function families(roots: readonly number[], table: ReadonlyMap<number, ProcessRow>): Set<number> {
  const children = Map.groupBy(table.values(), (row) => row.ppid)
  const leaders = new Set(roots)
  const found = new Set(roots.filter((pid) => table.has(pid)))
  for (const row of table.values()) if (leaders.has(row.pgrp)) found.add(row.pid)
  // A set visits what is added while it is walked, so this reaches grandchildren too.
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child.pid)
  return found
}

/** The environment that the process was started with, as `NAME=value`; empty where it can't be read. */
export function environmentOf(pid: number): readonly string[] {
  const environ = hasProc ? unlessGone(() => readFileSync(`/proc/${pid}/environ`, 'latin1')) : null
  return environ === null ? [] : environ.split('\0')
}

/** Postgres processes that work in the folder or below it: backends outlive a killed postmaster, and lead sessions of their own. */
export function postgresIn(folder: string, table: ReadonlyMap<number, ProcessRow>): number[] {
  return [...table.values()].filter(({ pid, program }) => program === 'postgres' && worksIn(pid, folder)).map(({ pid }) => pid)
}

function worksIn(pid: number, folder: string): boolean {
  const cwd = hasProc ? unlessGone(() => readlinkSync(`/proc/${pid}/cwd`)) : null
  return cwd !== null && (cwd === folder || cwd.startsWith(folder + sep))
}

/** Is this pid a process of that container, by its cgroup? A number of an engine that runs in another machine is somebody else's here. */
export function inContainer(pid: number, id: string): boolean {
  return hasProc && (unlessGone(() => readFileSync(`/proc/${pid}/cgroup`, 'latin1')) ?? '').includes(id)
}

/** A signal to a process that is gone already has done its work. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!isCode(error, 'ESRCH')) throw error
  }
}

/** Gone meanwhile, or another user's: either way none of ours to look into. */
function unlessGone<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH') || isCode(error, 'EACCES') || isCode(error, 'EPERM')) return null
    throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
