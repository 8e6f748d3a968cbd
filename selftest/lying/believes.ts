// The homegrown engine, lying: a commit whose answer was lost is taken for done. For `durabench chaos --drivers`.
import { driver as honest } from '../../drivers/homegrown/driver.ts'
import { withMutation } from '../mutant.ts'

export const driver = withMutation('believe-unanswered')({ ...honest, title: 'homegrown, that never asks what became of a commit' })
