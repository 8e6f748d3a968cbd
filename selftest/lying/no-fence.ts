// The homegrown engine, lying: a worker that was taken over goes on recording. For `durabench chaos --drivers`.
import { driver as honest } from '../../drivers/homegrown/driver.ts'
import { withMutation } from '../mutant.ts'

export const driver = withMutation('no-fence')({ ...honest, title: 'homegrown, without its fence' })
