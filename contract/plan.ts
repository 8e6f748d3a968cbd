// A plan is plain data: seeded, printable, hashed. `bench/run.ts` plays it; nothing else decides what happens in a run.
import type { Json } from './json.ts'
import type { FailPoint, TimeBudget } from './driver.ts'
import type { Role } from './logs.ts'

export type InvariantName =
  | 'admission' | 'effects' | 'claimed' | 'stability' | 'order' | 'signals' | 'races' | 'timers' | 'fencing' | 'finality'
  | 'cancel' | 'orphans' | 'start-dedup' | 'conservation' | 'liveness' | 'evidence' | 'outcome'

export interface Plan {
  readonly schemaVersion: 1
  readonly command: string
  readonly seed: number
  /** Below this many exposures an invariant is `unknown`. */
  readonly minExposures: number
  readonly points: readonly Point[]
  /** What services and workers of this run's own run in; left out: processes of this machine. */
  readonly services?: ServiceProvider
  /** Ends the run before its last point: as soon as so many faults were proved, or when the time is up, which is too early. */
  readonly until?: { readonly provedFaults: number; readonly minutes: number }
}

export type ServiceProvider = 'embedded' | 'docker'

export interface Point {
  /** `<leg>/<driver>`; also the name of its folder, with `/` as `-`. */
  readonly id: string
  readonly leg: string
  readonly driver: string
  readonly variant: string
  readonly scenario: string
  readonly params: Json
  readonly workers: number
  readonly load: LoadPlan
  readonly chaos: ChaosPlan
  /** The invariants whose exposures this point is asked to provide; all are checked all the same. */
  readonly invariants: readonly InvariantName[]
  /** `fail` marks a control: one that passes makes the run invalid. */
  readonly expect: 'pass' | 'fail'
  readonly bareLedger: 'on' | 'off'
  /** A generous cap: reaching it ends the point with what there is. */
  readonly capSeconds: number
  /** By when what was accepted must have ended; left out: the scenario's bound. */
  readonly livenessMs?: number
  /** Left out: the one that all engines share. */
  readonly budget?: TimeBudget
  /** What the store stands on; left out: a folder of the host's disk, Postgres as it ships. */
  readonly store?: StoreGround
  /** A part of the crash-point matrix: each of its failpoints (but those that come `after` another) is a shot at a cell. */
  readonly matrix?: MatrixPart
}

/** What faults of the machine need under a store. */
export interface StoreGround {
  /** A file system of its own on a loop device: its power can be cut, it can be full. */
  readonly disk?: 'loop'
  /** The control of a power cut. */
  readonly fsync?: 'off'
  /** Its fsync and its wall clock go through a shim. */
  readonly shim?: true
  /** A second server that follows; asynchronous is the control of a failover. */
  readonly standby?: 'synchronous' | 'asynchronous'
}

/** What the shots of one point share. */
export interface MatrixPart {
  readonly victim: 'worker' | 'engine-server' | 'store'
  /** quiescent: the run with the failpoint is the only one; loaded: it is one of several. */
  readonly load: 'quiescent' | 'loaded'
  /** 2: the second one strikes during the recovery from the first. */
  readonly crashes: 1 | 2
}

export interface LoadPlan {
  /** Ids are `<runId>-<index>`, counted on over all phases. */
  readonly phases: readonly LoadPhase[]
  /** Share of the runs whose end is awaited live; the rest is read in bulk after the drain. Closed phases follow all. */
  readonly followedShare: number
  /** Share of starts that are sent twice at once, through two apps where there are two. */
  readonly doubledShare: number
  /** A client gives a call this long, then it is `info` and is tried again with the same id. */
  readonly callDeadlineMs: number
}

/** `aside`: it serves another phase (calibrates it) or is there to be hurt; its figures are no headline. */
export type LoadPhase = { readonly name: string; readonly aside?: true } & (
  | { kind: 'closed'; concurrency: number | Calibrated; seconds: number; warmupSeconds: number }
  | { kind: 'open'; rate: { perSecond: number } | { shareOf: string; share: number }; seconds: number; warmupSeconds: number }
  /** One batch starts when chaos releases it: so the runs that faults are bound to meet no other fault. */
  | { kind: 'batches'; sizes: readonly number[]; oneByOne?: OneByOne }
)

/** A batch waits for the ends of the runs before it, not only for the heal of their faults; but not for longer than this. */
export interface OneByOne {
  readonly withinMs: number
}

