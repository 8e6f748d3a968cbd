// Whether a long history makes steps dearer: the last tenth of a run of ten thousand steps against its first.
import type { Row } from '../row.ts'
import { runSolo } from '../solo.ts'
import type { Place } from '../place.ts'

const module = new URL('../history.ts', import.meta.url)
const steps = 10_000

export const history: Row = {
  name: 'history',
  about: `time of the last tenth of a run's ${steps.toLocaleString('en-US')} steps ÷ time of its first tenth`,
  target: null,
  prepare: (place) => Promise.resolve({
    a: { label: 'the first tenth', unit: 'ms', measure: async () => ({ value: (await played(place)).firstMs! }) },
    b: {
      label: 'the last tenth', unit: 'ms',
      async measure() {
        const { lastMs, againMs } = await played(place)
        return { value: lastMs!, notes: [`a successor read and replayed all of it, and ended the run, ${againMs!.toFixed(0)} ms after its first call`] }
      },
    },
  }),
}

async function played(place: Place): Promise<Readonly<Record<string, number>>> {
  await using store = await place.store()
  return await runSolo(place, module, { url: store.url, steps, share: 0.1 })
}
