// The homegrown engine, lying: a batch that is sent again passes again. For `durabench chaos --drivers`.
import { driver as honest } from '../../drivers/homegrown/driver.ts'
import { withMutation } from '../mutant.ts'

export const driver = withMutation('no-batch-check')({ ...honest, title: 'homegrown, whose batches have no numbers' })
