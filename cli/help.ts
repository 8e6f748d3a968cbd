// What `durabench --help` prints.
export const help = `durabench: the same agent on several durable engines, killed while it runs, judged from outside

  bench      the default plan: rate, agent, crash for each engine        npm run bench
  crash      an agent killed at every step and point; the store restarted
  matrix     every step crashed at every point, three times each: done once, twice, lost, stuck?
  chaos      rounds of load under random faults, until enough of them were proved
  recovery   how long runs stand still when workers die, by what is left to go on with
  faults     power cut, full disk, failing fsync, clock steps, no memory, failover, noisy neighbours, …
  shrink     which faults of a failed round of chaos are enough (--round N --tries K)
  check DIR  judge a run's logs again, offline: a run's folder or a point's
  report DIR write the report of a run again, whole or interrupted
  doctor     what this machine has and allows
  list       drivers, scenarios, invariants, faults
  clean      many runs without faults (--runs N each): no objection, nothing unknown
  suite KIND DRIVER  a suite's cases, one line each: crash, conformance or matrix (docs/ci.md)
  init-driver NAME   a driver of your own to begin with, in a new folder: it works, and passes its conformance test
  selftest   engines that lie must be caught, their honest twins must pass
  micro      micro-benchmarks of durabench's own hot paths

  --seed N            same seed, same inputs, arrivals and schedule (1)
  --drivers A,B       of those that list names; a path names your own
  --scenarios A,B
  --seconds N         length of a measured window (5)
  --workers N         worker processes an engine (2)
  --out DIR           where the results go (results/<run>)
  --require A,B       end with 13 if one of these could not run
  --min-exposures N   fewer decide nothing (30)
  --config FILE       what the project's own durabench.config.ts says; flags win (docs/ci.md)
  --json              print the result as JSON instead of tables
  --accept-findings   violations listed exactly in findings.json count as known
  --postgres URL      use this Postgres instead of an embedded one
  --temporal H:P      use this Temporal server instead of an own one
  --services WHAT     embedded (processes of this machine) or docker: services and workers in containers (embedded)
  --toxiproxy H:P     use this Toxiproxy (its API) instead of an own one
  --i-own-this H,H    hosts of these that are not this machine, and yours to load
  matrix only: --victims worker,engine-server,store (worker) --load quiescent,loaded (both) --crashes 1|2 (1)
               --cells STEP/POINT,… (a step by name or number, a point, or both) --resume DIR (an interrupted matrix goes on)
  suite only: --scenario A (purchase) --min-exposures N (1) --lacks CAPABILITY,… (of conformance) --only NAME (of a case) --list
  selftest only: --only NAME,NAME
  chaos only: --faults N (proved, 200) --minutes N (at most, 30) --workers N..M (2..4) --round N (this one alone) --only F,F (of its faults)
              --mixes A,B (of faults, a round each in turns: links, operations, disk, fsync, clocks, partitions, toxics, failover; links)
  recovery only: --leases A,B (milliseconds; the first for all cells, the others swept; 3000,2000,6000)
  faults only: --only A,B (of those that doctor tries) --require-faults A,B (end with 13 if one of these was not proved)
  --stacks            show stack traces, with any command

Exit codes: 0 ok · 1 crash of the harness · 2 usage · 10 an invariant is violated · 13 invalid, insufficient, or required
but unknown · 130 interrupted (what was done is kept)`