/** As many runs in flight as an earlier closed phase completed in `secondsOfWork`: engines differ a thousandfold, so no constant fits all. */
export interface Calibrated {
  readonly from: string
  readonly secondsOfWork: number
  readonly atLeast: number
  readonly atMost: number
  /** The window is stretched to at least so many times what a run takes, the warm-up to one run: else a slow engine ends none in it. 0: never. */
  readonly wholeRuns: number
}

export interface ChaosPlan {
  readonly faults: readonly PlannedFault[]
  /** Where the driver needs an operator: called this long after a worker's death was seen, unless it came back by itself. */
  readonly operatorAfterMs: number
}

export interface PlannedFault {
  readonly id: string
  readonly kind: 'kill' | 'pause' | 'terminate' | 'deploy' | 'restart' | 'terminate-backend' | LinkStrike | MachineFaultKind | 'partition' | Toxic
  readonly role: Role
  /** A failpoint's victim is whichever worker gets there, a link's whichever commits next. */
  readonly slot: number | 'all' | 'whoever'
  readonly trigger: Trigger
  readonly heal: Heal
  /** Of a link: which commit after the trigger is hit (default 1); which connection's backend, the last to commit being 1. */
  readonly nth?: number
  /** Of the network: between whom; of a partition also whose packets are lost (default: both sides'). */
  readonly link?: LinkName
  readonly direction?: Direction
  /** Of an engine's server that is split into its services: which of them. */
  readonly part?: ServerPart
  /** Of a deploy: which of the code (WorkerSlot.version). */
  readonly version?: string
  /** clock-step: by how much the wall clock jumps (negative: back). slow-fsync: how long each takes more. failover: how long the standby is away before. */
  readonly byMs?: number
  /** Faults that together make one, e.g. `take-over race 3`: proved only if each of them is. */
  readonly partOf?: string
}

/** What can happen to what a process stands on. */
export type MachineFaultKind = 'power-cut' | 'disk-full' | 'slow-fsync' | 'failing-fsync' | 'clock-step' | 'out-of-memory' | 'failover' | 'cpu-hog' | 'fsync-hog'

/** What the relay between workers and store can do to a commit on its way. */
export type LinkStrike = 'cut-request' | 'cut-answer' | 'cut-batch' | 'hold-commit'

/** Between whom bytes go. A library's worker is also its app. */
export type LinkName = 'worker-store' | 'worker-engine' | 'engine-store' | 'app-engine'

/** out: what the first of the link sends is lost; in: what is sent to it. */
export type Direction = 'both' | 'out' | 'in'

/** The services that Temporal's server is made of; a plan that hurts one has each in a process of its own. */
export type ServerPart = 'frontend' | 'history' | 'matching' | 'worker'

/** What Toxiproxy does to a link, for all who use it. */
export type Toxic = 'latency' | 'bandwidth' | 'slicer' | 'reset-peer' | 'down' | 'timeout'

export type Trigger =
  | { readonly at: 'time'; readonly phase: string; readonly afterMs: number; readonly batch?: number }
  /** When the ledger saw the nth `applied` of the step. */
  | { readonly at: 'event'; readonly phase: string; readonly step: string; readonly nth: number; readonly batch?: number }
  /**
   * Bound to a workflow (by index within the batch), a seq and an attempt. A worker kills itself, exactly there; of a service the
   * body waits there until it is dead. With `after` it strikes not at that attempt but at the first one since that fault struck.
   */
  | { readonly at: 'failpoint'; readonly phase: string; readonly batch: number; readonly index: number; readonly seq: number; readonly attempt: number; readonly point: FailPoint; readonly after?: string }

export interface Heal {
  /** kill, terminate, deploy: a replacement is spawned after this; pause: it is continued after this; hold-commit: it is delivered after this. */
  readonly afterMs: number
  readonly identity: 'same' | 'fresh'
}

/** The file that a worker reads at its start: failpoints bound to it by id. `claims` is a folder for exclusive creates. */
export interface ArmedFailpoints {
  readonly claims: string
  readonly points: readonly ArmedFailpoint[]
}

export interface ArmedFailpoint {
  readonly fault: string
  readonly workflowId: string
  readonly seq: number
  readonly attempt: number
  readonly point: FailPoint
  /** Another fault: this one strikes whoever comes here first after that one was claimed, whatever the attempt. */
  readonly after?: string
  /** The victim is a service: the body waits here until `<claims>/<fault>.go` is there. */
  readonly waits?: true
}
