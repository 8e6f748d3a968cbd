// Several servers that make one: started in their order, each when the one before is ready; hurt all at once.
import type { ControlledServer } from './controlled.ts'

export function together(members: readonly ControlledServer[]): ControlledServer {
  const all = async (act: (member: ControlledServer) => Promise<void>): Promise<void> => void (await Promise.all(members.map(act)))
  const inTurn = async (act: (member: ControlledServer) => Promise<void>): Promise<void> => {
    for (const member of members) await act(member)
  }
  const lost = Promise.race(members.map((member) => member.lost))
  lost.catch(() => undefined)
  return {
    role: members[0]!.role,
    lost,
    kill: () => all((member) => member.kill()),
    start: () => inTurn((member) => member.start()),
    pause: () => all((member) => member.pause()),
    resume: () => all((member) => member.resume()),
    mayEnd: () => members.forEach((member) => member.mayEnd()),
    recover: () => inTurn((member) => member.recover()),
    stop: (name, graceMs) => all((member) => member.stop(name, graceMs)),
    pids: () => members.flatMap((member) => member.pids()),
    proof: async () => (await Promise.all(members.map((member) => member.proof()))).join(', '),
  }
}
