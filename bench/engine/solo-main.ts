// The entry of every solo: see solo.ts. It ends when its figures are printed, or when the harness is gone.
import { figuresPrefix, soloVariable, type SoloModule, type SoloSettings } from './solo.ts'

process.stdin.resume().on('end', () => process.exit(0))

const module = process.argv[2]
const told = process.env[soloVariable]
if (module === undefined || told === undefined) throw new Error('expected a module and its settings: solo-main.ts is started by npm run bench:engine')
const { measure } = (await import(module)) as SoloModule
const figures = await measure(JSON.parse(told) as SoloSettings, (line) => console.log(line))
console.log(`${figuresPrefix}${JSON.stringify(figures)}`)
process.exit(0)
