// Every mutant, by what it lies about. One that is not caught fails the build.
import type { Mutant } from '../mutant.ts'
import { families } from './families.ts'
import { lives } from './lives.ts'
import { records } from './records.ts'
import { starts } from './starts.ts'
import { steps } from './steps.ts'
import { waits } from './waits.ts'

export const mutants: readonly Mutant[] = [...starts, ...steps, ...waits, ...families, ...lives, ...records]
